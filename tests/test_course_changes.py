"""Courses that are moved, called off, too small or missed, and rounds that are given up."""

import pytest
from sqlmodel import Session, select

from bot.rounds.cancelling import CannotCancel, cancel_course, cancel_run
from storage.courses import course_by_code, participants_of, waves_of
from storage.tables import CourseParticipant, Envelope, Participation, Run
from storage.tables.asking import RunState
from storage.tables.sending import DeliveryKind, DeliveryState
from tests.office import OTHER_WARD, WARD, MakeOffice, Office, Post, said
from tests.office_courses import (
    ASKED,
    CLOSED,
    FLOWS,
    TITLE,
    answer_wave,
    both_wards,
    bring,
    lines_of,
    numbers_at,
    open_wave,
    the_course,
)
from tests.rounds import STAFF, begun, count, flow


@pytest.fixture
def office(make_office: MakeOffice) -> Office:
    return make_office(flows=FLOWS)


def cancel(office: Office, code: str = "MED") -> int:
    def work(session: Session) -> int:
        course = course_by_code(session, code)
        assert course is not None
        return cancel_course(session, office.parts, course, office.at)

    return office.parts.writer.do_now(work)


# Moved


def test_a_course_that_is_moved_before_it_opens_is_asked_about_on_the_new_day(office: Office) -> None:
    bring(office, lines_of(both_wards()))
    changes = bring(office, lines_of(both_wards(), day="2027-01-12"))

    office.pass_time("2027-01-12 20:00")

    assert changes[0].moved == 20
    assert office.runs() == []
    office.pass_time("2027-01-13 12:00")
    assert len(office.runs("course_reaction")) == 1


def test_a_wave_that_has_opened_stays_and_opens_no_second_time_when_the_course_is_moved(office: Office) -> None:
    bring(office, lines_of(both_wards()))
    office.pass_time(ASKED["course_reaction"])

    changes = bring(office, lines_of(both_wards(), day="2027-01-19"))
    office.pass_time("2027-02-10 12:00")

    assert changes[0].opened == 1
    assert len(office.runs("course_reaction")) == 1
    assert office.runs("course_use") == []  # thirty days after the new day
    office.pass_time("2027-02-18 12:00")
    assert len(office.runs("course_use")) == 1


# Called off


def test_of_a_course_that_is_called_off_nothing_opens(office: Office) -> None:
    bring(office, lines_of(both_wards(), cancelled="ja"))

    office.pass_time(CLOSED["course_reaction"])

    assert office.runs() == []
    assert office.world.next_moment() is not None  # digests go on


def test_an_open_wave_of_a_course_that_is_called_off_is_deleted_unread_and_those_asked_are_told(
    office: Office,
) -> None:
    bring(office, lines_of(both_wards()))
    office.pass_time(ASKED["course_reaction"])
    answer_wave(office, "Ada", {"worth": "all", "able": "alone"})
    asked = open_wave(office, "Jonas")

    assert cancel(office) == 1
    office.pass_time("2027-01-07 12:00")

    run = office.runs()[0]
    assert run.state == RunState.cancelled
    assert office.got(DeliveryKind.result) == {*office.staff(WARD), *office.staff(OTHER_WARD)}
    assert said("result.cancelled") in office.latest("Ada")
    assert office.latest("Ada") == office.latest("Jonas")  # whether or not they answered
    assert said("question.closed") in asked.tap("send", {"worth": "all"}).text
    with office.reading() as session:
        assert session.exec(select(Envelope)).all() == []
        assert session.exec(select(Participation)).all() == []
    assert not list(office.parts.keys.folder.glob("*-[0-9].key"))  # neither of the run nor of the series
    assert the_course(office).series_ended_at is not None
    assert cancel(office) == 0
    office.pass_time(ASKED["course_use"])
    assert len(office.runs()) == 1


def test_a_digest_says_nothing_of_a_wave_that_was_given_up(office: Office) -> None:
    bring(office, lines_of(both_wards()))
    office.pass_time(ASKED["course_reaction"])
    cancel(office)

    office.pass_time("2027-01-18 12:00")

    assert not any(TITLE in message and "Uka i" in message for message in office.inbox("Grace"))


def test_any_open_round_can_be_given_up_unread_and_no_closed_one(make_office: MakeOffice) -> None:
    office = begun(make_office(flows=[flow("pulse"), flow("unused_competence")], people=STAFF))
    office.answer("Ada", "pulse", {"learnt_needed": "weekly"})

    for one in office.runs():
        _give_up(office, one.id)
    office.beat()

    assert count(office, Envelope) == 0
    assert office.deliveries(DeliveryKind.question, DeliveryState.queued) == []
    assert not list(office.parts.keys.folder.glob("run-*.key"))
    with pytest.raises(CannotCancel, match="only an open run"):
        _give_up(office, office.runs()[0].id)


def test_what_was_shown_at_once_cannot_be_given_up_unread(make_office: MakeOffice) -> None:
    office = begun(make_office(flows=[flow("theme_suggestion")], people=STAFF))

    with pytest.raises(CannotCancel, match="shown at once"):
        _give_up(office, office.runs()[0].id)


def _give_up(office: Office, run_id: int | None) -> None:
    def work(session: Session) -> None:
        cancel_run(session, office.parts, session.get_one(Run, run_id), office.at)

    office.parts.writer.do_now(work)


# Too small


def test_after_a_small_course_nobody_is_asked_and_the_leader_gets_questions_for_a_meeting(
    make_office: MakeOffice,
) -> None:
    office = make_office(flows=FLOWS, post=Post())
    bring(office, lines_of(numbers_at(WARD)[:9]))

    office.pass_time(CLOSED["course_reaction"])

    assert office.got(DeliveryKind.question) == set()
    week = office.letters("Grace")[-1]
    assert said("course.too_small") in week
    assert said("course.question_one") in week
    assert office.parts.keys.series_key(1) is None


def test_a_small_course_is_not_asked_about_later_either_but_its_leader_is(office: Office) -> None:
    bring(office, lines_of(numbers_at(WARD)[:9]))

    office.pass_time(ASKED["course_benefit"])

    assert office.got(DeliveryKind.question) == {"Grace"}
    told = [one for one in office.inbox("Grace") if said("course.too_small") in one]
    assert len(told) == 1  # once, not after each wave


def test_somebody_left_alone_because_the_course_was_small_may_read_why(office: Office) -> None:
    bring(office, lines_of(numbers_at(WARD)[:9]))
    office.pass_time(ASKED["course_reaction"])

    assert said("left_alone.too_small") in office.home("Ada").text


# Missed, and attention


def test_what_came_due_while_the_process_was_down_is_asked_once_if_there_is_time_to_answer(office: Office) -> None:
    bring(office, lines_of(both_wards()))

    office.jump_to("2027-01-11 10:00")
    office.beat()
    office.pass_time("2027-01-11 12:00")

    assert len(office.runs("course_reaction")) == 1
    assert len(office.got(DeliveryKind.question)) == 20


def test_a_wave_whose_time_has_passed_altogether_is_passed_by_and_the_next_begins_the_series(office: Office) -> None:
    bring(office, lines_of(both_wards()))

    office.jump_to("2027-01-20 10:00")
    office.pass_time(ASKED["course_use"])

    assert office.runs("course_reaction") == []
    assert len(office.runs("course_use")) == 1
    assert office.parts.keys.series_key(1) is not None
    with office.reading() as session:
        assert waves_of(session, 1)["course_reaction"] is None


def test_an_employer_that_has_discussed_nothing_is_left_alone_after_courses_too(make_office: MakeOffice) -> None:
    office = make_office(flows=FLOWS)
    bring(office, lines_of([*both_wards(), "301"]))

    office.pass_time(ASKED["course_reaction"])

    assert "Mallory" not in office.got(DeliveryKind.question)
    assert said("left_alone.not_discussed") in office.home("Mallory").text


def test_the_demo_moves_to_the_next_wave(office: Office) -> None:
    bring(office, lines_of(both_wards()))
    office.pass_time("2027-01-05 12:00")

    moment = office.world.next_moment()

    assert moment is not None
    assert f"{moment:%Y-%m-%d %H:%M}" == "2027-01-06 08:00"  # UTC


# What readers may see


def test_a_course_is_shown_to_those_it_was_promised_to_and_to_nobody_else(office: Office) -> None:
    bring(office, lines_of(numbers_at(WARD)))
    bring(office, lines_of(numbers_at(OTHER_WARD), code="ETI", title="Etikk"))
    office.pass_time(CLOSED["course_reaction"])

    week = office.week("Grace")

    assert said("course.see") in week.text
    assert TITLE in week.tap("course:1").text
    for forged in ("course:2", "course:99", "course:x", "course:"):
        assert said("course.not_this") in week.tap(forged).text


def test_a_page_of_a_course_can_be_read_in_another_language(office: Office) -> None:
    bring(office, lines_of(both_wards()))
    office.pass_time(CLOSED["course_reaction"])
    week = office.week("Jonas").tap("course:1")

    look = office.door.look(week.proof, "en", week.card.place or "")

    assert "Right after" in [getattr(block, "text", "") for block in office.run(look).cards[0].blocks]


# Retention


def test_who_was_on_a_course_is_deleted_a_year_after(office: Office) -> None:
    bring(office, lines_of(numbers_at(WARD)[:9]))
    office.pass_time("2027-01-20 12:00")

    office.jump_to("2028-01-05 12:00")

    with office.reading() as session:
        assert participants_of(session, 1) == {}
        assert session.exec(select(CourseParticipant)).all() == []
    assert the_course(office).title == TITLE


def test_the_question_can_be_opened_by_those_who_were_there_alone(office: Office) -> None:
    bring(office, lines_of(numbers_at(WARD)))
    office.pass_time(ASKED["course_reaction"])

    assert TITLE in open_wave(office, "Ada").text
    with pytest.raises(AssertionError):
        open_wave(office, "Turid")
