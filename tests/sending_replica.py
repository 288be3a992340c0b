"""A process that serves as Medvirk does, but sends through the tests' own platform: to be killed, and started again.

    python -m tests.sending_replica --database URL --recorder URL --folder DIR --begins SECONDS --mode ask

Its clock is as far from Tuesday 5 January 2027, 09:00 in Oslo, as this machine's clock is from `--begins`.
"""

import asyncio
import logging
import signal
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from bot.app import close_parts, make_app
from bot.channels.web import WebChannel
from bot.demo.world import demo_settings
from bot.outbox.pacing import Rate
from bot.outbox.replica import Replica
from bot.parts import Parts
from storage.keys import KeyFolder
from storage.read_pool import ReadPool
from storage.store import Store
from storage.writer import Writer
from tests.recorder_channel import AskableRecorderChannel, RecorderChannel

MORNING = datetime(2027, 1, 5, 8, tzinfo=UTC)
MODES = ("ask", "repeat", "neither")


@click.command()
@click.option("--database", required=True)
@click.option("--recorder", required=True)
@click.option("--folder", type=click.Path(path_type=Path), required=True)
@click.option("--begins", type=float, required=True)
@click.option("--mode", type=click.Choice(MODES), default="ask")
@click.option("--at-once", default=8)
@click.option("--per-second", type=float)
@click.option("--burst", default=1)
@click.option("--lease", default=10.0)
def main(
    database: str,
    recorder: str,
    folder: Path,
    begins: float,
    mode: str,
    at_once: int,
    per_second: float | None,
    burst: int,
    lease: float,
) -> None:
    """Serve without a port until SIGTERM."""
    logging.basicConfig(level=logging.ERROR, stream=sys.stderr)
    rate = Rate(per_second, burst) if per_second else None
    kind = AskableRecorderChannel if mode == "ask" else RecorderChannel
    channel = kind(recorder, rate, at_once=at_once, is_safe_to_repeat=mode == "repeat")
    store = Store(database)
    parts = Parts(
        demo_settings(folder, "http://127.0.0.1:8000"),
        {},
        KeyFolder(folder / "keys"),
        store,
        ReadPool(store),
        Writer(store),
        {"web": WebChannel(), channel.name: channel},
        replica=Replica(lease=timedelta(seconds=lease)),
    )
    asyncio.run(_serve(parts, channel, begins))
    close_parts(parts)


async def _serve(parts: Parts, channel: RecorderChannel, begins: float) -> None:
    started = MORNING - datetime.fromtimestamp(begins, UTC)
    app = make_app(parts, lambda: datetime.now(UTC) + started)
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with app.router.lifespan_context(app):
        await stop.wait()
    await channel.close()


if __name__ == "__main__":
    main()
