"""Who comes, and what they are asked, is found in one question each: as it was before, and no more than that."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlmodel import col, select

from storage.arrivals import find_by_address
from storage.asked import find_asked
from storage.links import Purpose, find_link_for
from storage.people import leader_of
from storage.tables import Address, Participation, Run
from tests.office import MakeOffice, Office, said
from tests.rounds import STAFF, begun, flow

PULSE, COMPETENCE = "pulse", "unused_competence"
ANSWERS = {PULSE: {"learnt_needed": "weekly"}, COMPETENCE: {"tasks": "Turer"}}
BOTH = pytest.mark.parametrize("about", [PULSE, COMPETENCE])


@contextmanager
def listening() -> Iterator[list[str]]:
    """The first word of all that databases are asked in the block, but for what only begins and ends."""
    heard: list[str] = []

    def hear(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        word = statement.split()[0]
        if word in ("SELECT", "INSERT", "UPDATE", "DELETE") and "pg_advisory" not in statement:
            heard.append(word)

    event.listen(Engine, "before_cursor_execute", hear)
    try:
        yield heard
    finally:
        event.remove(Engine, "before_cursor_execute", hear)


def ask(make_office: MakeOffice, about: str) -> Office:
    return begun(make_office(flows=[flow(about)], people=STAFF))


@BOTH
def test_an_answer_takes_two_questions_and_is_stored_by_two(make_office: MakeOffice, about: str) -> None:
    office = ask(make_office, about)
    page = office.open("Ada", about)
    if about == COMPETENCE:
        page = page.tap("send", {"has_more": "no"})

    with listening() as heard:
        receipt = page.tap("send", ANSWERS[about])

    assert said("receipt.title") in receipt.text
    assert heard == ["SELECT", "SELECT", "UPDATE", "INSERT"]


@BOTH
def test_the_leader_who_is_named_is_the_one_who_was_frozen_or_the_nearest(make_office: MakeOffice, about: str) -> None:
    office = ask(make_office, about)
    with office.reading() as session:
        asked = session.exec(select(Participation).order_by(col(Participation.person_id))).all()
        found = [find_asked(session, one.run_id, one.person_id) for one in asked]
        nearest = [leader_of(session, one.unit_id) for one in asked]

    assert [one.reader_id is not None for one in asked] == [about == COMPETENCE] * len(asked)
    assert [one[1] and one[1].leader for one in found if one] == [one and one.name for one in nearest]
    assert all(one is not None for one in nearest)


def test_whoever_is_not_in_the_audience_is_told_apart_from_a_round_that_is_gone(make_office: MakeOffice) -> None:
    office = ask(make_office, PULSE)
    with office.reading() as session:
        run_id = session.exec(select(Run.id)).one() or 0
        stranger, gone = find_asked(session, run_id, 999), find_asked(session, 999, office.id_of("Ada"))

    assert stranger is not None
    assert (stranger[0].flow, stranger[1]) == (office.flows[PULSE], None)
    assert gone is None


def test_the_way_home_is_known_to_whoever_comes_by_an_address_as_long_as_it_lives(make_office: MakeOffice) -> None:
    office = ask(make_office, PULSE)
    with office.parts.store.writing() as session:
        session.add(Address(person_id=office.id_of("Ada"), channel="slack", value="T1:U1", workspace="T1"))

    with office.reading() as session:
        now = find_by_address(session, "slack", "T1:U1", office.at)
        later = find_by_address(session, "slack", "T1:U1", office.at + timedelta(days=500))
        link = find_link_for(session, office.id_of("Ada"), Purpose.home, 0)

    assert link is not None
    assert [one and one.home_link for one in (now, later)] == [link.id, None]


def test_rounds_of_the_same_flow_read_it_once_and_another_flow_is_another(make_office: MakeOffice) -> None:
    office = begun(make_office(flows=[flow(PULSE), flow(COMPETENCE)], people=STAFF))
    with office.reading() as session:
        runs = {one.flow: one.id or 0 for one in session.exec(select(Run))}
        first, again, other = (find_asked(session, runs[name], 0) for name in (PULSE, PULSE, COMPETENCE))

    assert first is not None
    assert again is not None
    assert other is not None
    assert first[0].flow is again[0].flow
    assert (first[0].flow.name, other[0].flow.name) == (PULSE, COMPETENCE)
