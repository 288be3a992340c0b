"""A replica that was held up for longer than its lease: what it still had in the hand is not sent, nor spoilt."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlmodel import Session, select

from bot.channels.contract import DeliveryError
from bot.outbox.claiming import remember_failure, remember_sent, remember_unsent
from bot.outbox.draining import Drain
from bot.scheduling import tick
from storage.outbox.deliveries import claim
from storage.outbox.in_hand import settle_left
from storage.outbox.lanes import take
from storage.tables import Delivery, Lane
from storage.tables.sending import DeliveryKind
from tests.fickle import Fickle
from tests.mail_ways import open_office, reached
from tests.office import MakeOffice, Office

PEOPLE = [
    reached(101 + i, f"Ada{i} Berg", mail=f"a{i}@solvik.example").replace(";;;;", ";;mon-sun 00:00-24:00;;", 1)
    for i in range(4)
]
Held = tuple[Office, Fickle]


@pytest.fixture
def held(make_office: MakeOffice) -> Held:
    """An office whose replica stops for eleven seconds in the first call, while another takes the lane."""
    office, _, _ = open_office(make_office, flows=[])  # nobody yet: so nothing is queued before the platform is there
    office.import_people(PEOPLE, more_columns=("mail", "mobile", "preferred"))
    chat = Fickle("mail", at_once=1)
    channels: Any = office.parts.channels
    channels["mail"] = chat
    office.world.at += timedelta(minutes=1)

    def stop() -> None:
        office.world.at += timedelta(seconds=11)
        until = office.at + timedelta(seconds=10)
        office.parts.writer.do_now(lambda session: take(session, "mail", "another", office.at, until))
        chat.on_call = lambda: None

    chat.on_call = stop
    return office, chat


def drain_by_clock(office: Office) -> int:
    async def run() -> int:
        return await Drain(office.parts, "mail", office.world.clock).run()

    left: int = office.run(run())
    return left


def queue_first_messages(office: Office) -> None:
    office.parts.writer.do_now(lambda session: tick(session, office.parts, office.at))


def test_it_sends_nothing_more_and_says_that_what_was_taken_is_sent(held: Held) -> None:
    office, chat = held
    queue_first_messages(office)

    left = drain_by_clock(office)

    states = sorted(one.state for one in office.deliveries(DeliveryKind.welcome) if one.channel == "mail")
    assert left == 1
    assert sum(chat.came.values()) == 1
    assert states == ["queued", "queued", "queued", "sent"]


def test_the_lane_stays_with_the_other(held: Held) -> None:
    office, _ = held
    queue_first_messages(office)

    drain_by_clock(office)

    with office.reading() as session:
        lane = session.exec(select(Lane).where(Lane.name == "mail")).one()
    assert lane.holder == "another"
    assert lane.leased_until is not None


def test_what_the_other_has_decided_about_a_delivery_is_not_changed_by_a_late_failure(held: Held) -> None:
    office, _ = held
    mine, its = taken_over(office)

    for error in (DeliveryError("late"), DeliveryError("late", uncertain=True), DeliveryError("late", permanent=True)):
        office.parts.writer.do_now(
            partial(remember_failure, parts=office.parts, delivery=mine, error=error, at=office.at)
        )
    office.parts.writer.do_now(partial(remember_unsent, delivery=mine))

    now = next(one for one in office.deliveries(DeliveryKind.welcome) if one.id == mine.id)
    assert (now.state, now.attempts, now.reference) == ("sending", its.attempts, mine.reference)


def test_a_late_yes_counts_whoever_holds_the_lane(held: Held) -> None:
    office, _ = held
    mine, _ = taken_over(office)

    office.parts.writer.do_now(partial(remember_sent, delivery=mine, at=office.at, external_id="m1"))

    now = next(one for one in office.deliveries(DeliveryKind.welcome) if one.id == mine.id)
    assert (now.state, now.external_id) == ("sent", "m1")


def taken_over(office: Office) -> tuple[Delivery, Delivery]:
    """A delivery as this replica claimed it, and as the other has claimed it after taking over."""
    queue_first_messages(office)

    def claim_one(session: Session) -> Delivery:
        return claim(session, "mail", office.at, most=1)[0]

    mine = office.parts.writer.do_now(claim_one)
    settle = partial(settle_left, lane="mail", at=office.at, is_safe_to_repeat=True, can_ask=False)
    office.parts.writer.do_now(settle)
    return mine, office.parts.writer.do_now(claim_one)
