"""Attacks on the promise that nobody sees who suggested a theme, and that what was taken back or decided is gone."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from storage.store import Store
from storage.tables.organisation import RoleName
from tests.browsing import STAFF, dump
from tests.looking_into import back_up, read_raw
from tests.office import PEOPLE, WARD, Office, on, shipped

MakeOffice = Callable[..., Office]

SECRET = "Noe-bare-en-ville-skrevet"


@pytest.fixture
def office(make_office: MakeOffice) -> Office:
    """Monday noon: everybody has been asked for themes, and for what they can do."""
    flows = [shipped(name, schedule=on("2027-01-04")) for name in ("theme_suggestion", "unused_competence")]
    office = make_office(flows=flows, people=STAFF)
    office.pass_time("2027-01-04 12:00")
    return office


def decide(office: Office, name: str, action: str) -> None:
    office.pass_time("2027-01-11 12:00")
    page = office.week(name)
    theme_id = next(button.action for button in page.card.buttons if button.action.startswith(action)).split(":")[1]
    page.tap(f"save_{action}:{theme_id}", {"own": "Vi ser på det."})
    office.beat()


def test_a_theme_carries_no_name_on_anybodys_page(office: Office) -> None:
    office.answer("Jonas", "theme_suggestion", {"suggestion": SECRET})
    office.pass_time("2027-01-18 12:00")

    for page in ("\n".join(office.inbox("Petra")), "\n".join(office.inbox("Grace")), office.week("Grace").text):
        about = [part for part in page.split("\n\n") if SECRET in part]
        assert about
        assert not any("Jonas" in part for part in about)


def test_after_a_decision_nothing_ties_anybody_to_the_theme(office: Office, store: Store) -> None:
    office.answer("Jonas", "theme_suggestion", {"suggestion": SECRET})
    office.answer("Petra", "theme_suggestion", {"suggestion": f"{SECRET} ja", "nearest": "1"})
    assert len(dump(store)["theme_author"]) + len(dump(store)["support"]) == 2

    decide(office, "Grace", "taken_in")

    assert dump(store)["theme_author"] == dump(store)["support"] == []


def test_the_outbox_tells_the_whole_unit_of_a_decision_and_not_who_stood_behind_it(
    office: Office, store: Store
) -> None:
    office.answer("Jonas", "theme_suggestion", {"suggestion": SECRET})
    decide(office, "Grace", "taken_in")

    rows = [row for row in back_up(store)["delivery"] if row["kind"] == "decision"]

    assert {row["person_id"] for row in rows} == {office.id_of(name) for name in office.staff(WARD)}
    shapes = {
        tuple(row[name] for name in ("about", "channel", "kind", "ordinal", "attempts", "trouble")) for row in rows
    }
    assert len(shapes) == 1
    by_person = sorted(rows, key=lambda row: row["id"])
    assert [row["person_id"] for row in by_person] == sorted(row["person_id"] for row in rows)  # nobody comes first


def test_the_log_names_who_decided_and_never_who_suggested(office: Office, store: Store) -> None:
    before = len(back_up(store)["log_entry"])
    office.answer("Jonas", "theme_suggestion", {"suggestion": SECRET})
    decide(office, "Grace", "taken_in")

    entries = back_up(store)["log_entry"][before:]

    actors = {entry["actor"] for entry in entries}
    assert actors <= {"medvirk", f"person:{office.id_of('Grace')}"}
    assert not any(f"person:{office.id_of('Jonas')}" in repr(entry) for entry in entries)
    assert not any(SECRET in repr(entry) for entry in entries)


def leaves(document: Any) -> Iterator[Any]:
    if isinstance(document, dict):
        for value in document.values():
            yield from leaves(value)
    elif isinstance(document, list):
        for value in document:
            yield from leaves(value)
    else:
        yield document


def test_a_digest_is_stored_as_facts_without_a_name_or_a_text(office: Office, store: Store) -> None:
    office.answer("Jonas", "theme_suggestion", {"suggestion": SECRET})
    office.answer("Petra", "unused_competence", {"has_more": "yes", "competence": SECRET, "tasks": ""})
    decide(office, "Grace", "taken_in")
    office.pass_time("2027-01-25 12:00")

    rows = back_up(store)["digest"]

    assert rows
    for row in rows:
        facts = json.loads(row["facts"]) if isinstance(row["facts"], str) else row["facts"]
        for leaf in leaves(facts):
            is_plain = leaf is None or isinstance(leaf, int) or leaf in set(RoleName)
            assert is_plain or re.fullmatch(r"[0-9a-f]{12}", str(leaf)), leaf
        names = {word for one in PEOPLE for word in one.split(";")[1].split()}
        assert not any(name in repr(facts) for name in (*names, SECRET))


def test_a_reminder_leaves_no_row_behind(office: Office, store: Store) -> None:
    office.answer("Jonas", "unused_competence", {"has_more": "no", "tasks": ""})
    office.pass_time("2027-01-11 08:59")
    office.pass_time("2027-01-13 12:00")

    assert "reminder" not in {row["kind"] for row in back_up(store)["delivery"]}


@pytest.mark.parametrize(
    "way", ["taken back", "withdrawn", "changed", pytest.param("decided and over", marks=pytest.mark.slow)]
)
def test_what_was_taken_back_is_in_no_byte_of_the_database_any_more(office: Office, store: Store, way: str) -> None:
    flow, field = (
        ("unused_competence", "competence") if way in ("withdrawn", "changed") else ("theme_suggestion", "suggestion")
    )
    page = office.answer("Jonas", flow, {field: SECRET, "has_more": "yes", "tasks": "Flere"})
    assert SECRET.encode() in read_raw(store)

    match way:
        case "taken back":
            page.tap(next(button.action for button in page.card.buttons if button.action.startswith("take_back")))
        case "decided and over":
            office.pass_time("2028-03-01 12:00")  # what is kept for twelve months after the close
        case "withdrawn":
            office.open("Jonas", flow).tap("withdraw")
        case "changed":
            office.open("Jonas", flow).tap("change").fill_in({"has_more": "no", "tasks": ""})
    office.beat()

    assert SECRET not in back_up(store).text
    if store.is_sqlite:  # PostgreSQL leaves the bytes of a deleted row lying until it needs the room
        assert SECRET.encode() not in read_raw(store)
