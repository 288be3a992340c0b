"""The writer: one failing piece falls alone, yes comes after the commit, and nobody is left waiting."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError
from sqlmodel import Session, select

from storage.store import Store
from storage.tables import Look, Person, Role
from storage.writer import Writer, WriterBusy

AT = datetime(2027, 1, 4, 7, tzinfo=UTC)
ROOT = Path(__file__).parents[1]


@pytest.fixture
def writer(store: Store) -> Iterator[Writer]:
    opened = Writer(store)
    yield opened
    opened.close()


class Hold:
    """Keeps the writer's thread busy until it is let go, so that what is queued meanwhile becomes one batch."""

    def __init__(self, writer: Writer) -> None:
        self.begun, self.let_go = threading.Event(), threading.Event()
        self.caller = threading.Thread(target=lambda: writer.do_now(self._work))
        self.caller.start()
        assert self.begun.wait(5)

    def _work(self, _session: Session) -> None:
        self.begun.set()
        self.let_go.wait(20)

    def end(self) -> None:
        self.let_go.set()
        self.caller.join(20)


def put(name: str) -> Callable[[Session], str]:
    def work(session: Session) -> str:
        session.add(Look(name=name, at=AT))
        return name

    return work


def fail(session: Session) -> None:
    session.add(Look(name="from the piece that fails", at=AT))
    session.flush()
    raise ZeroDivisionError


def names(store: Store) -> set[str]:
    with store.reading() as session:
        return set(session.exec(select(Look.name)))


def queue_together(writer: Writer, *works: Callable[[Session], object]) -> list[object]:
    """What became of pieces that were queued in this order and written as one batch: results, or what was raised."""
    ended: list[object] = [None] * len(works)

    async def one(place: int) -> None:
        try:
            ended[place] = await writer.do(works[place])
        except Exception as error:
            ended[place] = error

    async def all_of_them() -> None:
        hold = Hold(writer)
        waiting = [asyncio.create_task(one(place)) for place in range(len(works))]
        await asyncio.sleep(0)  # each has queued its piece
        hold.end()
        await asyncio.gather(*waiting)

    asyncio.run(all_of_them())
    return ended


def test_a_piece_that_fails_falls_alone(writer: Writer, store: Store) -> None:
    ended = queue_together(writer, put("first"), fail, put("third"))

    assert ended[0] == "first"
    assert isinstance(ended[1], ZeroDivisionError)
    assert ended[2] == "third"
    assert names(store) == {"first", "third"}


def test_a_piece_whose_row_is_refused_falls_alone(writer: Writer, store: Store) -> None:
    """The database refuses it when the writer flushes, after the work itself has ended well."""

    def work(session: Session) -> None:
        session.add(Role(person_id=999, unit_id=999, name="leader"))

    ended = queue_together(writer, put("first"), work, put("third"))

    assert isinstance(ended[1], DBAPIError)
    assert names(store) == {"first", "third"}


def test_a_piece_that_fails_alone_stores_nothing_and_the_next_one_does(writer: Writer, store: Store) -> None:
    with pytest.raises(ZeroDivisionError):
        writer.do_now(fail)
    with pytest.raises(IntegrityError):  # when the writer flushes, after the work itself has ended well
        writer.do_now(lambda session: session.add(Role(person_id=999, unit_id=999, name="leader")))

    assert writer.do_now(put("afterwards")) == "afterwards"
    assert names(store) == {"afterwards"}


def test_what_an_earlier_piece_gave_back_can_be_read_after_a_later_one_failed(writer: Writer) -> None:
    def spoil(session: Session) -> None:
        person = session.exec(select(Person).where(Person.number == "1")).one()
        person.name = "Mallory"
        session.flush()
        raise ZeroDivisionError

    def make(session: Session) -> Person:
        person = Person(number="1", name="Ada")
        session.add(person)
        return person

    ada, failure = queue_together(writer, make, spoil)

    assert isinstance(failure, ZeroDivisionError)
    assert isinstance(ada, Person)
    assert ada.name == "Ada"


def test_when_the_commit_fails_every_caller_hears_it_and_nothing_is_stored(writer: Writer, store: Store) -> None:
    def break_off(session: Session) -> None:
        if store.is_sqlite:
            # A reference that is only judged at the commit, where it fails.
            session.execute(text("PRAGMA defer_foreign_keys=ON"))
            session.execute(text("INSERT INTO role (person_id, unit_id, name) VALUES (999, 999, 'leader')"))
        else:
            session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    ended = queue_together(writer, put("first"), break_off, put("third"))

    assert [isinstance(one, SQLAlchemyError) for one in ended] == [True, True, True]
    assert names(store) == set()
    assert writer.do_now(put("afterwards")) == "afterwards"


def test_yes_is_said_only_after_the_commit(writer: Writer, store: Store) -> None:
    assert names(store) == set()

    writer.do_now(put("acknowledged"))

    assert names(store) == {"acknowledged"}  # read over another connection


def test_a_full_queue_is_refused_at_once_and_nothing_of_it_is_stored(store: Store) -> None:
    writer = Writer(store, most_queued=2)
    hold = Hold(writer)
    with ThreadPoolExecutor(2) as callers:
        waiting = [callers.submit(writer.do_now, put(name)) for name in ("first", "second")]
        while not writer._queue.full():
            threading.Event().wait(0.001)

        with pytest.raises(WriterBusy, match="nothing was stored"):
            writer.do_now(put("one too many"))
        with pytest.raises(WriterBusy):
            asyncio.run(writer.do(put("another")))

        hold.end()
        assert {one.result(20) for one in waiting} == {"first", "second"}
    writer.close()
    assert names(store) == {"first", "second"}


def test_closing_writes_what_was_queued_and_takes_nothing_more(store: Store) -> None:
    writer = Writer(store)
    hold = Hold(writer)
    with ThreadPoolExecutor(6) as callers:
        waiting = [callers.submit(writer.do_now, put(f"{number}")) for number in range(5)]
        while writer._queue.qsize() < 5:
            threading.Event().wait(0.001)
        closing = callers.submit(writer.close)
        hold.end()
        closing.result(20)
        ended = {one.result(20) for one in waiting}

    assert names(store) == ended == {"0", "1", "2", "3", "4"}
    with pytest.raises(WriterBusy, match="closed"):
        writer.do_now(put("too late"))
    writer.close()  # twice does no harm


def test_nobody_is_left_waiting_when_the_writer_closes_under_many_callers(store: Store) -> None:
    """Each call ends, with yes or with a refusal; and what was answered with yes is there."""
    for turn in range(5):
        writer = Writer(store)
        said_yes: list[str] = []

        def call(caller: int, writer: Writer = writer, said_yes: list[str] = said_yes, turn: int = turn) -> None:
            number = 0
            while True:
                try:
                    said_yes.append(writer.do_now(put(f"{turn}/{caller}/{number}")))
                except WriterBusy:
                    return
                number += 1

        callers = [threading.Thread(target=call, args=(one,), daemon=True) for one in range(8)]
        for caller in callers:
            caller.start()
        while len(said_yes) < 20:
            threading.Event().wait(0.001)
        writer.close()
        for caller in callers:
            caller.join(20)

        assert not any(caller.is_alive() for caller in callers)
        assert {one for one in names(store) if one.startswith(f"{turn}/")} == set(said_yes)


def test_nothing_can_be_queued_behind_the_end(store: Store) -> None:
    """'Is it closed?', then 'queue it', and 'close it': one at a time, or a caller's piece would lie behind the end."""
    writer = Writer(store)
    with ThreadPoolExecutor(2) as others:
        with writer._gate:  # a third is in the middle of it
            asking = others.submit(writer.do_now, put("in time or not at all"))
            closing = others.submit(writer.close)
            closing_ended, _ = wait_for([closing], timeout=0.1)
            assert not closing_ended
            assert not asking.done()
            assert writer._queue.empty()
            assert not writer._closed
        closing.result(20)
        refused = isinstance(asking.exception(20), WriterBusy)

    assert names(store) == (set() if refused else {"in time or not at all"})


def test_many_threads_and_many_coroutines_all_get_their_own_answer(writer: Writer, store: Store) -> None:
    async def from_a_loop() -> list[str]:
        return await asyncio.gather(*(writer.do(put(f"loop {number}")) for number in range(200)))

    with ThreadPoolExecutor(8) as callers:
        threads = [callers.submit(writer.do_now, put(f"thread {number}")) for number in range(200)]
        loop = callers.submit(asyncio.run, from_a_loop())
        assert loop.result(30) == [f"loop {number}" for number in range(200)]

    assert [one.result(30) for one in threads] == [f"thread {number}" for number in range(200)]
    assert len(names(store)) == 400


def test_a_caller_who_gave_up_before_the_turn_came_stores_nothing(writer: Writer, store: Store) -> None:
    async def give_up() -> None:
        hold = Hold(writer)
        waiting = asyncio.create_task(writer.do(put("no longer wanted")))
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        hold.end()
        await writer.do(put("the next one"))

    asyncio.run(give_up())

    assert names(store) == {"the next one"}


WRITES_UNTIL_KILLED = """
import os, sys, threading
from datetime import UTC, datetime
from storage.store import Store
from storage.tables import Look
from storage.writer import Writer

AT = datetime(2027, 1, 4, 7, tzinfo=UTC)
writer = Writer(Store(sys.argv[1]))

def write(caller):
    number = 0
    while True:
        name = f"{caller}/{number}"
        writer.do_now(lambda session: session.add(Look(name=name, at=AT)))
        os.write(1, f"{name}\\n".encode())  # in one go, so that lines don't mix
        number += 1

for caller in range(8):
    threading.Thread(target=write, args=(caller,), daemon=True).start()
threading.Event().wait()
"""


@pytest.mark.parametrize("acknowledged", [1, 400])
def test_what_was_acknowledged_survives_when_the_process_is_killed(
    database_url: str, store: Store, acknowledged: int
) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", WRITES_UNTIL_KILLED, database_url],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert process.stdout is not None
    said = [process.stdout.readline().strip() for _ in range(acknowledged)]

    os.kill(process.pid, signal.SIGKILL)
    rest = process.stdout.read()
    process.wait(20)
    process.stdout.close()
    said += rest.splitlines() if rest.endswith("\n") else rest.splitlines()[:-1]

    assert process.returncode == -signal.SIGKILL
    assert len(said) >= acknowledged
    assert set(said) <= names(store)
