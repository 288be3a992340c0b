"""A platform in the weather: takes, loses, refuses or dies as it was told for each call, and keeps what came."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import timedelta
from enum import StrEnum

from bot.cards import Card
from bot.channels.contract import DeliveryError
from bot.outbox.pacing import Pace, Rate


class Weather(StrEnum):
    """What the next call meets."""

    fair = "fair"
    lost_after = "lost_after"  # taken, and the answer is lost
    lost_before = "lost_before"  # nothing came, and nobody knows
    killed_after = "killed_after"  # taken, and the process dies
    killed_before = "killed_before"
    too_fast = "too_fast"  # 429 for the whole lane
    trouble = "trouble"
    nobody = "nobody"
    broken = "broken"  # a mistake in the channel, after it was taken


class Killed(BaseException):
    """The process is gone: nothing is written any more about what was in its hand."""


class Fickle:
    """Twice would be seen twice; the platform can be asked. `came` counts by reference; `on_call` lets something happen
    while a message is on its way."""

    is_safe_to_repeat = False

    def __init__(self, name: str, at_once: int = 2) -> None:
        self.name, self.at_once = name, at_once
        self.rates: Mapping[str, Rate] = {}
        self.weather: list[Weather] = []
        self.came: Counter[str] = Counter()
        self.on_call: Callable[[], None] = lambda: None

    async def send(self, address: str, card: Card, delivery_id: int, *, reference: str, pace: Pace) -> str:
        await pace("post")
        self.on_call()
        now = self._next()
        if now is Weather.killed_before:
            raise Killed
        if now is Weather.lost_before:
            raise DeliveryError("lost", uncertain=True)
        if now is Weather.too_fast:
            raise DeliveryError("too many", retry_after=timedelta(seconds=20), whole_lane=True)
        if now is Weather.trouble:
            raise DeliveryError("trouble")
        if now is Weather.nobody:
            raise DeliveryError("nobody", permanent=True)
        self.came[reference] += 1
        if now is Weather.killed_after:
            raise Killed
        if now is Weather.lost_after:
            raise DeliveryError("lost", uncertain=True)
        if now is Weather.broken:
            raise KeyError("a mistake in the channel")
        return reference[:8]

    async def find(self, address: str, reference: str, *, pace: Pace) -> str | None:
        await pace("find")
        now = self._next()
        if now in (Weather.killed_after, Weather.killed_before):
            raise Killed
        if now is Weather.too_fast:
            raise DeliveryError("too many", retry_after=timedelta(seconds=20), whole_lane=True)
        if now is not Weather.fair:
            raise DeliveryError("the platform does not say")
        return reference[:8] if self.came[reference] else None

    def _next(self) -> Weather:
        return self.weather.pop(0) if self.weather else Weather.fair
