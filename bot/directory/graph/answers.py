"""What Microsoft Graph may answer, in words of our own."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any


class GraphRefuses(Exception):
    """Graph does not do what it was asked; the text says what is missing."""


class GraphAway(Exception):
    """Graph cannot be reached, or has too much to do; what was read is kept."""


class LinkExpired(Exception):
    """What has changed since the last reading is no longer known: everything is to be read."""


class Installed(StrEnum):
    """What became of installing the app for a person."""

    yes = "yes"
    already = "already"
    refused = "refused"  # by a policy of the tenant, or because the person may not use Teams
    unknown = "unknown"  # no account, or none that has Teams


def may_be_asked(account: Mapping[str, Any]) -> bool:
    """Whether an account is in use and no guest's. Accounts from before there were guests have no type."""
    return account.get("accountEnabled") is not False and account.get("userType") != "Guest"
