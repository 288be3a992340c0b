"""A histogram of what people's own doings move, shown so that nobody's doing can be seen in it."""

import secrets
from bisect import bisect_left
from collections.abc import Callable, Sequence

STEP = 10


class Blurred:
    """Counts in buckets, of which only a blurred copy is ever shown.

    A figure that moves by one when somebody answers tells that somebody answered just then. So what is counted waits:
    it is shown once a minute at most, in steps of ten drawn from all that waits, and among what waits are up to nine
    blanks a minute that nobody made (in the first bucket). What is left over waits on. So figures move in a quiet hour
    too; one doing more changes what is shown in one case of ten, also for an attacker who does much on purpose, and
    then it looks like a blank. Where much happens, as when it matters, the blanks are too few to be seen.

    `bounds` are the buckets' upper bounds; the first must be wide enough that all kinds of doings fall into it on an
    ordinary day, or the bucket would tell looking from answering. `draw(n)` gives a number from 0 to n - 1.
    """

    def __init__(self, bounds: Sequence[float], draw: Callable[[int], int] = secrets.randbelow) -> None:
        self.bounds = tuple(bounds)
        self._draw = draw
        self._waiting = [draw(STEP), *[0] * len(self.bounds)]
        self._shown = [0] * (len(self.bounds) + 1)

    def add(self, value: float) -> None:
        self._waiting[bisect_left(self.bounds, value)] += 1

    def show_more(self) -> None:
        """A minute has passed: show as many full tens as wait."""
        self._waiting[0] += self._draw(STEP)
        for _ in range(sum(self._waiting) // STEP * STEP):
            bucket = self._draw_bucket()
            self._waiting[bucket] -= 1
            self._shown[bucket] += 1

    def read(self) -> list[int]:
        """What is shown: for each bound how many were not above it, and last how many in all."""
        return [sum(self._shown[: place + 1]) for place in range(len(self._shown))]

    def _draw_bucket(self) -> int:
        drawn = self._draw(sum(self._waiting))
        bucket = 0
        while drawn >= self._waiting[bucket]:
            drawn -= self._waiting[bucket]
            bucket += 1
        return bucket
