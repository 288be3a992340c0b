"""Many people in one statement: their ids travel as one value, there and back, on both databases."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import (
    ARRAY,
    JSON,
    Column,
    ColumnElement,
    Connection,
    FromClause,
    Integer,
    MetaData,
    SQLColumnExpression,
    Table,
    TableValuedAlias,
    any_,
    func,
    insert,
    literal,
    select,
    true,
    type_coerce,
)
from sqlalchemy.types import TypeEngine
from sqlmodel import Session

IDS: TypeEngine[Any] = JSON().with_variant(ARRAY(Integer), "postgresql")


def is_among(connection: Connection, column: SQLColumnExpression[Any], ids: Collection[int]) -> ColumnElement[bool]:
    """`column` is one of `ids`, however many they are: SQLite takes 32,766 values in a statement, PostgreSQL 65,535,
    and both take long over a thousand."""
    given = literal(list(ids), IDS)
    if connection.dialect.name == "sqlite":
        return column.in_(select(_each(connection, given).c.value))
    return column == any_(given)


def gathered(connection: Connection, column: SQLColumnExpression[Any]) -> ColumnElement[Any]:
    """The ids of a group as one list, so that a row comes back for each group and not for each person."""
    gather = func.json_group_array if connection.dialect.name == "sqlite" else func.array_agg
    return type_coerce(gather(column), IDS)


@contextmanager
def loaded(
    session: Session, columns: Collection[Column[Any]], groups: Iterable[tuple[Mapping[str, Any], Collection[int]]]
) -> Iterator[FromClause]:
    """People to be joined in the block: a row for each, with a `person_id` and the `columns` that a group shares. In
    the database a group is one row of a temporary table that nobody else sees."""
    connection = session.connection()
    table = Table("loaded", MetaData(), *columns, Column("people", IDS), prefixes=["TEMPORARY"])
    table.create(connection)
    if rows := [{**shared, "people": list(people)} for shared, people in groups]:
        connection.execute(insert(table), rows)
    each = _each(connection, table.c.people)
    shared = (table.c[column.name] for column in columns)
    yield select(each.c.value.label("person_id"), *shared).join_from(table, each, true()).subquery("people")
    table.drop(connection)  # where the block fails, it goes with all else that the transaction did


def _each(connection: Connection, ids: ColumnElement[Any]) -> TableValuedAlias:
    """The ids of a list as rows with a `value`."""
    if connection.dialect.name == "sqlite":
        return func.json_each(ids).table_valued("value")
    return func.unnest(ids).table_valued("value").render_derived()
