"""Three made-up rows in every table that a database has, whatever its revision, and all rows as lines."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import Boolean, Column, Connection, Date, ForeignKey, Integer, LargeBinary, insert
from sqlmodel.sql.sqltypes import AutoString

from storage.backup.carrying import read_lines
from storage.backup.shapes import Shape, shapes_of
from storage.columns import UtcDateTime
from storage.numbering import set_next_number
from storage.store import Store

ROWS = (1, 2, 3)
AT = datetime(2027, 1, 4, 8, 30, 15, 123456, tzinfo=UTC)


def fill_tables(connection: Connection, shapes: Sequence[Shape]) -> None:
    """In every table rows 1 to 3, each referring to those with its number; in row 3 what may be empty is empty."""
    for shape in shapes:
        columns = [shape.today.columns[name] for name in shape.columns]
        rows = [{one.name: make_value(one, number) for one in columns} for number in ROWS]
        connection.execute(insert(shape.plain), rows)
        if shape.counted is not None:
            set_next_number(connection, shape, len(ROWS) + 1)


def make_value(column: Column[Any], number: int) -> Any:
    if column.nullable and number == ROWS[-1]:
        return None
    key: ForeignKey | None = next(iter(column.foreign_keys), None)
    if key is not None and key.column.table is column.table:
        return None if number == 1 else number - 1
    if isinstance(column.type, AutoString) and column.name.endswith("_hash"):
        return sha256(f"{column.name} {number}".encode()).hexdigest()
    if isinstance(column.type, AutoString):
        return f"{column.name} «{number}», æ' \" \\ \u2028"
    kinds: dict[type, Any] = {
        Boolean: number % 2 == 0,
        Integer: number,
        Date: date(2027, 1, number),
        UtcDateTime: AT + timedelta(microseconds=number),
        LargeBinary: bytes([0, number, 10, 255]),
    }
    document = {"z": [number, 0.1, None, "å"], "a": {"b": True}, "": f"\n{number}"}
    return next((kinds[kind] for kind in kinds if isinstance(column.type, kind)), document)


def lines_of(connection: Connection, shapes: Sequence[Shape]) -> dict[str, list[str]]:
    """The rows of these tables, in the columns of these shapes."""
    return {shape.name: list(read_lines(connection, shape)) for shape in shapes}


def all_lines(store: Store) -> dict[str, list[str]]:
    """Every row of a database, but for the log's."""
    with store.engine.connect() as connection:
        return lines_of(connection, [one for one in shapes_of(connection) if one.name != "log_entry"])
