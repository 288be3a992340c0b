"""The read pool: what was read comes back, nothing is written, and no more read at once than it has threads for."""

import asyncio
import threading
from collections.abc import Iterator

import pytest
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select

from storage.read_pool import ReadPool
from storage.store import Store
from storage.tables import Look
from tests.test_writer import AT, fail, names, put


@pytest.fixture
def read_pool(store: Store) -> Iterator[ReadPool]:
    opened = ReadPool(store)
    yield opened
    opened.close()


def read_names(session: Session) -> list[str]:
    return list(session.exec(select(Look.name)))


def test_what_the_work_returned_comes_back(read_pool: ReadPool, store: Store) -> None:
    with store.writing() as session:
        session.add(Look(name="written before", at=AT))

    assert asyncio.run(read_pool.do(read_names)) == ["written before"]


def test_what_is_written_there_is_refused_and_the_next_one_reads_on(read_pool: ReadPool, store: Store) -> None:
    with pytest.raises(DBAPIError):
        asyncio.run(read_pool.do(fail))
    assert asyncio.run(read_pool.do(put("without a flush"))) == "without a flush"

    assert asyncio.run(read_pool.do(read_names)) == []
    assert names(store) == set()


def test_who_comes_after_the_threads_are_taken_waits_for_one(read_pool: ReadPool) -> None:
    let_go, reading = threading.Event(), list[int]()

    def work(_session: Session) -> None:
        reading.append(1)
        let_go.wait(20)

    async def go() -> int:
        waiting = [asyncio.create_task(read_pool.do(work)) for _ in range(read_pool.at_once + 3)]
        while len(reading) < read_pool.at_once:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.1)
        at_once = len(reading)
        let_go.set()
        await asyncio.gather(*waiting)
        return at_once

    assert asyncio.run(go()) == read_pool.at_once
    assert len(reading) == read_pool.at_once + 3


def test_after_the_end_nothing_is_accepted(read_pool: ReadPool) -> None:
    read_pool.close()

    with pytest.raises(RuntimeError):
        asyncio.run(read_pool.do(read_names))
