"""Inserting what is not there yet: one statement for many rows, safe to repeat, the same on both databases."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel

ROWS_TOGETHER = 1_000


def insert_missing(session: Session, model: type[SQLModel], rows: Sequence[dict[str, Any]]) -> None:
    """Insert `rows` (all with the same keys); a row that meets a UNIQUE constraint is left out silently."""
    table: Table = model.__table__  # type: ignore[attr-defined]
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    for start in range(0, len(rows), ROWS_TOGETHER):
        chunk = list(rows[start : start + ROWS_TOGETHER])
        if is_sqlite:
            session.execute(sqlite.insert(table).on_conflict_do_nothing(), chunk)
        else:
            session.execute(postgresql.insert(table).on_conflict_do_nothing(), chunk)
