"""The lanes: which have something to do is looked for, and each is drained beside the others (bot.outbox.draining)."""

import asyncio
import logging
from datetime import datetime

from sqlmodel import Session

from bot.channels.contract import Askable
from bot.outbox.draining import LOOK_SECONDS, Drain
from bot.outbox.leasing import Clock
from bot.parts import Parts
from bot.watching.logs import log_failure
from storage.outbox.lanes import adopt, lanes_with_work

log = logging.getLogger("medvirk.lanes")


async def drain(parts: Parts, at: datetime) -> int:
    """Send all that is due at `at`; how many left comes back. Time stands still meanwhile: for the demo, a rehearsal
    and tests."""
    left = 0
    while not parts.stopping.is_asked and (names := await _find_lanes(parts, at)):
        drains = [Drain(parts, name, lambda: at) for name in names]
        ended = await asyncio.gather(*(one.run() for one in drains), return_exceptions=True)
        for one in ended:
            if isinstance(one, BaseException):
                raise one
            left += one
    return left


async def keep_draining(parts: Parts, clock: Clock) -> None:
    """Look every second for lanes that have something to do, and drain each beside the others. When this process is to
    stop, what is in the hand is finished and the lanes are let go."""
    running: dict[str, asyncio.Task[int]] = {}
    while not parts.stopping.is_asked:
        try:
            names = await _find_lanes(parts, clock())
        except Exception as error:
            log_failure(log, "the lanes could not be looked at; the next look makes up for it", error=error)
            names = []
        for name in names:
            drain = Drain(parts, name, clock)
            running[name] = asyncio.create_task(_run_and_log(drain))
        await asyncio.sleep(LOOK_SECONDS)
    await asyncio.gather(*running.values())


async def _run_and_log(drain: Drain) -> int:
    try:
        return await drain.run()
    except Exception as error:
        log_failure(log, "the lane %s stopped; it is taken up again", drain.name, error=error)
        await asyncio.sleep(LOOK_SECONDS)
        return 0
    finally:
        drain.parts.replica.draining.discard(drain.name)


async def _find_lanes(parts: Parts, at: datetime) -> list[str]:
    """The lanes with something to do that this replica may take and does not drain yet."""
    asked = [name for name, channel in parts.channels.items() if isinstance(channel, Askable)]

    def look(session: Session) -> list[str]:
        return lanes_with_work(session, at, parts.replica.name, asked)

    names = await parts.read_pool.do(look)
    if "" in names:
        await parts.writer.do(adopt)
        names = await parts.read_pool.do(look)
    return [name for name in names if name not in parts.replica.draining]
