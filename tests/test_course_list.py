"""The courses behind a week: how long they can be reached, what comes next, and what is said where nothing is shown."""

from collections.abc import Mapping

import pytest

from tests.browsing import Browser, suggest
from tests.office import OTHER_WARD, WARD, MakeOffice, Office, line, said, shipped
from tests.office_courses import (
    ASKED,
    CLOSED,
    FLOWS,
    TITLE,
    answer_all,
    both_wards,
    bring,
    lines_of,
    numbers_at,
)
from tests.test_course_changes import cancel

REACTION = {"worth": "all", "will_use": "several", "able": "not_yet"}


@pytest.fixture
def office(make_office: MakeOffice) -> Office:
    office = make_office(flows=[*FLOWS, shipped("theme_suggestion")])
    bring(office, lines_of(both_wards()))
    return office


def answer(office: Office, wave: str, people: int, form: Mapping[str, str], barriers: tuple[str, ...] = ()) -> None:
    """So many of those who were there answer the wave, with these barriers in turn, and it closes."""
    office.pass_time(ASKED[wave])
    staff = [*office.staff(WARD), *office.staff(OTHER_WARD)][:people]
    answer_all(
        office,
        {
            one: {**form, **({"barrier": barriers[i % len(barriers)]} if barriers else {})}
            for i, one in enumerate(staff)
        },
    )
    office.pass_time(CLOSED[wave])


def in_a_later_week(office: Office, monday: str = "2027-02-08") -> None:
    """Weeks after the round there is a new week's page, about something else."""
    suggest(office, "Ada", "Kveldsuro")
    office.pass_time(f"{monday} 12:00")


# The list


def test_weeks_after_a_round_has_closed_the_leader_still_finds_the_course(office: Office) -> None:
    answer(office, "course_reaction", 20, REACTION)
    office.pass_time("2027-02-01 12:00")
    in_a_later_week(office)

    week = office.week("Grace")
    assert said("course.see") not in week.text
    courses = week.tap("courses")

    assert f"KURSET «{TITLE.upper()}»" in courses.text
    assert "Siste runde, «rett etter», stengte 18. januar 2027." in courses.text
    assert courses.tap("course:1").card.title == f"Kurset «{TITLE}»"


def test_the_list_and_the_course_have_addresses_that_may_be_reloaded(office: Office) -> None:
    answer(office, "course_reaction", 20, REACTION)
    browser = Browser(office)
    browser.visit(office.follow("Grace", "Uka i "))

    browser.press("courses")
    at_list = str(browser.answers[-1].url)
    browser.press("course:1")
    browser.visit(str(browser.answers[-1].url))
    assert "Runde for runde" in browser.text or "Rett etter" in browser.text
    browser.visit(at_list)

    assert "Siste runde" in browser.text
    browser.press("language:en")
    assert "The last round" in browser.text
    browser.press("back")
    assert "The week in" in browser.text


def test_a_week_leads_to_no_courses_where_nobody_of_the_unit_was_asked_after_one(office: Office) -> None:
    bring(office, lines_of(numbers_at(OTHER_WARD), code="ETI", title="Etikk"))
    office.pass_time(ASKED["course_reaction"])
    in_a_later_week(office, "2027-01-11")
    week = office.week("Grace")
    assert said("courses.all") not in week.text  # the first round is still out

    office.pass_time(CLOSED["course_reaction"])

    listed = office.week("Grace").tap("courses").text
    assert TITLE.upper() in listed
    assert "ETIKK" not in listed


def test_all_who_read_a_unit_see_the_same_courses_and_nobody_from_a_role_that_is_gone(office: Office) -> None:
    answer(office, "course_reaction", 20, REACTION)

    lists = {name: office.week(name).tap("courses") for name in ("Grace", "Jonas", "Sverre")}

    for page in lists.values():
        assert TITLE.upper() in page.text
        assert "%" not in page.text
        assert "Ada" not in page.text
    office.import_people([line(101, "Ada Aas", WARD)])
    assert TITLE.upper() not in lists["Grace"].tap("courses").text


# What comes next


def test_the_list_and_the_course_say_when_the_next_round_goes_out(office: Office) -> None:
    answer(office, "course_reaction", 20, REACTION)

    following = said("courses.next", round="etter 30 dager", day="4. februar 2027")

    courses = office.week("Grace").tap("courses")
    assert following in courses.text
    assert following in courses.tap("course:1").text


def test_while_a_round_is_out_it_is_told_until_when_and_which_comes_after(office: Office) -> None:
    answer(office, "course_reaction", 20, REACTION)
    office.pass_time("2027-02-01 12:00")
    in_a_later_week(office)

    courses = office.week("Grace").tap("courses").text

    assert said("courses.out", round="etter 30 dager", day="18. februar 2027") in courses
    assert said("courses.next", round="etter 90 dager", day="5. april 2027") in courses


def test_after_the_last_round_it_is_told_that_it_was_the_last(office: Office) -> None:
    for wave in CLOSED:
        answer(office, wave, 20, REACTION)

    courses = office.week("Grace").tap("courses")

    assert said("courses.last") in courses.text
    assert said("courses.last") in courses.tap("course:1").text


def test_of_a_course_that_is_called_off_no_round_is_promised(office: Office) -> None:
    answer(office, "course_reaction", 20, REACTION)

    cancel(office)

    assert said("courses.called_off") in office.week("Grace").tap("courses").text


def test_a_course_that_too_few_were_on_is_promised_no_rounds(make_office: MakeOffice) -> None:
    office = make_office(flows=FLOWS)
    bring(office, lines_of(numbers_at(WARD)[:9]))
    office.pass_time(CLOSED["course_reaction"])

    courses = office.week("Grace").tap("courses")

    assert said("courses.small") in courses.text
    assert "Siste runde" not in courses.text
    assert said("courses.small") in courses.tap("course:1").text


# What is held back


def test_where_barriers_are_too_few_to_be_shown_that_is_said(office: Office) -> None:
    answer(office, "course_reaction", 20, REACTION)
    answer(office, "course_use", 7, {"used": "several", "able": "alone"}, ("time", "tools", "people", "nothing"))

    week = office.week("Sverre")

    assert said("courses.barrier_too_few") in week.text
    assert said("courses.barrier_too_few") in week.tap("course:1").text


def test_rounds_side_by_side_say_which_of_them_is_not_shown(office: Office) -> None:
    answer(office, "course_reaction", 20, REACTION)
    answer(office, "course_use", 20, {"used": "several", "able": "alone"}, ("time",))
    answer(office, "course_benefit", 3, {"used": "several", "able": "alone"}, ("time",))

    course = office.week("Sverre").tap("course:1").text

    assert "RUNDE FOR RUNDE" in course
    assert f"etter 90 dager: {said('courses.not_shown')}" in course
