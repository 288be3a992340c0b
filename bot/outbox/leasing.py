"""The lease on a lane: taken by one replica, kept while it drains, and let go, so that no two drain at once."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from functools import partial

from sqlmodel import Session

from bot.channels.contract import Askable, Channel
from bot.outbox.replica import KEPT_AFTER
from bot.parts import Parts
from storage.outbox.in_hand import settle_left
from storage.outbox.lanes import keep, let_go, take
from storage.tables import Lane

Clock = Callable[[], datetime]

log = logging.getLogger("medvirk.lanes")


class Lease:
    """This replica's hold on the lane `name`, for as long as `clock` has not reached its end."""

    def __init__(self, parts: Parts, name: str, channel: Channel | None, clock: Clock) -> None:
        self._parts, self._name, self._channel, self._clock = parts, name, channel, clock
        self._until = clock()

    @property
    def is_held(self) -> bool:
        return self._clock() < self._until

    def lose(self) -> None:
        """Another replica was found to have the lane."""
        self._until = self._clock()

    @asynccontextmanager
    async def held(self) -> AsyncIterator[Lane | None]:
        """The lane as it was before this replica took it, which then keeps it until the block ends; None where another
        holds it. What the holder before had in the hand is settled first."""
        before = await self._take()
        if before is None:
            yield None
            return
        keeping = asyncio.create_task(self._keep())
        try:
            yield before
        finally:
            keeping.cancel()
            with suppress(asyncio.CancelledError):
                await keeping
            holder = self._parts.replica.name
            await self._parts.writer.do(lambda session: let_go(session, self._name, holder))

    async def _take(self) -> Lane | None:
        replica, channel, at = self._parts.replica, self._channel, self._clock()
        until = at + replica.lease

        def work(session: Session) -> Lane | None:
            before = take(session, self._name, replica.name, at, until)
            if before is not None:
                is_safe, can_ask = channel is not None and channel.is_safe_to_repeat, isinstance(channel, Askable)
                settle_left(session, self._name, at, is_safe_to_repeat=is_safe, can_ask=can_ask)
            return before

        before = await self._parts.writer.do(work)
        if before is not None:
            self._until = until
        return before

    async def _keep(self) -> None:
        replica = self._parts.replica
        while True:
            await asyncio.sleep(replica.lease.total_seconds() * KEPT_AFTER)
            until = self._clock() + replica.lease
            try:
                kept = await self._parts.writer.do(partial(keep, lane=self._name, holder=replica.name, until=until))
            except Exception as error:
                log.warning("the lease of the lane %s could not be kept (%s)", self._name, type(error).__name__)
                continue
            if not kept:
                log.warning("another replica has taken the lane %s", self._name)
                self.lose()
                return
            self._until = until
