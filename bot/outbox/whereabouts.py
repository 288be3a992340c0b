"""Where a chat reaches people, as the chat itself tells: kept when it tells, found when something is to be sent."""

from collections.abc import Collection

from sqlmodel import Session

from storage.addresses import mark_unreachable
from storage.directory.chat_addresses import Place, add_address, is_at, keep_place, place_of
from storage.read_pool import ReadPool
from storage.writer import Writer

__all__ = ["Place", "Whereabouts"]


class Whereabouts:
    """Of one channel. What is told is stored before `keep`, `meet` and `lose` come back."""

    def __init__(self, read_pool: ReadPool, writer: Writer, channel: str) -> None:
        self._read_pool, self._writer, self._channel = read_pool, writer, channel

    async def find(self, address: str) -> Place:
        """Where this address is reached, as far as that is known."""

        return await self._read_pool.do(lambda session: place_of(session, self._channel, address))

    async def keep(self, address: str, place: Place) -> bool:
        """The chat reaches this address there, again or for the first time. False where it is nobody's: whoever it is
        may be met by their mail."""
        if await self._read_pool.do(lambda session: is_at(session, self._channel, address, place)):
            return True
        return await self._writer.do(lambda session: keep_place(session, self._channel, address, place))

    async def meet(self, address: str, workspace: str, mails: Collection[str], place: Place) -> bool:
        """Somebody whom the chat calls so, and who has one of these mails there, is reached there. False where no
        directory has let in anybody like that."""

        def work(session: Session) -> bool:
            is_met = add_address(session, self._channel, workspace, address, mails)
            return is_met and keep_place(session, self._channel, address, place)

        return await self._writer.do(work)

    async def lose(self, address: str, because: str) -> None:
        """The chat says that it reaches nobody there any more."""
        await self._writer.do(lambda session: mark_unreachable(session, self._channel, address, because))
