"""What Microsoft Graph may answer, in words of our own."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

OUTSIDER = "#ext#"  # in the sign-in name of whoever's account is another organisation's, as Microsoft makes it


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
    """Whether an account is in use and nobody's from outside, who may be called a member too. Accounts from before
    there were guests have no type."""
    is_outside = account.get("userType") == "Guest" or OUTSIDER in (account.get("userPrincipalName") or "").lower()
    return account.get("accountEnabled") is not False and not is_outside
