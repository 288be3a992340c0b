"""A histogram that tells how things went and not how many there were."""

import secrets
from bisect import bisect_left
from collections.abc import Callable, Sequence

SHOWN_AT_ONCE = 100
FEWEST = 10


class Blurred:
    """Counts in buckets, of which only the shape is ever shown.

    A figure that moves by one when somebody answers tells that somebody answered just then, and one that moves by all
    of them tells how many take part. So once a minute at most, exactly a hundred are shown, drawn from what there was
    since the last time and from ten blanks that nobody made (in the first bucket): always a hundred, also in a minute
    with nothing. What is not in the first bucket is shown only when ten such have gathered, and waits till then.

    `bounds` are the buckets' upper bounds; the first must be wide enough that all kinds of doings fall into it on an
    ordinary day, or the bucket would tell looking from answering. `draw(n)` gives a number from 0 to n - 1.
    """

    def __init__(self, bounds: Sequence[float], draw: Callable[[int], int] = secrets.randbelow) -> None:
        self.bounds = tuple(bounds)
        self._draw = draw
        self._waiting = [0] * (len(self.bounds) + 1)
        self._shown = [0] * (len(self.bounds) + 1)

    def add(self, value: float) -> None:
        self._waiting[bisect_left(self.bounds, value)] += 1

    def show_more(self) -> None:
        """A minute has passed."""
        quick, *slow = self._waiting
        if sum(slow) < FEWEST:
            self._shown[0] += SHOWN_AT_ONCE
            self._waiting = [0, *slow]
            return
        drawn_from = [quick + FEWEST, *slow]
        for _ in range(SHOWN_AT_ONCE):
            self._shown[self._draw_bucket(drawn_from)] += 1
        self._waiting = [0] * len(self._waiting)

    def read(self) -> list[int]:
        """What is shown: for each bound how many were not above it, and last how many in all."""
        return [sum(self._shown[: place + 1]) for place in range(len(self._shown))]

    def _draw_bucket(self, drawn_from: Sequence[int]) -> int:
        drawn = self._draw(sum(drawn_from))
        bucket = 0
        while drawn >= drawn_from[bucket]:
            drawn -= drawn_from[bucket]
            bucket += 1
        return bucket
