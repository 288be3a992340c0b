"""How much of a platform's rate is used, and whether it ever has to refuse: sent over HTTP by the real lanes.

python -m tests.bench.pacing
"""

import asyncio
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bot.app import close_parts
from bot.channels.contract import Channel
from bot.channels.web import WebChannel
from bot.demo.world import demo_settings
from bot.outbox.lanes import drain
from bot.outbox.pacing import Rate
from bot.parts import Parts
from storage.keys import KeyFolder
from storage.migrate import upgrade
from storage.read_pool import ReadPool
from storage.store import Store
from storage.writer import Writer
from tests.bench.chaos import fill
from tests.bench.municipality_office import report
from tests.bench.rows import Row, Scale
from tests.recorder import Mood, Recorder, record
from tests.recorder_channel import AskableRecorderChannel
from tests.sending_replica import MORNING

RATES = (Rate(5, 5), Rate(25, 25), Rate(50, 50))
SECONDS = 20


def use(rate: Rate, seconds: int, at_once: int = 16) -> tuple[float, int, int]:
    """The share of the rate that was used from the first to the last message, how many were sent, and how many calls
    were refused for being too fast."""
    sends = int(rate.per_second * seconds)
    recorder = Recorder(Mood(per_second=rate.per_second, burst=rate.burst))
    with tempfile.TemporaryDirectory(prefix="medvirk-pacing-") as folder, record(recorder) as url:
        store = Store(f"sqlite:///{folder}/medvirk.sqlite3")
        upgrade(store)
        fill(store, sends)
        channel = AskableRecorderChannel(url, rate, at_once=at_once)
        settings = demo_settings(Path(folder), "http://127.0.0.1:8000")
        channels: dict[str, Channel] = {"web": WebChannel(), channel.name: channel}
        parts = Parts(settings, {}, KeyFolder(settings.keys_dir), store, ReadPool(store), Writer(store), channels)

        async def send_all() -> None:
            await drain(parts, MORNING)
            await channel.close()

        asyncio.run(send_all())
        close_parts(parts)
    times = sorted(one for times in recorder.arrived.values() for one in times)
    share = (len(times) - 1) / (times[-1] - times[0]) / rate.per_second
    return share, len(times), recorder.counts["429"]


def measure(scale: Scale) -> Iterator[Row]:
    """The rows of the table."""
    for rate in RATES:
        report(f"pacing, {rate.per_second:g} a second")
        share, _, refused = use(rate, scale.seconds)
        what = f"The rate a platform allows, {rate.per_second:g} a second, is used; {refused} refused"
        yield Row(what, f"{share * rate.per_second:.2f}/s", f"{rate.per_second:g}/s", share, "≥ 0.97, 0 refused")


def main() -> None:
    print("The allowed rate, used from the first message to the last (aim: at least 0.97, and no refusal)")
    for rate in RATES:
        share, sends, refused = use(rate, SECONDS)
        print(f"  {rate.per_second:>4g} a second, {sends:>5} messages: {share:.3f} used, {refused} refused")


if __name__ == "__main__":
    main()
