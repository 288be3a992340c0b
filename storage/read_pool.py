"""The read pool: a few threads beside the event loop, through which is read what somebody waits for."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from sqlmodel import Session

from storage.store import Store

T = TypeVar("T")

# Python's one lock lets a single thread go on, and the more there are that wait for it, the slower each of them is:
# with forty, sixteen people at once got two thirds of what they get with two. A server elsewhere is waited for
# without it.
ON_SQLITE, ON_POSTGRES = 2, 4


class ReadPool:
    """Runs pieces of work that only read, each in a transaction of its own; what the work returned comes back, or what
    it raised is raised. After `close` nothing is accepted."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.at_once = ON_SQLITE if store.is_sqlite else ON_POSTGRES
        self._threads = ThreadPoolExecutor(self.at_once, thread_name_prefix="read")

    async def do(self, work: Callable[[Session], T]) -> T:
        def run() -> T:
            with self._store.reading() as session:
                return work(session)

        return await asyncio.get_running_loop().run_in_executor(self._threads, run)

    def close(self) -> None:
        self._threads.shutdown()
