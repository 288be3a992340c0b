"""One beat of the product: tick, destroy the keys of what is over, send what is due. The scheduler only calls this."""

from datetime import datetime

import anyio.to_thread

from bot.outbox import drain
from bot.parts import Parts
from bot.scheduling import destroy_keys, tick


async def beat(parts: Parts, at: datetime) -> int:
    """Do all that is due at `at`; how many deliveries left comes back. Safe to repeat."""
    with parts.metrics.timing_tick(at):
        await parts.writer.do(lambda session: tick(session, parts, at))
    await parts.writer.do(lambda session: destroy_keys(session, parts))
    left = await drain(parts, at)
    await anyio.to_thread.run_sync(parts.store.empty_journal)  # or what was deleted could still be read in it
    return left
