"""Everything that is stored about one person, found by the schema: whatever refers to a person is reached."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sqlalchemy import Column, Table, func, select
from sqlmodel import Session, SQLModel

from flows.model import Kind
from storage.directory.natural import table_of
from storage.tables import Decision, DeclaredPerson, Delivery, Digest, Link, Participation, Person, Run, Theme, Unit
from storage.tables.sending import DeliveryKind

Rows = list[dict[str, Any]]

# Half of a personal link opens nothing and is nobody's to read; the facts of a week are about a unit.
NEVER_SHOWN: Mapping[str, Collection[str]] = {
    table_of(Link).name: ("id", "secret_hash"),
    table_of(Participation).name: ("bucket",),
    table_of(DeclaredPerson).name: ("bucket",),
    table_of(Digest).name: ("facts",),
}


def columns_about_people(*, own: bool | None = None) -> Iterator[tuple[Table, Column[Any]]]:
    """Every column that refers to a person. With `own`, only those whose rows belong to the person and go with them
    (or, where False, only the others: a reader, whoever decided)."""
    for table in SQLModel.metadata.sorted_tables:
        for column in table.columns:
            for key in column.foreign_keys:
                if key.column.table is table_of(Person) and own in (None, key.ondelete == "CASCADE"):
                    yield table, column


def person_by_number(session: Session, number: str) -> Person | None:
    """The person whom the directory calls so."""
    query = select(table_of(Person).c.id).where(table_of(Person).c.number == number)
    found = session.connection().execute(query).scalar()
    return session.get(Person, found) if found is not None else None


def rows_about(session: Session, person_id: int) -> dict[str, Rows]:
    """All rows that belong to a person, by table, and what the person decided as a leader. Units, rounds, themes and
    other people stand there by name. Tables with nothing in them are left out."""
    found: dict[str, Rows] = {}
    for table, column in _find_columns():
        query = select(table).where(column == person_id).order_by(*table.primary_key.columns)
        rows = [_name(session, table, column, dict(row)) for row in session.connection().execute(query).mappings()]
        if rows := [one for one in rows if one.get("kind") != DeliveryKind.reminder or table is not table_of(Delivery)]:
            found.setdefault(table.name, []).extend(rows)
    return found


def count_about(session: Session, person_id: int) -> dict[str, int]:
    """How many rows belong to a person, by table; those with none are left out."""
    found: dict[str, int] = {}
    for table, column in _find_columns():
        number = session.connection().execute(select(func.count()).where(column == person_id)).scalar_one()
        if number:
            found[table.name] = number
    return found


def tables_about_people() -> list[str]:
    """The names of all tables in which something belongs to a person."""
    return [table.name for table, _ in _find_columns()]


def _find_columns() -> list[tuple[Table, Column[Any]]]:
    decision = table_of(Decision)
    return [*columns_about_people(own=True), (decision, decision.c.decided_by)]


def _name(session: Session, table: Table, own: Column[Any], row: dict[str, Any]) -> dict[str, Any]:
    """The row with names in the place of our ids, without its own id and that of the person."""
    hidden = {own.name, *NEVER_SHOWN.get(table.name, ())}
    if table is table_of(Participation) and Kind(session.get_one(Run, row["run_id"]).kind).is_sealed:
        hidden.add("answered")  # it stands on the own page alone
    named = {}
    for column in table.columns:
        value = row[column.name]
        target = next((key.column.table for key in column.foreign_keys), None)
        is_our_id = column.primary_key and target is None
        if column.name not in hidden and not is_our_id and value is not None:
            named[column.name.removesuffix("_id")] = _find_name(session, target, value)
    return named


def _find_name(session: Session, table: Table | None, value: Any) -> Any:
    if table is table_of(Unit):
        return session.get_one(Unit, value).path
    if table is table_of(Person):
        return session.get_one(Person, value).name
    if table is table_of(Theme):
        return session.get_one(Theme, value).text
    if table is table_of(Run):
        run = session.get_one(Run, value)
        return f"{run.flow} {run.local_date}"
    return value
