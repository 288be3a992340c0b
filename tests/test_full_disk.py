"""The disk is full: people hear it kindly, nothing is half-written, and all goes on when there is room again."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, make_url, text
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlmodel import Session

from bot.app import make_app
from bot.outbox.lanes import drain
from bot.scheduling import tick
from flows.text import LANGUAGES
from storage.store import Store
from storage.tables.sending import DeliveryKind, DeliveryState
from storage.trouble import name_trouble
from storage.writer import Writer
from tests.browsing import STAFF, Browser, answers, dump, link_to, make_noon
from tests.office import WARD, MakeOffice, Office, crowd
from tests.office_words import said
from tests.test_writer import names, put, queue_together

pytestmark = pytest.mark.sqlite

DISK_BYTES = 16_000_000


@contextmanager
def no_more_pages(store: Store) -> Iterator[None]:
    """SQLite's own limit: the file may not grow."""

    def limit(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA max_page_count=1")  # no less than there are

    event.listen(store.engine, "connect", limit)
    store.engine.dispose()
    try:
        yield
    finally:
        event.remove(store.engine, "connect", limit)
        store.engine.dispose()


@contextmanager
def ballast(folder: Path) -> Iterator[None]:
    """Something else takes all that is left of the disk."""
    file = folder / "ballast"
    with file.open("wb", buffering=0) as heavy:
        for size in (65_536, 4_096, 1):
            with suppress(OSError):
                while heavy.write(b"x" * size):
                    pass
    yield
    file.unlink()


@contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    """A small disk of the test's own."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(folder)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("a small disk that fills up: only root can mount one")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture(params=["by SQLite's own limit", pytest.param("by other files", marks=pytest.mark.mount)])
def store(request: pytest.FixtureRequest, make_database: Callable[[], str], tmp_path: Path) -> Iterator[Store]:
    """A store; where other files are to fill its disk, on a small one."""
    url = make_database()
    with ExitStack() as stack:
        if request.param == "by other files":
            stack.enter_context(small_disk(tmp_path / "disk"))
            url = f"sqlite:///{shutil.copy(make_url(url).database or '', tmp_path / 'disk')}"
        opened = stack.enter_context(closing(Store(url)))
        yield opened


@contextmanager
def full(store: Store) -> Iterator[None]:
    """No room is left, for as long as the block lasts."""
    folder = Path(store.url.database or "").parent
    with store.engine.connect(), store.engine.connect():
        pass  # as when people come: one that stays open keeps SQLite's other files in place when another is given up
    with ballast(folder) if folder.name == "disk" else no_more_pages(store):
        for size in (10_000, 100):  # what is free in the file itself is filled too
            with suppress(OperationalError):
                for number in range(100_000):
                    with store.writing() as session:
                        put(f"{size} {number} {'x' * size}")(session)
        yield


def test_whoever_answers_is_asked_to_try_again_and_then_can(make_office: MakeOffice) -> None:
    office = make_noon(make_office)
    people = [one.split(";")[1].split()[0] for one in STAFF if "Mallory" not in one][:14]
    browsers = {name: Browser(office) for name in people}
    for name, browser in browsers.items():
        browser.visit(link_to(office, name, "pulse"))

    with full(office.parts.store):
        for browser in browsers.values():
            before = dump(office.parts.store)
            refused = browser.press("send", **answers())
            if refused.status_code == 503:
                break
        told, after = browser.text, dump(office.parts.store)
        alive = browser.ask("GET", "/healthz")
    browser.answers.append(browser.answers[1])  # back to the form
    stored = browser.press("send", **answers())

    assert (refused.status_code, refused.headers.get("Retry-After")) == (503, "60")
    assert any(said("trouble.away_title", language) in told for language in LANGUAGES)  # in the person's own
    assert before == after
    assert alive.status_code == 200
    assert stored.status_code == 200
    assert dump(office.parts.store) != after


def test_what_lies_in_one_batch_with_what_does_not_fit_is_not_acknowledged_as_stored(store: Store) -> None:
    """SQLite undoes the whole transaction then, and a savepoint that comes after begins another without a word."""
    writer = Writer(store)
    with full(store):
        before = names(store)
        ended = queue_together(writer, put("first"), put("x" * 100_000), put("third"))
        kept = names(store)
    afterwards = writer.do_now(put("afterwards"))
    writer.close()

    assert kept == before
    assert all(isinstance(one, OperationalError) and name_trouble(one) == "SQLITE_FULL" for one in ended)
    assert names(store) == {*before, afterwards}


def test_nothing_that_comes_later_in_the_same_transaction_is_kept_either(store: Store) -> None:
    """Whoever goes on after a failure, as a tick does, finds the transaction gone and not another one in its place."""

    def go_on(session: Session) -> None:
        put("first")(session)
        with suppress(OperationalError):
            put("x" * 100_000)(session)
            session.flush()
        session.execute(text("INSERT INTO look (name, at) VALUES ('third', '2027-01-04')"))

    with full(store):
        before = names(store)
        with pytest.raises(SQLAlchemyError), store.writing() as session:
            go_on(session)

    assert names(store) == before


def test_a_tick_that_finds_no_room_changes_nothing_and_the_next_one_makes_up_for_it(
    make_office: MakeOffice, caplog: pytest.LogCaptureFixture
) -> None:
    office = make_office(people=(*STAFF, *crowd(1000, WARD, " ".join(f"P{number}" for number in range(200)))))
    store = office.parts.store

    with full(store):
        before = dump(store)
        live(office)
        after = dump(store)
    live(office)

    assert before == after
    assert "a tick failed; the next one makes up for it (the database: SQLITE_FULL)" in caplog.messages
    assert len(office.deliveries(DeliveryKind.welcome)) > 200


def test_a_message_that_could_not_be_written_for_lack_of_room_is_sent_later(make_office: MakeOffice) -> None:
    """Nothing is wrong with the message, so it has not failed."""
    office = make_office(people=(*STAFF, *crowd(1000, WARD, " ".join(f"P{number}" for number in range(100)))))
    store, at = office.parts.store, office.at.replace(hour=12)
    office.parts.writer.do_now(lambda session: tick(session, office.parts, at))
    office.world.at = at

    with full(store), pytest.raises(SQLAlchemyError):
        office.run(drain(office.parts, at))
    states = {one.state for one in office.deliveries(DeliveryKind.welcome)}
    office.run(drain(office.parts, at))

    assert DeliveryState.failed not in states
    assert DeliveryState.queued in states
    assert {one.state for one in office.deliveries(DeliveryKind.welcome)} == {DeliveryState.sent}


def live(office: Office) -> None:
    """The app starts, ticks once and ends."""

    async def once() -> None:
        async with make_app(office.parts, office.world.clock).router.lifespan_context(None):
            pass

    office.run(once())
    office.parts.stopping.is_asked = False
