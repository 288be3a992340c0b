"""Where the app is installed in Slack, as Slack's library asks for it: kept in our own table, tokens sealed."""

import logging
from datetime import UTC, datetime

from slack_sdk.oauth.installation_store import Bot, Installation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from sqlmodel import Session

from storage import log as the_log
from storage import tables
from storage.directory.natural import SLACK
from storage.installations import Place, find_installation, keep, open_secrets
from storage.keys import KeyFolder
from storage.read_pool import ReadPool
from storage.writer import Writer

# What a token goes with; all of it is sealed with it.
SEALED = ("bot_token", "bot_id", "bot_user_id", "bot_scopes", "app_id")


class Installations(AsyncInstallationStore):
    """Only what the app may do itself is kept: neither who installed it nor anything in that person's name."""

    def __init__(self, read_pool: ReadPool, writer: Writer, keys: KeyFolder) -> None:
        self._read_pool, self._writer, self._keys = read_pool, writer, keys

    @property
    def logger(self) -> logging.Logger:
        return logging.getLogger("medvirk.slack")

    async def async_save(self, installation: Installation) -> None:
        await self.async_save_bot(installation.to_bot())

    async def async_save_bot(self, bot: Bot) -> None:
        """The workspace's lane runs from now on."""
        at = datetime.fromtimestamp(bot.installed_at, UTC)
        place = Place(SLACK, bot.enterprise_id or "", bot.team_id or "", bool(bot.is_enterprise_install))
        name = bot.team_name or bot.enterprise_name or bot.team_id or ""
        secrets = {one: getattr(bot, one) for one in SEALED}

        def work(session: Session) -> None:
            row = keep(session, self._keys, place, name, secrets, at)
            the_log.append(session, at, "administrator", "app installed in a workspace", f"installation:{row.id}")

        await self._writer.do(work)

    async def async_find_bot(
        self, *, enterprise_id: str | None, team_id: str | None, is_enterprise_install: bool | None = False
    ) -> Bot | None:
        """What writes there now; None where nothing does. A workspace has a name of its own in all of Slack, so of
        which enterprise it is matters only where it is said."""

        def work(session: Session) -> Bot | None:
            row = find_installation(session, SLACK, "" if is_enterprise_install else team_id or "")
            if row is None or row.gone_at is not None or (enterprise_id and enterprise_id != row.enterprise):
                return None
            return read_bot(self._keys, row)

        return await self._read_pool.do(work)


def read_bot(keys: KeyFolder, row: tables.Installation) -> Bot | None:
    """None where its token is worth nothing any more, or cannot be opened."""
    secrets = open_secrets(keys, row)
    if secrets is None:
        return None
    return Bot(
        enterprise_id=row.enterprise or None,
        team_id=row.workspace or None,
        team_name=row.name,
        is_enterprise_install=row.is_whole_enterprise,
        installed_at=row.installed_at.timestamp(),
        **secrets,
    )
