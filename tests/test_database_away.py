"""The database is away for a while: people hear that they should try again, nothing that was acknowledged is lost, and
everything goes on by itself when it is back."""

import asyncio
import logging
import threading
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from bot.app import make_app
from bot.outbox.pacing import Rate
from bot.watching import readiness
from storage.store import Store
from storage.tables.sending import DeliveryKind, DeliveryState
from storage.trouble import name_trouble
from storage.writer import Writer, WriterBusy
from tests.browsing import Browser, answers, dump, link_to, make_noon
from tests.forwarding import Forwarder, forward
from tests.mail_ways import open_office, reached
from tests.office import MakeOffice, Office, oslo
from tests.recorder import Recorder, record
from tests.recorder_channel import AskableRecorderChannel
from tests.sendings import themes
from tests.test_sending_to_a_platform import AROUND_THE_CLOCK
from tests.test_writer import names, put, queue_together

pytestmark = pytest.mark.postgres

PATIENCE_SECONDS = 60


@pytest.fixture
def way(database_url: str) -> Iterator[Forwarder]:
    """The way to the database, which can be broken off."""
    url = make_url(database_url)
    with forward(url.host or "127.0.0.1", url.port or 5432) as forwarder:
        yield forwarder


@pytest.fixture
def store(database_url: str, way: Forwarder) -> Iterator[Store]:
    """A store that reaches its database by that way; so does the office of `make_office`."""
    url = make_url(database_url).set(host="127.0.0.1", port=way.port)
    opened = Store(url.render_as_string(hide_password=False))
    yield opened
    opened.close()


def wait_until(holds: Callable[[], bool], what: str) -> None:
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < give_up_at, f"it never came about that {what}"
        time.sleep(0.02)


def test_whoever_answers_meanwhile_is_asked_to_try_again_and_then_can(make_office: MakeOffice, way: Forwarder) -> None:
    office = make_noon(make_office)
    browser = Browser(office)
    browser.visit(link_to(office, "Ada", "pulse"))
    before = dump(office.parts.store)

    way.break_off()
    refused = browser.press("send", **answers())
    told, page = browser.text, browser.ask("GET", "/k")
    looked = browser.ask("GET", browser.answers[-2].url.path)
    ready = browser.ask("GET", "/readyz")
    alive = browser.ask("GET", "/healthz")
    way.mend()
    unchanged = dump(office.parts.store) == before
    browser.answers.append(browser.answers[1])  # back to the form
    stored = browser.press("send", **answers())

    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "60")
    assert "Medvirk virker ikke akkurat nå" in told
    assert "Vent et minutt og prøv igjen" in told
    assert page.status_code == 200  # what needs no database
    assert looked.status_code == 503
    assert (ready.status_code, ready.json()["because"]) == (503, [readiness.NO_DATABASE])
    assert alive.status_code == 200
    assert unchanged
    assert stored.status_code == 200
    assert "Takk" in browser.text
    wait_until(lambda: browser.ask("GET", "/readyz").status_code == 200, "it is ready again")


def test_a_code_that_could_not_be_looked_up_takes_no_place_among_the_wrong_ones(office: Office, way: Forwarder) -> None:
    browser = Browser(office)
    browser.visit("/k")
    form = browser.read_form()

    way.break_off()
    away = {browser.send({**form, "code": "123"}, "/k").status_code for _ in range(30)}
    way.mend()
    afterwards = browser.send({**form, "code": "123"}, "/k").status_code

    assert away == {503}
    assert afterwards == 200


def test_connections_that_the_server_has_ended_are_made_anew(make_office: MakeOffice, database_url: str) -> None:
    """As when it is restarted between two answers: nobody notices."""
    office = make_noon(make_office)
    browser = Browser(office)
    browser.visit(link_to(office, "Ada", "pulse"))
    admin = create_engine(database_url, isolation_level="AUTOCOMMIT")

    with admin.connect() as connection:
        ended = connection.execute(
            text(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        ).scalar_one()
    admin.dispose()
    stored = browser.press("send", **answers())

    assert ended > 0
    assert stored.status_code == 200


def test_a_connection_that_is_lost_midway_is_told_from_a_mistake(store: Store) -> None:
    """Also by those whose work comes after it in the same batch."""

    def end_the_connection(session: Session) -> None:
        session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    writer = Writer(store)
    ended = queue_together(writer, put("first"), end_the_connection, put("third"))
    writer.close()

    assert all(isinstance(one, SQLAlchemyError) and name_trouble(one) for one in ended)


def test_nothing_is_acknowledged_that_is_not_stored_however_often_the_way_breaks_off(
    store: Store, way: Forwarder, database_url: str
) -> None:
    writer, stop = Writer(store), threading.Event()
    acknowledged: list[str] = []
    refused: list[str | None] = []

    def call(caller: int) -> None:
        number = 0
        while not stop.is_set():
            number += 1
            try:
                acknowledged.append(writer.do_now(put(f"{caller}/{number}")))
            except (SQLAlchemyError, WriterBusy) as error:
                refused.append(name_trouble(error))

    callers = [threading.Thread(target=call, args=(one,), daemon=True) for one in range(8)]
    for caller in callers:
        caller.start()
    for _ in range(5):
        heard, said_no = len(acknowledged), len(refused)
        wait_until(lambda heard=heard: len(acknowledged) > heard + 50, "answers are stored again")  # type: ignore[misc]
        way.break_off()
        wait_until(lambda said_no=said_no: len(refused) > said_no + 20, "answers are refused")  # type: ignore[misc]
        way.mend()
    stop.set()
    for caller in callers:
        caller.join(PATIENCE_SECONDS)
    writer.close()

    straight = Store(database_url)
    stored = names(straight)
    straight.close()
    assert set(acknowledged) <= stored
    assert None not in refused


PEOPLE = tuple(
    reached(200 + one, f"Per{one} Moen", mail=f"p{one}@solvik.example").replace(";;;;", f";;{AROUND_THE_CLOCK};;", 1)
    for one in range(40)
)


@pytest.fixture
def platform() -> Iterator[tuple[Recorder, str]]:
    recorder = Recorder()
    with record(recorder) as url:
        yield recorder, url


@asynccontextmanager
async def living(office: Office, begins: str) -> AsyncIterator[None]:
    """The app lives, and ticks five times a second. Its clock shows `begins` at first, and runs as clocks do."""
    began = time.monotonic()

    def clock() -> datetime:
        return oslo(begins) + timedelta(seconds=time.monotonic() - began)

    async with make_app(office.parts, clock, tick_seconds=0.2).router.lifespan_context(None):
        yield


async def wait(holds: Callable[[], bool], what: str) -> None:
    await asyncio.to_thread(wait_until, holds, what)


def test_lanes_pause_and_ticks_fail_meanwhile_and_both_go_on_by_themselves(
    make_office: MakeOffice, way: Forwarder, platform: tuple[Recorder, str], caplog: pytest.LogCaptureFixture
) -> None:
    """The way breaks off while a welcome goes out, and a flow is due before it is mended."""
    recorder, url = platform
    office, _, _ = open_office(make_office, *PEOPLE, flows=[themes()])
    channel = AskableRecorderChannel(url, Rate(20, 1), name="mail")
    office.parts.channels["mail"] = channel  # type: ignore[index]
    everybody = {f"p{one}@solvik.example" for one in range(40)}

    def times_asked() -> list[int]:
        try:
            return [one.attempts for one in office.deliveries(DeliveryKind.question, DeliveryState.sent)]
        except SQLAlchemyError:
            return []

    async def live() -> tuple[int, int]:
        async with living(office, "2027-01-04 08:59:58"):
            await wait(lambda: len(recorder.order) > 10, "some have been welcomed")
            way.break_off()
            await asyncio.sleep(1)
            at_first = len(recorder.order)
            await asyncio.sleep(3)
            meanwhile = len(recorder.order)
            way.mend()
            await wait(lambda: len(times_asked()) == len(PEOPLE), "everybody has been asked")
        await channel.close()
        return at_first, meanwhile

    at_first, meanwhile = office.run(live())

    assert at_first == meanwhile < len(PEOPLE)
    assert {state.state for state in office.deliveries(DeliveryKind.welcome)} == {"sent"}
    assert Counter(recorder.order) == dict.fromkeys(everybody, 2)
    assert recorder.twice == 0
    told = [one for one in caplog.records if one.name.startswith("medvirk") and one.levelno >= logging.WARNING]
    assert told
    assert not any(one.exc_info for one in told)
