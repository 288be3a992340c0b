"""A group of a whole agency: what is asked of the store about its people takes any number of them."""

import sqlite3
from datetime import date

from sqlalchemy import insert
from sqlmodel import Session, col, select

from storage.polls import people_in_group
from storage.store import Store
from storage.tables import Membership, Person, Unit
from storage.tables.organisation import MembershipKind
from storage.units import rebuild_units_below

MOST_VALUES = 32_766  # that SQLite takes in a statement where nobody has built it for more, as Debian does
MORE_THAN_A_STATEMENT_TAKES = 66_000  # PostgreSQL: 65,535


def fill_group(session: Session, members: int) -> Unit:
    """A group with so many people, of whom the first is no longer active."""
    group = Unit(path="Solvik / Ressursgruppe Demens", name="Ressursgruppe Demens", is_group=True)
    session.add(group)
    people = [{"number": str(one), "name": f"Person {one}", "active": one > 0} for one in range(members)]
    session.connection().execute(insert(Person), people)
    session.flush()
    belonging = [
        {"person_id": one, "unit_id": group.id, "kind": MembershipKind.group, "employer": "Solvik kommune"}
        for one in session.exec(select(col(Person.id)))
    ]
    session.connection().execute(insert(Membership), belonging)
    rebuild_units_below(session.connection())
    return group


def take_no_more_values_than_usual(session: Session) -> None:
    connection = session.connection().connection.dbapi_connection
    if isinstance(connection, sqlite3.Connection):
        connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, MOST_VALUES)


def test_a_group_of_more_people_than_a_statement_takes_values_is_found_whole(store: Store) -> None:
    with store.writing() as session:
        take_no_more_values_than_usual(session)
        group = fill_group(session, MORE_THAN_A_STATEMENT_TAKES)

        found = people_in_group(session, group, date(2027, 1, 4))

    assert len(found) == MORE_THAN_A_STATEMENT_TAKES - 1
