"""A glance at the database that nobody waits for long, and that cannot be used to overload it."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from time import monotonic
from typing import Generic, TypeVar

from sqlmodel import Session

from storage.store import Store

T = TypeVar("T")


class Glance(Generic[T]):
    """Reads the store beside everything else, one look at a time, in a thread of its own: one that hangs takes no
    place from people who wait for a page. What was seen holds for `fresh_seconds`."""

    def __init__(
        self,
        store: Store,
        read: Callable[[Session], T],
        *,
        fresh_seconds: float,
        most_seconds: float,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._store, self._read, self._clock = store, read, clock
        self._fresh_seconds, self._most_seconds = fresh_seconds, most_seconds
        self._seen: Future[T | None] | None = None
        self._began_at = 0.0

    async def get(self) -> T | None:
        """What the database says; None where it gives no answer within `most_seconds`."""
        now = self._clock()
        if self._seen is None or (self._seen.done() and now - self._began_at >= self._fresh_seconds):
            self._seen, self._began_at = self._begin(), now
        seen = self._seen
        left = self._most_seconds - (now - self._began_at)
        if not seen.done() and left > 0:
            await asyncio.wait([asyncio.wrap_future(seen)], timeout=left)
        return seen.result() if seen.done() else None

    def _begin(self) -> "Future[T | None]":
        seen: Future[T | None] = Future()

        def look() -> None:
            try:
                with self._store.reading() as session:
                    found = self._read(session)
            except Exception:  # whatever is wrong with the database: the glance says only that it gave no answer
                seen.set_result(None)
            else:
                seen.set_result(found)

        Thread(target=look, name="glance", daemon=True).start()
        return seen
