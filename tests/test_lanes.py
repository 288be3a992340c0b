"""Lanes: drained by one replica at a time, taken over when it dies, paused for all, and replies go first."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session, col, select

from storage.outbox.deliveries import claim, next_due, pass_on
from storage.outbox.lanes import adopt, keep, lanes_with_work, let_go, mark_up, pause, take
from storage.outbox.planning import enqueue
from storage.store import Store
from storage.tables import Address, Delivery, Lane, Person
from storage.tables.sending import DeliveryKind, DeliveryPriority, DeliveryState

AT = datetime(2027, 1, 5, 8, tzinfo=UTC)
SECOND = timedelta(seconds=1)
SOON = AT + 10 * SECOND


@pytest.fixture
def session(store: Store) -> Iterator[Session]:
    with store.writing() as session:
        yield session


def put_people(session: Session, *workspaces: str) -> None:
    """A person for each, in a workspace of a chat, or by mail where it is empty; numbered from one."""
    for number, workspace in enumerate(workspaces, start=1):
        session.add(Person(id=number, number=f"{number}", name=f"Ada {number}"))
        session.flush()
        channel = "chat" if workspace else "mail"
        session.add(Address(person_id=number, channel=channel, value=f"a{number}", workspace=workspace))
    session.flush()


def queue(session: Session, *people: int, when: datetime = AT, reply: bool = False, about: str = "welcome") -> None:
    priority = DeliveryPriority.reply if reply else DeliveryPriority.other
    enqueue(session, about, DeliveryKind.welcome, dict.fromkeys(people, when), ["chat", "mail"], priority=priority)


def test_a_lane_is_a_channel_or_one_workspace_of_it(session: Session) -> None:
    put_people(session, "", "north", "south")

    queue(session, 1, 2, 3)

    assert sorted(session.exec(select(Delivery.lane))) == ["chat:north", "chat:south", "mail"]
    assert lanes_with_work(session, AT, "a", []) == ["chat:north", "chat:south", "mail"]


def test_only_one_replica_drains_a_lane_and_another_may_when_the_lease_has_run_out(session: Session) -> None:
    taken = take(session, "mail", "first", AT, SOON)
    refused = take(session, "mail", "second", AT + 9 * SECOND, SOON + 9 * SECOND)
    after = take(session, "mail", "second", SOON, SOON + 10 * SECOND)

    assert taken is not None
    assert taken.holder is None
    assert refused is None
    assert after is not None
    assert after.holder == "first"


def test_a_lease_that_is_kept_does_not_run_out(session: Session) -> None:
    take(session, "mail", "first", AT, SOON)

    kept = keep(session, "mail", "first", SOON + 10 * SECOND)

    assert kept
    assert take(session, "mail", "second", SOON, SOON + 30 * SECOND) is None


def test_who_was_held_up_for_too_long_learns_that_the_lane_is_anothers(session: Session) -> None:
    take(session, "mail", "first", AT, SOON)
    take(session, "mail", "second", SOON, SOON + 10 * SECOND)

    kept = keep(session, "mail", "first", SOON + 10 * SECOND)
    let_go(session, "mail", "first")

    assert not kept
    assert take(session, "mail", "third", SOON, SOON + 10 * SECOND) is None


def test_a_lane_that_was_let_go_may_be_taken_at_once(session: Session) -> None:
    take(session, "mail", "first", AT, SOON)

    let_go(session, "mail", "first")

    before = take(session, "mail", "second", AT, SOON)
    assert before is not None
    assert before.holder == "first"  # so that the second does not spend what the first has spent already


def test_what_another_drains_is_no_work_of_this_replica(session: Session) -> None:
    put_people(session, "")
    queue(session, 1)
    take(session, "mail", "first", AT, SOON)

    assert lanes_with_work(session, AT, "second", []) == []
    assert lanes_with_work(session, AT, "first", []) == ["mail"]
    assert lanes_with_work(session, SOON, "second", []) == ["mail"]


def test_what_a_dead_replica_had_in_its_hand_is_work_though_nothing_is_due(session: Session) -> None:
    put_people(session, "")
    queue(session, 1)
    take(session, "mail", "first", AT, SOON)
    claim(session, "mail", AT, most=10)

    assert lanes_with_work(session, SOON, "second", []) == ["mail"]


def test_what_may_have_arrived_is_work_only_where_the_platform_can_be_asked(session: Session) -> None:
    put_people(session, "")
    queue(session, 1)
    (claimed,) = claim(session, "mail", AT, most=10)
    claimed.state = DeliveryState.uncertain
    session.flush()

    assert lanes_with_work(session, SOON, "second", []) == []
    assert lanes_with_work(session, SOON, "second", ["mail"]) == ["mail"]


def test_a_pause_holds_for_every_replica_and_is_never_made_shorter(session: Session) -> None:
    put_people(session, "", "north")
    queue(session, 1, 2)

    pause(session, "mail", AT, AT + 30 * SECOND)
    pause(session, "mail", AT + SECOND, AT + 5 * SECOND)

    assert lanes_with_work(session, AT + 29 * SECOND, "any", []) == ["chat:north"]
    assert lanes_with_work(session, AT + 30 * SECOND, "any", []) == ["chat:north", "mail"]
    assert next_due(session, AT) == AT + 30 * SECOND


def test_a_lane_is_down_since_the_first_refusal_until_something_is_taken(session: Session) -> None:
    pause(session, "mail", AT, AT + SECOND)
    pause(session, "mail", AT + 5 * SECOND, AT + 9 * SECOND)
    since = session.exec(select(Lane.down_since)).one()

    mark_up(session, "mail")

    assert since == AT
    assert session.exec(select(Lane.down_since)).one() is None


def test_a_reply_leaves_before_a_mass_of_others_that_have_waited_for_longer(session: Session) -> None:
    put_people(session, *[""] * 6)
    queue(session, 1, 2, 3, 4, 5, when=AT - 60 * SECOND)
    queue(session, 6, reply=True)

    first = claim(session, "mail", AT, most=2)

    assert [one.person_id for one in first] == [6, 1]


def test_among_equals_what_has_waited_longest_leaves_first(session: Session) -> None:
    put_people(session, *[""] * 3)
    queue(session, 3, when=AT - 3 * SECOND)
    queue(session, 1, 2, when=AT - 2 * SECOND)
    queue(session, 2, when=AT - 4 * SECOND, about="other")

    assert [one.person_id for one in claim(session, "mail", AT, most=9)] == [2, 3, 1, 2]


def test_a_claim_takes_its_own_lane_what_is_due_and_each_only_once(session: Session) -> None:
    put_people(session, "", "north", "")
    queue(session, 1, 2)
    queue(session, 3, when=AT + SECOND)

    first, second = claim(session, "mail", AT, most=9), claim(session, "mail", AT, most=9)

    assert [one.person_id for one in first] == [1]
    assert second == []


def test_a_delivery_keeps_its_reference_in_every_try_and_no_two_have_the_same(session: Session) -> None:
    put_people(session, "", "")
    queue(session, 1, 2)
    first = {one.id: one.reference for one in claim(session, "mail", AT, most=9)}
    for one in session.exec(select(Delivery)):
        one.state = DeliveryState.queued
    session.flush()

    again = {one.id: one.reference for one in claim(session, "mail", AT, most=9)}

    assert again == first
    assert len(set(first.values())) == 2
    assert None not in first.values()


def test_what_a_release_before_lanes_has_queued_gets_the_lane_of_its_channel(session: Session) -> None:
    put_people(session, "")
    old = Delivery(about="welcome", person_id=1, channel="mail", address="a1", kind="welcome", not_before=AT)
    session.add(old)
    session.flush()
    before = lanes_with_work(session, AT, "any", [])

    adopt(session)

    assert before == [""]
    assert lanes_with_work(session, AT, "any", []) == ["mail"]
    assert session.exec(select(Delivery.priority)).one() == DeliveryPriority.other


def test_what_is_passed_over_from_one_address_to_the_next_keeps_its_place(session: Session) -> None:
    put_people(session, "north")
    session.add(Address(person_id=1, channel="web", value="1", preferred=False))
    session.flush()
    queue(session, 1, reply=True)
    delivery = session.exec(select(Delivery)).one()

    pass_on(session, delivery, ["chat", "web"], AT)

    passed = session.exec(select(Delivery).where(col(Delivery.channel) == "web")).one()
    assert (passed.lane, passed.priority) == ("web", DeliveryPriority.reply)
