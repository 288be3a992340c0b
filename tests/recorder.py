"""A platform of the tests' own: a small strict server that behaves like a chat, and keeps what it got.

    python -m tests.recorder --per-second 50 --burst 50     prints its address, and serves until it is stopped

POST /messages {"to", "reference", "text"} -> {"id"}; GET /messages?to=…&reference=… -> {"id"}, or 404; GET /kept says
what came. Whoever goes over the rate gets 429 with Retry-After, and so does everybody until that is over. An address
that begins with "gone" is nobody's. What else goes wrong is drawn by chance, with a seed.
"""

import asyncio
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from threading import Event, Thread

import click
from aiohttp import web

FIELDS = {"to", "reference", "text"}


@dataclass
class Mood:
    """How the platform behaves. Of the calls that would be taken, `broken` are refused with 503 and `vanished` dropped
    before anything is taken; `lost` are dropped after taking, `slow` are taken and answered only after `hang_seconds`.
    Shares from 0 to 1."""

    per_second: float = 1e9
    burst: int = 1_000_000
    retry_after: int = 1
    lost: float = 0
    slow: float = 0
    broken: float = 0
    vanished: float = 0
    hang_seconds: float = 1
    seed: int = 1


@dataclass
class Recorder:
    """What came, and how often something was wrong. `arrived` are the moments at which a message with a reference was
    taken, in seconds; `counts` has each answer, and "in a pause" for calls that did not heed Retry-After."""

    mood: Mood = field(default_factory=Mood)
    arrived: dict[str, list[float]] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)  # to whom, as it came
    ids: dict[tuple[str, str], str] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    _tokens: float = 0
    _filled_at: float | None = None
    _closed_until: float = 0

    def __post_init__(self) -> None:
        self._chance = Random(self.mood.seed)

    @property
    def twice(self) -> int:
        """How many came more than once."""
        return sum(len(times) > 1 for times in self.arrived.values())

    def app(self) -> web.Application:
        app = web.Application()
        app.add_routes(
            [web.post("/messages", self._take), web.get("/messages", self._find), web.get("/kept", self._tell)]
        )
        return app

    async def _take(self, request: web.Request) -> web.StreamResponse:
        try:
            message = json.loads(await request.text())
            is_whole = set(message) == FIELDS and all(isinstance(one, str) and one for one in message.values())
        except ValueError:
            is_whole = False
        if not is_whole:
            return self._answer(400, {"error": "to, reference and text are wanted"})
        wait = self._seconds_over()
        if wait:
            return self._answer(429, {}, {"Retry-After": str(wait)})
        if message["to"].startswith("gone"):
            return self._answer(404, {"error": "nobody"})
        if self._chance.random() < self.mood.broken:
            return self._answer(503, {})
        if self._chance.random() < self.mood.vanished:
            return self._drop(request)
        name = self._keep(message["to"], message["reference"])
        luck = self._chance.random()
        if luck < self.mood.lost:
            return self._drop(request)
        if luck < self.mood.lost + self.mood.slow:
            self.counts["hung"] += 1
            await asyncio.sleep(self.mood.hang_seconds)
        return self._answer(200, {"id": name})

    async def _find(self, request: web.Request) -> web.StreamResponse:
        name = self.ids.get((request.query.get("to", ""), request.query.get("reference", "")))
        self.counts["asked"] += 1
        return self._answer(404, {}) if name is None else self._answer(200, {"id": name})

    async def _tell(self, request: web.Request) -> web.StreamResponse:
        return web.json_response({"arrived": self.arrived, "counts": self.counts})

    def _keep(self, to: str, reference: str) -> str:
        self.arrived.setdefault(reference, []).append(time.monotonic())
        self.order.append(to)
        return self.ids.setdefault((to, reference), f"m{len(self.ids) + 1}")

    def _seconds_over(self) -> int:
        """How long the caller must wait; 0 where it may go on."""
        now, mood = time.monotonic(), self.mood
        if now < self._closed_until:
            self.counts["in a pause"] += 1
            return mood.retry_after
        since = mood.burst if self._filled_at is None else (now - self._filled_at) * mood.per_second
        self._tokens, self._filled_at = min(mood.burst, self._tokens + since), now
        if self._tokens < 1:
            self._closed_until = now + mood.retry_after
            return mood.retry_after
        self._tokens -= 1
        return 0

    def _drop(self, request: web.Request) -> web.StreamResponse:
        self.counts["dropped"] += 1
        if request.transport is not None:
            request.transport.abort()
        return web.Response()

    def _answer(self, status: int, said: object, headers: dict[str, str] | None = None) -> web.StreamResponse:
        self.counts[str(status)] += 1
        return web.json_response(said, status=status, headers=headers)


async def serve(recorder: Recorder, tell: "asyncio.Future[str]", until: asyncio.Event) -> None:
    """Serve on a free port of this machine; `tell` hears the address."""
    runner = web.AppRunner(recorder.app(), access_log=None)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        tell.set_result(f"http://127.0.0.1:{runner.addresses[0][1]}")
        await until.wait()
    finally:
        await runner.cleanup()


@contextmanager
def record(recorder: Recorder) -> Iterator[str]:
    """Serve it from a thread of its own; the address comes out."""
    ready, address = Event(), [""]
    stop: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []

    async def run() -> None:
        loop = asyncio.get_running_loop()
        until, told = asyncio.Event(), loop.create_future()
        stop.append((loop, until))
        serving = asyncio.create_task(serve(recorder, told, until))
        address[0] = await told
        ready.set()
        await serving

    thread = Thread(target=lambda: asyncio.run(run()))
    thread.start()
    ready.wait()
    try:
        yield address[0]
    finally:
        loop, until = stop[0]
        loop.call_soon_threadsafe(until.set)
        thread.join()


@click.command()
@click.option("--per-second", default=1e9)
@click.option("--burst", default=1_000_000)
@click.option("--lost", default=0.0)
@click.option("--slow", default=0.0)
@click.option("--broken", default=0.0)
@click.option("--seed", default=1)
def main(per_second: float, burst: int, lost: float, slow: float, broken: float, seed: int) -> None:
    """Serve until standard input is closed."""
    mood = Mood(per_second=per_second, burst=burst, lost=lost, slow=slow, broken=broken, seed=seed)
    with record(Recorder(mood)) as address:
        click.echo(address)
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main()
