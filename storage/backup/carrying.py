"""Carrying rows out of a database and into another. A backup is their lines in a file; a move, their lines from one
database into the next."""

import hashlib
from collections.abc import Callable, Generator, Iterable
from itertools import islice
from typing import NamedTuple

from sqlalchemy import Connection, func, insert, select

from storage.backup.shapes import Shape
from storage.numbering import next_number, set_next_number
from storage.store import Store

ROWS_TOGETHER = 5_000
ROOM_KB = 256_000

Tell = Callable[[str, int, int], None]  # the table, how many of its rows are done, how many there are


class Rows(NamedTuple):
    """A table on its way: how many rows, the number of the next new one, and the rows, each as a line."""

    shape: Shape
    total: int
    next_number: int | None
    lines: Generator[str, None, None]


class Brought(NamedTuple):
    """What was brought in: how many rows, and the hash of their lines."""

    shape: Shape
    total: int
    sha256: str


class NotTheSame(Exception):
    """What lies in the database is not what was brought into it; the text names the table."""


def tell_nobody(_table: str, _done: int, _all: int) -> None:
    """For those who do not ask how far it is."""


def count_rows(connection: Connection, shape: Shape) -> int:
    return connection.execute(select(func.count()).select_from(shape.plain)).scalar_one()


def take_out(connection: Connection, shape: Shape) -> Rows:
    """A table of this database; its lines are read while they are taken."""
    number = next_number(connection, shape)
    return Rows(shape, count_rows(connection, shape), number, read_lines(connection, shape))


def read_lines(connection: Connection, shape: Shape) -> Generator[str, None, None]:
    """The rows in the order of the key: in PostgreSQL they lie as they came, and that must not leave with them."""
    query = select(shape.plain).order_by(*shape.key_order(is_sqlite=connection.dialect.name == "sqlite"))
    with connection.execute(query, execution_options={"yield_per": ROWS_TOGETHER}) as found:
        for part in found.partitions():
            yield from map(shape.write_line, part)


def make_room(connection: Connection) -> None:
    """Before many rows come in: in SQLite's usual 2 MB, large indexes are written over and over."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA cache_size=-{ROOM_KB}")


def bring_in(connection: Connection, rows: Rows, tell: Tell = tell_nobody) -> Brought:
    """Insert a table's rows, and let new ones be numbered from where it stood."""
    hashed, done = hashlib.sha256(), 0
    while lines := list(islice(rows.lines, ROWS_TOGETHER)):
        hashed.update("".join(lines).encode())
        connection.execute(insert(rows.shape.plain), [rows.shape.read_line(line) for line in lines])
        done += len(lines)
        tell(rows.shape.name, done, rows.total)
    if rows.next_number is not None:
        set_next_number(connection, rows.shape, rows.next_number)
    return Brought(rows.shape, done, hashed.hexdigest())


def check_same(connection: Connection, brought: Iterable[Brought]) -> None:
    """Read every table again and compare all its rows with what was brought in. Raises NotTheSame."""
    for shape, total, expected in brought:
        found, hashed = 0, hashlib.sha256()
        for line in read_lines(connection, shape):
            hashed.update(line.encode())
            found += 1
        if found != total or hashed.hexdigest() != expected:
            raise NotTheSame(f"{shape.name}: of {total:,} rows, what lies there ({found:,}) is not the same.")


def settle(store: Store) -> None:
    """After many rows have come in: let the database look at what it has, or its first plans are poor."""
    if store.is_sqlite:
        store.empty_journal()
        return
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
