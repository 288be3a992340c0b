"""Tables as a database has them, and their rows as lines of text that mean the same on both databases."""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Column, Connection, Date, LargeBinary, Table, column, func, inspect, table
from sqlalchemy.sql import TableClause
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString

from storage.columns import UtcDateTime
from storage.tables import Unit

TO_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True)
Change = Callable[[Any], Any]

TO_TEXT: dict[type, Change] = {
    UtcDateTime: datetime.isoformat,
    Date: date.isoformat,
    LargeBinary: lambda value: base64.b64encode(value).decode(),
}
FROM_TEXT: dict[type, Change] = {
    UtcDateTime: datetime.fromisoformat,
    Date: date.fromisoformat,
    LargeBinary: lambda value: base64.b64decode(value, validate=True),
}


@dataclass(frozen=True)
class Shape:
    """A table with the columns it has in one database: an older one has fewer than today's."""

    name: str
    columns: tuple[str, ...]

    @cached_property
    def today(self) -> Table:
        return SQLModel.metadata.tables[self.name]

    @cached_property
    def plain(self) -> TableClause:
        """Name, columns and their types alone: no default of today's fills in what is not there."""
        return table(self.name, *(column(one, self.today.columns[one].type) for one in self.columns))

    @cached_property
    def counted(self) -> Column[Any] | None:
        """The column by which rows are numbered as they come; None where the key is something else."""
        return self.today.autoincrement_column

    def key_order(self, *, is_sqlite: bool) -> list[Any]:
        """The primary key, by bytes on both databases; a unit after the one above it, whose path is shorter."""
        keys = [self.plain.c[one.name] for one in self.today.primary_key.columns]
        ordered = [one.collate("C") if isinstance(one.type, AutoString) and not is_sqlite else one for one in keys]
        return [func.length(self.plain.c.path), *ordered] if self.name == Unit.__tablename__ else ordered

    def write_line(self, row: Any) -> str:
        """A row as a line of JSON. PostgreSQL keeps a document without the order of its keys, so they are sorted."""
        return TO_JSON.encode(_change(list(row), self._packers)) + "\n"

    def read_line(self, line: str) -> dict[str, Any]:
        return dict(zip(self.columns, _change(json.loads(line), self._unpackers), strict=True))

    @cached_property
    def _packers(self) -> list[tuple[int, Change]]:
        return self._places(TO_TEXT)

    @cached_property
    def _unpackers(self) -> list[tuple[int, Change]]:
        return self._places(FROM_TEXT)

    def _places(self, changes: dict[type, Change]) -> list[tuple[int, Change]]:
        types = enumerate(one.type for one in self.plain.columns)
        return [(place, changes[kind]) for place, one in types for kind in changes if isinstance(one, kind)]


def shapes_of(connection: Connection) -> list[Shape]:
    """The tables of this database, in an order in which a row comes after those it refers to."""
    inspector = inspect(connection)
    there = set(inspector.get_table_names())
    return [
        Shape(one.name, tuple(column["name"] for column in inspector.get_columns(one.name)))
        for one in SQLModel.metadata.sorted_tables
        if one.name in there
    ]


def _change(values: list[Any], changes: list[tuple[int, Change]]) -> list[Any]:
    for place, change in changes:
        if values[place] is not None:
            values[place] = change(values[place])
    return values
