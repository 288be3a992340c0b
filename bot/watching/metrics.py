"""Metrics: what one process has done, as plain numbers; they say nothing about who or how many answered.

Nothing is told by run, flow, unit or person. Of deliveries only those kinds are counted whose number follows from whom
a flow asks; how many reminders, decisions and questions about offers there are follows from what people have said, so
these leave no trace here. Of replies to people and of the writer's batches only the shape is told (see `Blurred`),
opening a page and sending a form together. How long a tick took is rounded up, since closing takes longer the more
have answered.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from time import monotonic

from bot.watching.blurred import Blurred
from storage.tables.sending import DeliveryKind, DeliveryState

SAYS_NOTHING = frozenset(
    {
        DeliveryKind.welcome,
        DeliveryKind.question,
        DeliveryKind.result,
        DeliveryKind.group_result,
        DeliveryKind.digest,
        DeliveryKind.put_out,
    }
)
REPLY_SECONDS = (0.25, 0.5, 1, 2.5, 5, 10)  # chat platforms wait for 3 (Slack) to 15 (Teams); people for one
BATCH_SIZES = (10, 25, 50, 100, 256)
TICK_SECONDS = (1, 5, 15, 60, 300)
MINUTE = 60


@dataclass(frozen=True)
class Tick:
    """The last one that went well: when, and how long it took at most (TICK_SECONDS; None where it was longer)."""

    at: datetime
    seconds: float | None


class Metrics:
    """One for each process; whatever does something counts it here by one call. `clock` counts seconds."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self.replies, self.batches = Blurred(REPLY_SECONDS), Blurred(BATCH_SIZES)
        self.sends: Counter[tuple[str, DeliveryState]] = Counter()
        self.retries: Counter[str] = Counter()
        self.refusing: dict[str, bool] = {}
        self.tick: Tick | None = None
        self._clock = clock
        self._lock = Lock()  # the writer's thread counts too
        self._minute = clock() // MINUTE

    @contextmanager
    def timing_reply(self) -> Iterator[None]:
        """Around all that is done between a person's tap, form or visit and the reply, committed where it stores."""
        began = self._clock()
        try:
            yield
        finally:
            with self._lock:
                self.replies.add(self._clock() - began)

    @contextmanager
    def timing_tick(self, at: datetime) -> Iterator[None]:
        """Around a tick at `at`. One that fails is no tick."""
        began = self._clock()
        yield
        took = self._clock() - began
        self.tick = Tick(at, next((bound for bound in TICK_SECONDS if took <= bound), None))

    def count_batch(self, size: int) -> None:
        """The writer has committed so many pieces of work together."""
        with self._lock:
            self.batches.add(size)

    def count_send(self, lane: str, kind: str, ended: DeliveryState) -> None:
        """One call to a platform has ended; `queued` where the delivery will be tried again."""
        with self._lock:
            if ended is DeliveryState.sent:
                self.refusing[lane] = False
            if kind not in SAYS_NOTHING:
                return
            if ended is DeliveryState.queued:
                self.retries[lane] += 1
            else:
                self.sends[lane, ended] += 1

    def mark_refusing(self, lane: str) -> None:
        """The platform takes nothing at all now, whomever it is for; until something is sent there again."""
        with self._lock:
            self.refusing[lane] = True

    def read_blurred(self) -> tuple[list[int], list[int]]:
        """Replies and batches as they may be shown: the same all through a minute."""
        with self._lock:
            minute = self._clock() // MINUTE
            if minute != self._minute:
                self._minute = minute
                self.replies.show_more()
                self.batches.show_more()
            return self.replies.read(), self.batches.read()
