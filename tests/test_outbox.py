"""The outbox: claimed once, sent once, and remembered however it ended."""

from datetime import timedelta

import pytest
from sqlmodel import select

from bot.channels.contract import DeliveryError
from storage.outbox.in_hand import MOST_ATTEMPTS
from storage.tables import Address, Delivery
from storage.tables.sending import DeliveryKind
from tests.office import NIGHT, WARD, MakeOffice, Post, line, on, oslo, said
from tests.sendings import FEW, JONAS, NUMBER, question_to, refuse, themes


@pytest.fixture
def post() -> Post:
    return Post()


def test_what_is_sent_is_remembered_with_its_time_and_the_platforms_name_for_it(
    make_office: MakeOffice, post: Post
) -> None:
    office = make_office(flows=[themes()], people=FEW, post=post)

    office.pass_time("2027-01-04 12:00")

    sent = question_to(office, "Ada")
    assert (sent.state, sent.attempts, sent.sent_at) == ("sent", 1, oslo("2027-01-04 09:00"))
    assert sent.external_id is not None
    assert post.sent[int(sent.external_id.removeprefix("letter ")) - 1][0] == NUMBER["Ada"]


def test_the_first_message_comes_before_the_first_question(make_office: MakeOffice, post: Post) -> None:
    office = make_office(flows=[themes()], people=FEW, post=post, begins="2027-01-04 09:00")

    office.pass_time("2027-01-04 09:00")  # both are due in the same minute
    office.pass_time("2027-01-05 09:00")

    assert "Hei, Ada!" in office.letters("Ada")[0]


def test_an_address_that_reaches_nobody_is_not_tried_again(make_office: MakeOffice, post: Post) -> None:
    office = make_office(flows=[themes("2027-01-04", "2027-01-18", deadline_days=5)], people=FEW, post=post)
    refuse(post, "Ada", lambda: DeliveryError("no such person here", permanent=True))

    office.pass_time("2027-01-04 12:00")
    failed = question_to(office, "Ada")
    office.pass_time("2027-01-18 12:00")

    assert (failed.state, failed.trouble, failed.attempts) == ("failed", "no such person here", 1)
    assert question_to(office, "Ada").id == failed.id  # she was left alone the next time
    assert said("left_alone.unreachable") in office.home("Ada").text
    assert question_to(office, "Jonas").state == "sent"


def test_what_may_have_arrived_is_not_sent_again_unasked(make_office: MakeOffice, post: Post) -> None:
    office = make_office(flows=[themes()], people=FEW, post=post)
    refuse(post, "Ada", lambda: DeliveryError("the answer was lost", uncertain=True), times=1)

    office.pass_time("2027-01-14 12:00")

    assert (question_to(office, "Ada").state, question_to(office, "Ada").attempts) == ("uncertain", 1)
    assert len(office.letters("Ada")) == 1  # the first message alone


def test_what_the_platform_wants_later_is_sent_later(make_office: MakeOffice, post: Post) -> None:
    office = make_office(flows=[themes()], people=FEW, post=post)
    refuse(post, "Ada", lambda: DeliveryError("too many", retry_after=timedelta(minutes=30)), times=1)

    office.pass_time("2027-01-04 09:29")
    waiting = question_to(office, "Ada")
    office.pass_time("2027-01-04 09:30")

    assert (waiting.state, waiting.trouble) == ("queued", "too many")
    assert (question_to(office, "Ada").state, question_to(office, "Ada").attempts) == ("sent", 2)
    assert question_to(office, "Ada").trouble is None


def test_what_the_platform_wants_later_never_comes_outside_working_hours(make_office: MakeOffice, post: Post) -> None:
    office = make_office(flows=[themes(schedule=on("2027-01-04", time="15:20"))], people=FEW, post=post)
    refuse(post, "Ada", lambda: DeliveryError("too many", retry_after=timedelta(minutes=30)), times=1)

    office.pass_time("2027-01-05 12:00")

    assert question_to(office, "Ada").sent_at == oslo("2027-01-05 08:00")


def test_a_platform_that_is_down_for_a_day_loses_nothing(make_office: MakeOffice, post: Post) -> None:
    office = make_office(flows=[themes()], people=[line(101, "Ada Berg", WARD, hours="mon-sun 00:00-24:00")], post=post)
    refuse(post, "Ada", lambda: DeliveryError("down"))

    office.pass_time("2027-01-05 12:00")
    tried = question_to(office, "Ada").attempts
    post.refuse = lambda address, card: None
    office.pass_time("2027-01-07 12:00")

    assert 5 < tried < MOST_ATTEMPTS
    assert question_to(office, "Ada").state == "sent"


def test_after_the_last_try_it_has_failed_and_others_are_not_held_up(make_office: MakeOffice, post: Post) -> None:
    around_the_clock = {"hours": "mon-sun 00:00-24:00"}
    people = [line(101, "Ada Berg", WARD, **around_the_clock), JONAS]
    office = make_office(flows=[themes(deadline_days=30)], people=people, post=post)
    refuse(post, "Ada", lambda: DeliveryError("down"))

    office.pass_time("2027-01-20 12:00")

    assert (question_to(office, "Ada").state, question_to(office, "Ada").attempts) == ("failed", MOST_ATTEMPTS)
    assert question_to(office, "Jonas").state == "sent"


def test_a_channel_that_breaks_holds_up_nobody_else(make_office: MakeOffice, post: Post) -> None:
    office = make_office(flows=[themes()], people=FEW, post=post)
    refuse(post, "Ada", lambda: KeyError("a mistake in the channel"), times=1)

    office.pass_time("2027-01-04 12:00")

    assert question_to(office, "Ada").state == "uncertain"
    assert question_to(office, "Jonas").state == "sent"


def test_a_message_that_cannot_be_written_holds_up_nobody_else(make_office: MakeOffice, post: Post) -> None:
    office = make_office(flows=[themes()], people=FEW, post=post)
    office.pass_time("2027-01-04 08:30")
    with office.parts.store.writing() as session:
        for about in ("digest:of a later release", f"digest:{10**30}"):  # the second makes the database refuse
            session.add(
                Delivery(
                    about=about,
                    person_id=office.id_of("Ada"),
                    channel="web",
                    address="101",
                    kind=DeliveryKind.digest,
                    not_before=office.at,
                )
            )

    office.pass_time("2027-01-04 12:00")

    assert [one.state for one in office.deliveries(DeliveryKind.digest)] == ["failed", "failed"]
    assert office.got(DeliveryKind.question) == {"Ada", "Grace", "Jonas"}


@pytest.mark.parametrize("choice", ["decline", "pause"])
def test_a_question_that_waits_is_cancelled_when_the_person_says_stop(make_office: MakeOffice, choice: str) -> None:
    night = line(401, "Vera Sand", NIGHT, hours="mon-sun 21:00-07:00")
    office = make_office(flows=[themes()], people=[*FEW, night])
    office.pass_time("2027-01-04 12:00")
    waiting = question_to(office, "Vera").state

    office.home("Vera").tap(choice)
    office.pass_time("2027-01-15 08:00")

    assert (waiting, question_to(office, "Vera").state) == ("queued", "cancelled")


def test_a_question_that_waits_is_not_asked_of_somebody_who_is_away_by_then(make_office: MakeOffice) -> None:
    night = {"hours": "mon-sun 21:00-07:00"}
    office = make_office(flows=[themes()], people=[*FEW, line(401, "Vera Sand", NIGHT, **night)])
    office.pass_time("2027-01-04 12:00")

    office.import_people([*FEW, line(401, "Vera Sand", NIGHT, leave="2027-01-04/2027-01-06", **night)])
    office.pass_time("2027-01-06 23:59")
    before = question_to(office, "Vera").state
    office.pass_time("2027-01-08 12:00")

    assert before == "queued"
    assert question_to(office, "Vera").sent_at == oslo("2027-01-07 00:00")  # her shift has begun the evening before


def test_after_a_standstill_until_evening_people_are_asked_in_the_morning(make_office: MakeOffice) -> None:
    office = make_office(flows=[themes()], people=FEW)
    office.pass_time("2027-01-04 08:30")

    office.jump_to("2027-01-04 22:00")
    at_night = office.got(DeliveryKind.question)
    office.pass_time("2027-01-05 12:00")

    assert at_night == set()
    assert question_to(office, "Ada").sent_at == oslo("2027-01-05 08:00")
    assert question_to(office, "Ada").attempts == 1


def test_a_channel_that_was_turned_off_fails_and_the_address_stays_good(make_office: MakeOffice) -> None:
    night = line(401, "Vera Sand", NIGHT, hours="mon-sun 21:00-07:00")
    office = make_office(flows=[themes()], people=[*FEW, night])
    office.pass_time("2027-01-04 12:00")

    channels = dict(office.parts.channels)
    office.parts.channels.clear()  # type: ignore[attr-defined]
    office.pass_time("2027-01-04 22:00")
    office.parts.channels.update(channels)  # type: ignore[attr-defined]

    assert question_to(office, "Vera").state == "failed"
    with office.reading() as session:
        assert {one.unreachable_because for one in session.exec(select(Address))} == {None}
