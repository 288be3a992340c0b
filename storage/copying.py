"""The organisation is copied from one store into another: people, units, rosters, discussions; no answer, no run."""

from collections.abc import Iterator

from sqlalchemy import Connection, func, insert, inspect, select
from sqlmodel import Session, SQLModel

from storage.directory.natural import table_of
from storage.store import Store
from storage.tables import (
    Absence,
    Address,
    Discussion,
    Membership,
    Person,
    Role,
    RosteredDays,
    Shift,
    Unit,
    UnitBelow,
)

ORGANISATION: tuple[type[SQLModel], ...] = (
    *(Unit, Person, UnitBelow, Membership, Role, Absence, Address, Discussion),
    *(Shift, RosteredDays),
)
ROWS_TOGETHER = 5_000


def count_active_people(store: Store) -> int:
    """How many active people there are; 0 also where the database has no tables yet."""
    if not inspect(store.engine).has_table(table_of(Person).name):
        return 0
    with store.reading() as session:
        person = table_of(Person).c
        return session.connection().scalar(select(func.count()).where(person.active)) or 0


def copy_organisation(source: Session, target: Session) -> None:
    """Copy the organisation with its ids. `source` is only read; `target` has the same tables, and nothing in them."""
    reading, writing = source.connection(), target.connection()
    for model in ORGANISATION:
        for rows in _read(reading, model):
            writing.execute(insert(table_of(model)), rows)


def _read(connection: Connection, model: type[SQLModel]) -> Iterator[list[dict[str, object]]]:
    """The rows of a table, some thousands together: a municipality need not lie in memory twice."""
    table = table_of(model)
    query = select(table)
    if model is Unit:
        query = query.order_by(func.length(table.c.path))  # a unit comes after the one above it, whose path is shorter
    for part in connection.execution_options(yield_per=ROWS_TOGETHER).execute(query).mappings().partitions():
        yield [dict(row) for row in part]
