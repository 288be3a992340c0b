"""Inserting what is not there yet: one statement for many rows, safe to repeat, the same on both databases."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, Table, literal, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel

from storage.directory.natural import table_of

ROWS_TOGETHER = 1_000


def insert_missing(session: Session, model: type[SQLModel], rows: Sequence[dict[str, Any]]) -> None:
    """Insert `rows` (all with the same keys); a row that meets a UNIQUE constraint is left out silently."""
    statement = _insert(session, model)
    for start in range(0, len(rows), ROWS_TOGETHER):
        session.execute(statement, list(rows[start : start + ROWS_TOGETHER]))


def insert_missing_from(session: Session, model: type[SQLModel], query: Select[Any]) -> None:
    """The same for what `query` finds, in one INSERT ... SELECT; its columns are called as the table's are."""
    names = query.selected_columns.keys()
    # Without a WHERE, SQLite takes the ON of ON CONFLICT for that of a join.
    found = query.where(literal(1) == 1)
    session.execute(_insert(session, model).from_select(names, found, include_defaults=False))


def count_anew(session: Session, *models: type[SQLModel]) -> None:
    """Let PostgreSQL look how large tables have become: by an old picture it joins many rows one by one, for hours."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("ANALYZE " + ", ".join(table_of(model).name for model in models)))


def missing_into(table: Table, dialect: str) -> sqlite.Insert | postgresql.Insert:
    """The statement that inserts what is not there yet, on a database that speaks `dialect`."""
    return insert_into(table, dialect).on_conflict_do_nothing()


def insert_into(table: Table, dialect: str) -> sqlite.Insert | postgresql.Insert:
    """The beginning of a statement that says what becomes of rows that meet a UNIQUE constraint."""
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


def _insert(session: Session, model: type[SQLModel]) -> sqlite.Insert | postgresql.Insert:
    return missing_into(table_of(model), session.get_bind().dialect.name)
