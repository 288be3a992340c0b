"""The number that the next new row of a table gets: it must never be one that was given before."""

from sqlalchemy import Boolean, Connection, Integer, func, inspect, literal_column, select, text

from storage.backup.shapes import Shape


def next_number(connection: Connection, shape: Shape) -> int | None:
    """The number after the last one ever given: a run's stands in the log after the run is gone. None where rows are
    not numbered."""
    if shape.counted is None:
        return None
    newest: int = connection.execute(select(func.coalesce(func.max(shape.plain.c[shape.counted.name]), 0))).scalar_one()
    return max(newest, _last_given(connection, shape)) + 1


def set_next_number(connection: Connection, shape: Shape, number: int) -> None:
    """Give this number to the next new row. SQLite counts on from the newest row by itself, but for tables in which a
    number is never used again."""
    if connection.dialect.name != "sqlite":
        if (sequence := _sequence(connection, shape)) is not None:
            connection.execute(select(func.setval(sequence, number, False)))
    elif shape.today.dialect_options["sqlite"]["autoincrement"]:
        connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), {"name": shape.name})
        row = {"name": shape.name, "last": number - 1}
        connection.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)"), row)


def _last_given(connection: Connection, shape: Shape) -> int:
    if connection.dialect.name == "sqlite":
        if not inspect(connection).has_table("sqlite_sequence"):
            return 0
        query = text("SELECT seq FROM sqlite_sequence WHERE name = :name")
        return connection.execute(query, {"name": shape.name}).scalar() or 0
    sequence = _sequence(connection, shape)
    if sequence is None:
        return 0
    columns = select(literal_column("last_value", Integer), literal_column("is_called", Boolean))
    last, is_called = connection.execute(columns.select_from(text(sequence))).one()
    return int(last) if is_called else int(last) - 1


def _sequence(connection: Connection, shape: Shape) -> str | None:
    assert shape.counted is not None
    names = {"name": f'"{shape.name}"', "column": shape.counted.name}
    found: str | None = connection.execute(text("SELECT pg_get_serial_sequence(:name, :column)"), names).scalar()
    return found
