"""Pacing: how fast a platform may be called, kept by a bucket of tokens for each kind of call."""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

Pace = Callable[[str], Awaitable[None]]  # `await pace("post")` comes back when this kind of call may be made

# Calls that leave evenly arrive unevenly, and the platform counts what arrives. So a little of the rate is kept back,
# and some of the burst.
SHARE_OF_RATE, SHARE_OF_BURST = 0.99, 0.8
AHEAD_SECONDS = 0.25


class Rate(NamedTuple):
    """What a platform allows for one kind of call: so many a second in the long run, and so many at once."""

    per_second: float
    burst: int = 1


@dataclass
class Bucket:
    """Tokens for one kind of call. It begins empty: what was spent by whoever called before is not known. `now` and
    what comes back are seconds of any clock that only goes forward."""

    rate: Rate
    _tokens: float = 0.0
    _filled_at: float | None = None

    def reserve(self, now: float) -> float:
        """Take a token; how long to wait until it is there comes back. Who comes later waits behind."""
        self._fill(now)
        self._tokens -= 1
        return max(0.0, -self._tokens / self._speed)

    def empty(self, now: float) -> None:
        """Begin anew: what was saved up is gone, and so is what was reserved by those who gave up waiting."""
        self._tokens, self._filled_at = 0.0, now

    def _fill(self, now: float) -> None:
        room = max(1.0, math.floor(self.rate.burst * SHARE_OF_BURST))
        since = 0.0 if self._filled_at is None else now - self._filled_at
        self._tokens, self._filled_at = min(room, self._tokens + since * self._speed), now

    @property
    def _speed(self) -> float:
        return self.rate.per_second * SHARE_OF_RATE


@dataclass
class Pacer:
    """Holds the calls to a platform to its rates. A kind of call that has none is never held up."""

    rates: Mapping[str, Rate]
    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    waiting: int = 0
    _buckets: dict[str, Bucket] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._buckets = {kind: Bucket(rate) for kind, rate in self.rates.items()}
        self.begin_anew()

    def begin_anew(self) -> None:
        for bucket in self._buckets.values():
            bucket.empty(self.now())

    async def wait(self, kind: str) -> None:
        """Come back when a call of this kind may be made."""
        seconds = self._buckets[kind].reserve(self.now()) if kind in self._buckets else 0.0
        if seconds > 0:
            self.waiting += 1
            try:
                await self.sleep(seconds)
            finally:
                self.waiting -= 1

    @property
    def room(self) -> float:
        """How many more may be begun now, so that hardly anybody waits for a token with something in the hand, and
        what is urgent gets by: as many as leave within a moment. No end where there are no rates."""
        if not self.rates:
            return math.inf
        fastest = max(rate.per_second for rate in self.rates.values())
        return max(1, math.ceil(fastest * AHEAD_SECONDS)) - self.waiting


async def at_will(kind: str) -> None:
    """A pace that holds up nothing: for a platform without limits, or a single message."""
