"""Attacks by looking: what a coordinator could learn of one colleague from what is seen before a poll is sent.

Looking costs nothing and may be repeated with one audience after another, and who composes may say no and take it back.
So nothing that is seen may hang on who is left alone: a number that does, however rounded, tells of one person as soon
as it stands on an edge.
"""

from itertools import product
from typing import Any

import pytest

from flows.attention import LeftAlone
from flows.partition import Partition
from storage.runs import partition_of, people_asked, people_left_alone
from storage.tables.sending import DeliveryKind
from tests.office import NIGHT, OTHER_WARD, WARD, MakeOffice, Office, line, on, said, shipped
from tests.polling import GROUP, WITH_GROUPS, compose, group_page, make_polling_office, open_poll, place, send

# Vera of the night shift is the only one in the dementia group who is not in one of the two wards.
AUDIENCES: tuple[dict[str, Any], ...] = (
    {"units": (WARD, OTHER_WARD), "groups": (GROUP,)},
    {"units": (WARD, OTHER_WARD)},
    {"units": (WARD,), "groups": (GROUP,)},
    {"units": (WARD, NIGHT)},
    {"units": ("Solvik",)},
)
QUESTIONS: tuple[dict[str, Any], ...] = ({}, {"more": "yes"}, {"kept": "named", "days": "30"})
NOS = ["", "Dag", "Dag Linn Siv", "Ada Dag Linn Siv Unni"]
SENT = said("poll.sent")
MOST_OF_THE_WARD = ("Ada", "Grace", "Jonas", "Petra", "Dag", "Linn", "Siv", "Unni")


@pytest.fixture
def office(make_office: MakeOffice) -> Office:
    return make_polling_office(make_office)


def say_no(office: Office, *names: str) -> None:
    for name in names:
        office.home(name).tap("decline")


def look_all_around(office: Office) -> list[str]:
    """All that can be seen before sending, of all audiences with and without Vera."""
    return [compose(office, **one, **question).text for one, question in product(AUDIENCES, QUESTIONS)]


def partition_sent(office: Office) -> Partition:
    partition = partition_of(office.runs()[0])
    assert partition is not None
    return partition


@pytest.mark.parametrize("others", NOS)
def test_what_is_seen_before_sending_does_not_tell_whether_one_person_said_no(office: Office, others: str) -> None:
    """Whoever attacks has brought the number to an edge: they say no themselves, and know of others."""
    say_no(office, *others.split())
    before = look_all_around(office)

    say_no(office, "Vera")

    assert look_all_around(office) == before


def test_what_is_seen_before_sending_does_not_tell_who_is_away(office: Office) -> None:
    say_no(office, "Dag", "Linn")
    before = look_all_around(office)

    away = line(252, "Vera Moen", NIGHT, hours="mon-sun 21:00-07:00", leave="2027-01-01/2027-03-01")
    office.import_people([away if one.startswith("252;") and NIGHT in one else one for one in WITH_GROUPS])

    assert look_all_around(office) == before


def test_what_is_seen_before_sending_does_not_tell_who_was_asked_by_another_flow(make_office: MakeOffice) -> None:
    asked = shipped("unused_competence", schedule=on("2027-01-05"), audience={"within": [WARD]})
    office = make_polling_office(make_office, flows=[asked], most_questions=1)
    before = look_all_around(office)

    office.pass_time("2027-01-06 12:00")

    assert office.got(DeliveryKind.question)
    assert look_all_around(office) == before


@pytest.mark.parametrize("others", NOS)
def test_trying_to_send_does_not_tell_whether_one_person_said_no(office: Office, others: str) -> None:
    """A refusal costs nothing: with ten to ask and nine it must be the same."""
    say_no(office, *others.split(), "Vera")

    page = send(office, units=(WARD,), groups=(GROUP,))

    assert SENT in page.text


def test_where_too_few_can_be_asked_nobody_is_asked_and_nothing_is_shown(office: Office) -> None:
    say_no(office, "Dag")
    send(office, units=(WARD,))
    office.pass_time("2027-01-12 12:00")

    run = office.runs()[0]
    with office.reading() as session:
        assert people_asked(session, run.id or 0) == []
    page = group_page(office, "Ada").tap(f"results:{run.id}")
    assert said("poll.nothing_to_show") in page.text
    office.pass_time("2027-01-18 12:00")
    assert said("poll.status_title") not in office.latest("Grace")


def test_the_lines_of_a_poll_do_not_tell_who_is_left_alone(office: Office) -> None:
    """Ten in the ward, one of whom said no, have a part of their own as if nobody had; its figures stay hidden."""
    say_no(office, "Dag")

    send(office, units=(WARD, OTHER_WARD))

    assert [(one.units, one.invited) for one in partition_sent(office).buckets] == [
        (tuple(map(int, place(office, WARD))), 9),
        (tuple(map(int, place(office, OTHER_WARD))), 10),
    ]


def test_a_part_in_which_fewer_than_ten_were_asked_has_no_figures_of_its_own(office: Office) -> None:
    say_no(office, "Eldbjørg")
    send(office, units=(WARD, OTHER_WARD))
    office.pass_time("2027-01-05 12:00")
    others = [one for one in office.staff(OTHER_WARD) if one != "Turid"]
    for name in (*MOST_OF_THE_WARD, *others):
        open_poll(office, name).fill_in({"answer": "option_1" if name in MOST_OF_THE_WARD else "option_2"})

    office.pass_time("2027-01-12 12:00")

    page = group_page(office, "Ada").tap(f"results:{office.runs()[0].id}").text
    for ward in ("Avdeling 1", "Avdeling 2"):
        assert said("held_back.derivable", unit=ward) in page
    with office.reading() as session:
        reasons = {one.reason for one in people_left_alone(session, office.runs()[0].id or 0)}
    assert reasons == {LeftAlone.declined}
    office.pass_time("2027-01-18 12:00")
    assert "10–19 kolleger" in office.week("Grace").text
