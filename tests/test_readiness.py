"""Readiness: a process says that it can work only while it can, and why not in words that tell no stranger anything."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import text
from sqlmodel import Session

from bot.watching import readiness
from bot.watching.glance import Glance
from storage.store import Store
from tests.browsing import Browser
from tests.office import Office


def ask(browser: Browser) -> tuple[int, list[str]]:
    answer = browser.ask("GET", "/readyz")
    return answer.status_code, answer.json().get("because", [])


@pytest.fixture
def ready(office: Office) -> Office:
    """An office that has just been looked after."""
    office.beat()
    return office


def change(office: Office, statement: str) -> None:
    with office.parts.store.engine.begin() as connection:
        connection.execute(text(statement))


def test_an_installation_that_works_is_ready(ready: Office) -> None:
    assert ask(Browser(ready)) == (200, [])


def test_five_minutes_without_a_tick_are_too_long(ready: Office) -> None:
    ready.world.at = ready.at + readiness.OLDEST_TICK
    in_time = ask(Browser(ready))
    ready.world.at = ready.at.replace(second=1)

    assert in_time == (200, [])
    assert ask(Browser(ready)) == (503, [readiness.NO_TICK])


def test_before_the_first_tick_nothing_is_ready(office: Office) -> None:
    assert ask(Browser(office)) == (503, [readiness.NO_TICK])


def test_the_tables_of_another_release_are_said(ready: Office) -> None:
    change(ready, "UPDATE alembic_version SET version_num = '9999'")

    assert ask(Browser(ready)) == (503, [readiness.OTHER_TABLES])


def test_a_database_that_cannot_be_read_is_said_without_its_own_words(ready: Office) -> None:
    change(ready, "DROP TABLE alembic_version")

    answer = Browser(ready).ask("GET", "/readyz")

    assert answer.status_code == 503
    assert answer.json() == {"ready": False, "because": [readiness.NO_DATABASE]}


def test_a_writer_that_takes_nothing_more_is_said(ready: Office) -> None:
    browser = Browser(ready)
    ready.parts.writer.close()

    assert ask(browser) == (503, [readiness.NO_WRITER])


def test_asking_writes_nothing_and_looks_once_a_second_however_often_it_is_asked(ready: Office) -> None:
    looked: list[int] = []
    seconds = iter([0.0, 0.3, 0.9, 1.0, 1.1])
    glance = Glance(ready.parts.store, looked.append, fresh_seconds=1, most_seconds=1, clock=lambda: next(seconds))  # type: ignore[arg-type]

    for _ in range(5):
        ready.run(glance.get())

    assert len(looked) == 2


@contextmanager
def hanging(store: Store) -> Iterator[tuple[Callable[[Session], str], list[str]]]:
    """A look that hangs until the block ends, and a list with one entry for each time it was begun."""
    let_go = threading.Event()
    begun: list[str] = []

    def read(_session: Session) -> str:
        begun.append("begun")
        let_go.wait(20)
        return "seen"

    try:
        yield read, begun
    finally:
        let_go.set()
        for thread in threading.enumerate():
            if thread.name == "glance":
                thread.join(20)


def test_a_database_that_hangs_is_not_waited_for_and_not_asked_again_meanwhile(office: Office) -> None:
    with hanging(office.parts.store) as (read, begun):
        glance = Glance(office.parts.store, read, fresh_seconds=0, most_seconds=0.05)

        answers = [office.run(glance.get()) for _ in range(20)]

        assert answers == [None] * 20
        assert begun == ["begun"]


def test_a_database_that_answers_again_is_seen(office: Office) -> None:
    with hanging(office.parts.store) as (read, begun):
        glance = Glance(office.parts.store, read, fresh_seconds=0, most_seconds=0.05)
        first = office.run(glance.get())

    while (second := office.run(glance.get())) is None:
        assert len(begun) < 3

    assert (first, second) == (None, "seen")
