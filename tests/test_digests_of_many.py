"""The week of many leaders is found in one pass, however many they are."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from sqlalchemy import event
from sqlmodel import select

from bot.digests import make_digests
from bot.scheduling import tick
from storage.store import Store
from storage.tables import Digest, Person, Unit
from storage.themes import suggest
from tests.office import MakeOffice, Office, crowd, line, on, oslo, shipped


@contextmanager
def counted(store: Store) -> Iterator[list[str]]:
    """The SQL statements that the block sends."""
    statements: list[str] = []

    def note(*arguments: object) -> None:
        statements.append(str(arguments[2]))

    event.listen(store.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(store.engine, "before_cursor_execute", note)


def _statements_for(make_office: MakeOffice, leaders: int) -> list[str]:
    """What the digests of a morning cost with so many wards, each with a leader, ten people, a theme and a figure."""
    wards = [f"Solvik / Avdeling {i}" for i in range(leaders)]
    people = [
        one
        for i, ward in enumerate(wards)
        for one in (
            line(1000 + i, f"Leder{i} Moen", ward, "leader"),
            *crowd(10_000 + 20 * i, ward, " ".join(f"P{i}x{j}" for j in range(10))),
        )
    ]
    office = make_office(flows=[shipped("pulse", schedule=on("2027-01-04"), deadline_days=4, remind_after_days=[])])
    office.import_people(people)
    store = office.parts.store
    for moment in ("2027-01-04 08:59", "2027-01-04 09:00", "2027-01-08 09:00"):
        with store.writing() as session:
            tick(session, office.parts, oslo(moment))
    with store.writing() as session:
        for ward in wards:
            unit_id = session.exec(select(Unit.id).where(Unit.path == ward)).one() or 0
            author = session.exec(select(Person.id)).first() or 0
            suggest(session, office.runs()[0].id or 0, unit_id, author, f"Tema i {ward}", date(2027, 1, 5))
    with store.writing() as session, counted(store) as statements:
        make_digests(session, office.parts, date(2027, 1, 11), oslo("2027-01-11 08:00"))
    with office.reading() as session:
        made = session.exec(select(Digest)).all()
    assert sum(one.facts["role"] == "leader" and bool(one.facts["runs"]) for one in made) == leaders
    return statements


def test_ten_times_as_many_leaders_cost_no_statement_more(
    make_office: MakeOffice, make_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    few = _statements_for(make_office, 5)
    other_store = Store(make_database())
    others: list[Office] = []

    def make_other(**chosen: object) -> Office:
        others.append(Office(other_store, tmp_path_factory.mktemp("other"), **chosen))  # type: ignore[arg-type]
        return others[-1]

    many = _statements_for(make_other, 50)
    others[0].close()
    other_store.close()

    assert len(many) == len(few)
