"""The Slack workspaces that there are to look at, with what opens each: one by the settings, or those installed."""

from typing import NamedTuple

from sqlmodel import Session

from bot.settings.channels import SlackSettings
from storage.directory.natural import SLACK
from storage.installations import installations, open_secrets
from storage.keys import KeyFolder
from storage.tables import Installation


class Workspace(NamedTuple):
    """`installed` is None for the one whose token stands in the settings; `token` is empty where nothing opens it."""

    token: str
    installed: Installation | None = None


def find_workspaces(session: Session, settings: SlackSettings, keys: KeyFolder | None) -> list[Workspace]:
    """Those that let us in no more are among them: Slack may have refused us for a while only."""
    if not settings.is_for_several:
        return [Workspace(settings.token.get_secret_value())]
    found = []
    for row in installations(session, SLACK):
        secrets = open_secrets(keys, row) if keys is not None else None
        found.append(Workspace(str(secrets["bot_token"]) if secrets else "", row))
    return found
