"""Whether this process can do its work now, in words that tell a stranger nothing about the house."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlmodel import Session

from bot.parts import Parts
from bot.scheduling import TICK
from bot.watching.glance import Glance
from storage.revision import find_revision, newest_revision
from storage.runs import last_look

FRESH_SECONDS = 1
MOST_SECONDS = 1
OLDEST_TICK = timedelta(minutes=5)

NO_DATABASE = "the database does not answer"
OTHER_TABLES = "the database has the tables of another release"
NO_TICK = "nothing has been looked after for five minutes"
NO_WRITER = "nothing more can be stored just now"


class Seen(NamedTuple):
    revision: str | None
    looked_at: datetime | None


class Readiness:
    """Asked as often as anybody likes: the database is looked at once a second at most, and never written to."""

    def __init__(self, parts: Parts, clock: Callable[[], datetime]) -> None:
        self._parts, self._clock = parts, clock
        self._glance = Glance(parts.store, _see, fresh_seconds=FRESH_SECONDS, most_seconds=MOST_SECONDS)

    async def find_troubles(self) -> list[str]:
        """What keeps this process from working; empty where it is ready."""
        seen = await self._glance.get()
        troubles = [NO_DATABASE] if seen is None else self._judge(seen)
        return troubles if self._parts.writer.takes_work else [*troubles, NO_WRITER]

    def _judge(self, seen: Seen) -> list[str]:
        is_late = seen.looked_at is None or self._clock() - seen.looked_at > OLDEST_TICK
        return [
            *([OTHER_TABLES] if seen.revision != newest_revision() else []),
            *([NO_TICK] if is_late else []),
        ]


def _see(session: Session) -> Seen:
    return Seen(find_revision(session), last_look(session, TICK))
