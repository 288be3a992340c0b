"""Stopping: what is in the hand is finished, nothing new is taken, and what was acknowledged is stored."""

import signal
import socket
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import httpx
import pytest
from sqlmodel import Session, col, select

from bot.app import make_app
from storage.links import Purpose, ensure_link
from storage.tables import Delivery, Participation
from storage.tables.sending import DeliveryState
from tests.browsing import STAFF, answers
from tests.office import ADA, GRACE, OSLO, WARD, MakeOffice, Office, Post, crowd, on, shipped
from tests.reading_pages import find
from tests.test_attacks_on_logs import served

MANY = 120


def states(office: Office) -> Counter[str]:
    with office.reading() as session:
        return Counter(session.exec(select(Delivery.state)))


def test_whoever_is_asked_to_stop_finishes_the_delivery_in_the_hand_and_gives_back_the_rest(
    make_office: MakeOffice,
) -> None:
    post = Post()
    office = make_office(flows=[], people=STAFF, post=post)

    def stop_at_the_third(address: str, card: object) -> None:
        if len(post.sent) == 2:
            office.parts.stopping.ask()

    post.refuse = stop_at_the_third
    office.pass_time("2027-01-04 12:00")
    stopped = states(office)
    office.parts.stopping.is_asked = False  # the next process
    office.beat()

    assert stopped[DeliveryState.sent] == 3
    assert stopped[DeliveryState.sending] == 0
    assert stopped[DeliveryState.queued] > 3
    assert states(office)[DeliveryState.sent] == len({letter.address for letter in post.sent}) == len(post.sent) > 6


def test_the_app_waits_for_a_beat_and_begins_no_other(make_office: MakeOffice) -> None:
    post = Post()
    office = make_office(flows=[], people=STAFF, post=post)
    office.pass_time("2027-01-04 07:30")
    office.world.at += timedelta(hours=4)

    async def live() -> None:
        app = make_app(office.parts, office.world.clock)
        async with app.router.lifespan_context(app):
            pass

    office.run(live())
    office.parts.stopping.is_asked = True
    sent = len(post.sent)
    office.world.at += timedelta(days=1)
    office.run(live())

    assert sent > 6
    assert len(post.sent) == sent


@pytest.mark.slow
def test_every_answer_that_was_acknowledged_before_the_end_is_stored(make_office: MakeOffice) -> None:
    """The real command, asked to stop while many answer at once."""
    begins = datetime.now(OSLO)
    today = on(f"{begins:%Y-%m-%d}", time=f"{begins:%H:%M}")
    people = (ADA, GRACE, *crowd(1000, WARD, " ".join(f"P{number}" for number in range(MANY))))
    flow = shipped("pulse", schedule=today, deadline_days=30, remind_after_days=[])
    office = make_office(
        flows=[flow],
        people=people,
        begins=f"{begins - timedelta(days=1):%Y-%m-%d %H:%M}",
        discussed_by=(),
    )
    office.record_discussion("pulse", "Solvik", held_on="2026-01-01")
    office.pass_time(f"{begins:%Y-%m-%d %H:%M}")
    (run,) = office.runs()
    run_id, key = run.id or 0, office.parts.keys.server_secret("links")
    with office.reading() as session:
        asked = list(session.exec(select(Participation.person_id).where(Participation.run_id == run_id)))

    def make_links(session: Session) -> dict[int, str]:
        return {one: ensure_link(session, key, one, Purpose.run, run_id, run.closes_at) for one in asked}

    links = office.parts.writer.do_now(make_links)
    acknowledged: list[int] = []
    enough = threading.Event()

    with served(office) as (address, process):

        def answer(person: int) -> None:
            try:
                with httpx.Client(base_url=address, follow_redirects=True) as client:
                    page = client.get(links[person])
                    while actions(page.text, "send"):
                        token = str(find(page.text, "input", name="csrf")[0]["value"])
                        state = next((str(one["value"]) for one in find(page.text, "input", name="state")), "")
                        form = {"csrf": token, "state": state, "action": "send", **answers()}
                        page = client.post(page.url.path, data=form)
            except httpx.TransportError:
                return
            if page.status_code == 200:
                acknowledged.append(person)
            if len(acknowledged) >= MANY // 10:
                enough.set()

        with ThreadPoolExecutor(8) as callers:
            for person in asked:
                callers.submit(answer, person)
            assert enough.wait(60)
            process.send_signal(signal.SIGTERM)
            code = process.wait(60)
        told = process.stdout.read() if process.stdout else ""

    with office.reading() as session:
        answered = set(
            session.exec(
                select(Participation.person_id).where(
                    Participation.run_id == run_id, col(Participation.answered).is_(True)
                )
            )
        )
    assert code == 0, told
    assert len(asked) > MANY
    assert MANY // 10 <= len(acknowledged) <= len(answered)
    assert set(acknowledged) <= answered


def actions(page: str, name: str) -> bool:
    return any(one.get("value") == name for one in find(page, "button"))


@pytest.mark.slow
@pytest.mark.parametrize("second", [signal.SIGTERM, signal.SIGINT])
def test_a_second_signal_ends_it_at_once(office: Office, second: signal.Signals) -> None:
    with served(office) as (address, process):
        port = int(address.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port)) as slow:
            slow.sendall(b"POST /l/x HTTP/1.1\r\nHost: x\r\nCookie: medvirk=x\r\nContent-Length: 99\r\n\r\nx")
            process.send_signal(signal.SIGTERM)
            while listens(address):
                assert process.poll() is None
            process.send_signal(second)
            code = process.wait(20)

    assert code == 128 + second


def listens(address: str) -> bool:
    try:
        httpx.get(f"{address}/healthz")
    except httpx.TransportError:
        return False
    return True
