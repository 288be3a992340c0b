"""Who may do what with a group's polls: rights come from the roles at each visit, and names stay with one reader."""

import pytest
from sqlmodel import select

from storage.tables import LogEntry
from tests.office import OTHER_WARD, WARD, MakeOffice, Office, line, said
from tests.polling import (
    ANOTHER_GROUP,
    WITH_GROUPS,
    compose,
    group_page,
    in_group,
    make_polling_office,
    open_poll,
    send,
)

WRITERS = ["Petra", "Dag", "Linn", "Siv", "Unni", "Jonas", "Bente", "Geir", "Hilde", "Ivar", "Jorunn", "Kåre"]
NOT_YOURS = said("poll.not_yours")


@pytest.fixture
def office(make_office: MakeOffice) -> Office:
    return make_polling_office(make_office)


def make_named(office: Office) -> str:
    """A poll with names, answered and closed; the action that opens its answers comes back."""
    send(office, units=(WARD,), kept="named")
    office.pass_time("2027-01-05 12:00")
    open_poll(office, "Petra").fill_in({"answer": "option_2"})
    office.pass_time("2027-01-12 12:00")
    return f"names:{office.runs()[0].id}"


def actions(office: Office) -> list[tuple[str, str]]:
    with office.reading() as session:
        return [(one.actor, one.action) for one in session.exec(select(LogEntry).order_by(LogEntry.number))]  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["Mallory", "Grace", "Bente", "Turid"])
def test_only_the_coordinator_of_this_very_group_comes_in(office: Office, name: str) -> None:
    page = group_page(office, name)

    assert NOT_YOURS in page.text
    for action in ("new", "to_audience", "preview", "send", "drop", "names:1", "texts:1", "results:1"):
        assert NOT_YOURS in page.tap(action).text


def test_a_link_gives_nothing_after_the_role_is_lost(office: Office) -> None:
    seen = compose(office)
    office.import_people([one for one in WITH_GROUPS if "group_coordinator" not in one or "Ada" not in one])

    seen.tap("send")

    assert NOT_YOURS in seen.text
    assert office.runs() == []


def test_a_card_of_one_group_sends_nothing_for_another(make_office: MakeOffice) -> None:
    both = (*WITH_GROUPS, in_group(101, "Ada Berg", "group_coordinator", ANOTHER_GROUP))
    office = make_polling_office(make_office, both)
    state = compose(office).card.state

    group_page(office, "Ada", ANOTHER_GROUP).tap("send", state=state)

    assert office.runs() == []


def test_somebody_elses_card_sends_nothing(make_office: MakeOffice) -> None:
    both = (*WITH_GROUPS, in_group(201, "Turid Bakke", "group_coordinator"))
    office = make_polling_office(make_office, both)
    state = compose(office).card.state

    group_page(office, "Turid").tap("send", state=state)

    assert office.runs() == []


def test_a_made_up_unit_is_refused(office: Office) -> None:
    page = group_page(office, "Ada").tap("new").tap("to_audience", {"title": "x", "question": "y", "answer": "text"})

    page.tap("preview", {"units": ["9999"], "days": "7"})

    assert said("problem.unknown_option") in page.text


def test_the_promise_of_a_named_poll_says_who_reads(office: Office) -> None:
    send(office, units=(WARD,), kept="named")
    office.pass_time("2027-01-05 12:00")

    card = open_poll(office, "Petra").text

    assert "Med navn. Bare Ada Berg, koordinator for Ressursgruppe Demens, ser svaret." in card
    assert "Send til Ada" in card


def test_named_answers_are_seen_by_the_coordinator_alone_and_each_opening_is_logged(office: Office) -> None:
    names = make_named(office)

    page = group_page(office, "Ada").tap(names)

    assert "PETRA MOEN" in page.text
    assert "En rolig samtale" in page.text
    assert (f"person:{office.id_of('Ada')}", "named answers opened") in actions(office)
    assert "Petra" not in office.inbox("Vera")[0]
    assert NOT_YOURS in group_page(office, "Turid").tap(names).text
    assert "Petra" not in office.latest("Grace")


def test_the_own_page_says_that_the_coordinator_sees_the_answer(office: Office) -> None:
    make_named(office)

    page = office.home("Petra").text

    assert "Bare Ada Berg kan se dette" in page


def test_a_leader_who_coordinates_does_not_find_the_groups_answers_among_those_to_the_leader(office: Office) -> None:
    send(office, "Turid", units=(OTHER_WARD,), kept="named", group=ANOTHER_GROUP)
    office.pass_time("2027-01-05 12:00")
    open_poll(office, "Bente").fill_in({"answer": "option_2"})
    office.pass_time("2027-01-18 12:00")
    run_id = office.runs()[0].id
    assert "BENTE MOEN" in group_page(office, "Turid", ANOTHER_GROUP).tap(f"names:{run_id}").text

    week = office.week("Turid")

    assert said("poll.status_named", group="Ressursgruppe Etikk", title="Kveldsuro") in week.text
    assert said("names.nobody") in week.tap("names").text


def test_nothing_is_opened_before_a_named_poll_has_closed(office: Office) -> None:
    send(office, units=(WARD,), kept="named")
    office.pass_time("2027-01-05 12:00")
    open_poll(office, "Petra").fill_in({"answer": "option_2"})

    page = group_page(office, "Ada").tap(f"names:{office.runs()[0].id}")

    assert "PETRA" not in page.text


def test_a_new_coordinator_does_not_see_what_was_promised_to_the_one_before(office: Office) -> None:
    names = make_named(office)
    without_ada = [one for one in WITH_GROUPS if "group_coordinator" not in one]
    office.import_people([*without_ada, in_group(103, "Jonas Vik", "group_coordinator")])

    page = group_page(office, "Jonas").tap(names.replace("names", "results"))

    assert said("poll.names_are_not_yours") in page.text
    assert "PETRA" not in page.tap(names).text


def test_the_coordinator_is_not_asked_to_write_to_herself(office: Office) -> None:
    send(office, units=(WARD,), kept="named")
    office.pass_time("2027-01-05 23:00")

    assert not any("Kveldsuro" in one for one in office.inbox("Ada"))


def test_a_group_that_is_gone_lets_nobody_in(office: Office) -> None:
    page = group_page(office, "Turid", ANOTHER_GROUP)
    assert NOT_YOURS not in page.text
    office.import_people([one for one in WITH_GROUPS if ANOTHER_GROUP not in one])

    assert NOT_YOURS in page.tap("new").text


def test_leaders_can_be_asked_alone(make_office: MakeOffice) -> None:
    office = make_polling_office(make_office, (*WITH_GROUPS, line(211, "Rune Vold", OTHER_WARD, "leader")))

    compose(office, units=("Solvik",), people="leaders", kept="named").tap("send")

    office.pass_time("2027-01-05 23:30")
    with_it = [
        one for one in ("Sverre", "Grace", "Turid", "Nils", "Rune", "Petra") if "Kveldsuro" in str(office.inbox(one))
    ]
    assert with_it == ["Sverre", "Grace", "Turid", "Nils", "Rune"]


def test_texts_are_read_behind_a_logged_opening(make_office: MakeOffice) -> None:
    office = make_polling_office(make_office)
    send(office, answer="text")
    office.pass_time("2027-01-05 12:00")
    for number, name in enumerate(WRITERS):
        open_poll(office, name).fill_in({"answer": f"Sang nummer {number} med Petra"})
    office.pass_time("2027-01-12 12:00")

    run_id = office.runs()[0].id
    assert "kan lese teksten uten navn" in office.runs()[0].frozen["steps"][0]["fields"][0]["hint"]["nb"]
    page = group_page(office, "Ada").tap(f"results:{run_id}")
    assert "Sang nummer" not in page.text
    assert "Sang nummer" not in office.inbox("Ada")[0]

    page.tap(f"texts:{run_id}")
    assert page.text.count("Sang nummer") == 12
    assert "Petra" not in page.text
    assert (f"person:{office.id_of('Ada')}", "texts opened") in actions(office)
