"""The writer: one thread through which everything is written, many pieces of work to a transaction.

Work is queued; each piece runs in a savepoint of its own, so one that fails is undone alone; a batch is one
transaction; whoever asked hears yes only after the commit. A piece that comes alone has the transaction to itself.
"""

import asyncio
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from sqlmodel import Session

from storage.store import Store
from storage.trouble import name_trouble

T = TypeVar("T")
Work = Callable[[Session], Any]
Piece = tuple[Work, "Future[Any]"]


class WriterBusy(Exception):
    """The queue is full: refuse kindly and at once, rather than let people wait for a time-out."""


class Writer:
    """Runs pieces of work on one thread with group commit.

    `do` is for asynchronous callers, `do_now` for the others; both return what the work returned or raise what it
    raised. After `close` nothing is accepted, and what was queued has been done.
    """

    def __init__(
        self,
        store: Store,
        *,
        most_queued: int = 2_000,  # some five seconds of work; a chat platform waits for three, people for little more
        most_together: int = 256,
        tell_batch: Callable[[int], None] = lambda size: None,
    ) -> None:
        self._store = store
        self._tell_batch = tell_batch  # how many pieces of work were committed together
        self._queue: queue.Queue[Piece | None] = queue.Queue(maxsize=most_queued)
        self._most_together = most_together
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._closed = False
        self._gate = threading.Lock()  # nothing is queued after the end was, or its caller would wait for ever
        self._thread.start()

    async def do(self, work: Callable[[Session], T]) -> T:
        return await asyncio.wrap_future(self._enqueue(work))

    def do_now(self, work: Callable[[Session], T]) -> T:
        return self._enqueue(work).result()

    @property
    def queued(self) -> int:
        """How many pieces of work wait."""
        return self._queue.qsize()

    @property
    def takes_work(self) -> bool:
        return not self._closed and self._thread.is_alive() and not self._queue.full()

    def close(self) -> None:
        with self._gate:
            if not self._closed:
                self._closed = True
                self._queue.put(None)
        self._thread.join()

    def _enqueue(self, work: Callable[[Session], T]) -> "Future[T]":
        future: Future[T] = Future()
        with self._gate:
            if self._closed:
                raise WriterBusy("The writer is closed; nothing was stored.")
            try:
                self._queue.put_nowait((work, future))
            except queue.Full:
                raise WriterBusy("Too much is waiting to be written; nothing was stored.") from None
        return future

    def _run(self) -> None:
        while (first := self._queue.get()) is not None:
            batch, goes_on = self._gather(first)
            self._write(batch)
            if not goes_on:
                return

    def _gather(self, first: Piece) -> tuple[list[Piece], bool]:
        batch = [first]
        while len(batch) < self._most_together:
            try:
                piece = self._queue.get_nowait()
            except queue.Empty:
                break
            if piece is None:
                return batch, False
            batch.append(piece)
        return batch, True

    def _write(self, batch: list[Piece]) -> None:
        wanted = [(work, future) for work, future in batch if future.set_running_or_notify_cancel()]
        outcomes: list[tuple[Future[Any], Any, BaseException | None]] = []
        try:
            with self._store.writing() as session:
                do = _try if len(wanted) > 1 else _do_alone
                outcomes += ((future, *do(session, work)) for work, future in wanted)
        except BaseException as error:  # begin or commit failed, or all: nobody may believe that it was stored
            troubles = (failure for *_, failure in outcomes if failure is not None and name_trouble(failure))
            why = next(troubles, error)  # what came first: all that follows says only that the connection is lost
            for _, future in wanted:
                future.set_exception(why)
            return
        self._tell_batch(len(wanted))
        for future, result, failure in outcomes:
            if failure is None:
                future.set_result(result)
            else:
                future.set_exception(failure)


def _do_alone(session: Session, work: Work) -> tuple[Any, None]:
    """Where it fails, the transaction does: a savepoint would save nothing, and costs a tenth of an answer."""
    result = work(session)
    session.flush()
    return result, None


def _try(session: Session, work: Work) -> tuple[Any, BaseException | None]:
    savepoint = session.begin_nested()
    try:
        result = work(session)
        session.flush()
    except BaseException as error:
        savepoint.rollback()
        return None, error
    else:
        savepoint.commit()
        return result, None
    finally:
        session.expunge_all()  # what one piece gave back is not touched by what happens to the next
