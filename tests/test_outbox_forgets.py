"""The outbox after a crash, and what it never keeps: who was reminded, and the words."""

from collections.abc import Callable

import pytest
from sqlmodel import select

from bot.channels.contract import DeliveryError
from storage.outbox.deliveries import claim
from storage.tables import Delivery
from storage.tables.sending import DeliveryKind
from tests.office import NIGHT, MakeOffice, Post, line, oslo, said
from tests.sendings import FEW, refuse, themes


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.mark.parametrize(("is_safe", "state"), [(True, "queued"), (False, "uncertain")])
def test_what_was_in_the_hand_in_a_crash_is_sent_again_only_where_twice_does_no_harm(
    make_office: MakeOffice, is_safe: bool, state: str
) -> None:
    office = make_office(flows=[], people=FEW, post=Post(is_safe_to_repeat=is_safe))
    office.beat()
    with office.parts.store.writing() as session:
        claimed = claim(session, "web", oslo("2027-01-04 09:00"), most=2)  # and there the process dies

    office.beat()  # whoever takes the lane next settles what was left

    states = {one.person_id: one.state for one in office.deliveries(DeliveryKind.welcome)}
    assert [states.pop(one.person_id) for one in claimed] == [state, state]
    assert list(states.values()) == ["queued"]
    office.pass_time("2027-01-04 12:00")
    assert len(office.got(DeliveryKind.welcome)) == (3 if is_safe else 1)


def test_a_crash_leaves_no_row_that_tells_who_was_to_be_reminded(make_office: MakeOffice, post: Post) -> None:
    office = make_office(flows=[themes(remind_after_days=[2])], people=[*FEW, _at_night()], post=post)
    office.pass_time("2027-01-06 12:00")
    waiting = [one.state for one in office.deliveries(DeliveryKind.reminder)]
    with office.parts.store.writing() as session:
        claim(session, "web", oslo("2027-01-06 21:00"), most=10)

    office.beat()  # whoever takes the lane next settles what was left

    assert waiting == ["queued"]
    assert office.deliveries(DeliveryKind.reminder) == []


@pytest.mark.parametrize(
    "make_error",
    [
        lambda: None,
        lambda: DeliveryError("no such person", permanent=True),
        lambda: DeliveryError("lost", uncertain=True),
    ],
)
def test_the_row_of_a_reminder_is_deleted_however_it_ended(
    make_office: MakeOffice, post: Post, make_error: Callable[[], Exception | None]
) -> None:
    office = make_office(flows=[themes(remind_after_days=[2])], people=[*FEW, _at_night()], post=post)
    office.pass_time("2027-01-06 12:00")
    waiting = len(office.deliveries(DeliveryKind.reminder))
    post.refuse = lambda address, card: make_error()

    office.pass_time("2027-01-06 22:00")

    assert waiting == 1
    assert office.deliveries(DeliveryKind.reminder) == []


def _at_night() -> str:
    return line(401, "Vera Sand", NIGHT, hours="mon-sun 21:00-07:00")


def test_a_reminder_that_is_refused_for_now_comes_later_in_the_shift(make_office: MakeOffice, post: Post) -> None:
    office = make_office(flows=[themes(remind_after_days=[2])], people=[*FEW, _at_night()], post=post)
    office.pass_time("2027-01-06 12:00")
    refuse(post, "Vera", lambda: DeliveryError("too many"), times=2)

    office.pass_time("2027-01-06 23:00")

    assert said("question.reminder") in office.letters("Vera")[-1]
    assert office.deliveries(DeliveryKind.reminder) == []


def test_a_delivery_lies_in_the_database_without_its_words(make_office: MakeOffice, post: Post) -> None:
    office = make_office(flows=[themes()], people=FEW, post=post)

    office.pass_time("2027-01-04 12:00")

    with office.reading() as session:
        stored = " ".join(repr(one.model_dump()) for one in session.exec(select(Delivery)))
    title = office.flows["theme_suggestion"].title.to("nb")
    assert title in office.letters("Ada")[-1]
    assert title not in stored
    assert "/l/" not in stored  # nor with a link that opens anything
