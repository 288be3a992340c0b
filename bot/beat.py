"""One beat of the product: tick, destroy the keys of what is over, send what is due. The scheduler only calls this."""

from datetime import datetime

import anyio.to_thread

from bot.outbox.lanes import drain
from bot.parts import Parts
from bot.scheduling import destroy_keys, tick


async def beat(parts: Parts, at: datetime) -> int:
    """Do all that is due at `at`; how many deliveries left comes back. Safe to repeat. For those who move time
    themselves: where it passes by itself, the lanes are drained beside the ticks (bot.outbox.lanes.keep_draining)."""
    await do_what_is_due(parts, at)
    left = await drain(parts, at)
    await empty_journal(parts)
    return left


async def do_what_is_due(parts: Parts, at: datetime) -> None:
    """All but the sending."""
    with parts.metrics.timing_tick(at):
        await parts.writer.do(lambda session: tick(session, parts, at))
    await parts.writer.do(lambda session: destroy_keys(session, parts))


async def empty_journal(parts: Parts) -> None:
    """Or what was deleted could still be read in it."""
    await anyio.to_thread.run_sync(parts.store.empty_journal)
