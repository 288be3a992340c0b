"""Moving to another database, from SQLite to PostgreSQL or back, while the product is stopped."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, event, text
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from storage import log
from storage.backup.carrying import Brought, Tell, bring_in, check_same, make_room, settle, take_out, tell_nobody
from storage.backup.restoring import check_references
from storage.backup.shapes import shapes_of
from storage.migrate import alone, refuse_filled, run_migrations
from storage.revision import newest_revision, revision_of
from storage.store import POSTGRES_WRITE_LOCK, Store

OTHERS = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""


class StillInUse(Exception):
    """Somebody else has the database open."""


class NotUpgraded(Exception):
    """The database is not at this release's revision."""


def move(source: Store, target: Store, at: datetime, tell: Tell = tell_nobody) -> list[Brought]:
    """Copy every row of `source`, which is only read, into the empty `target`; then read all of `target` again and
    compare. Nothing is left there unless every table is the same. Neither store may be open already.

    Raises StillInUse, NotUpgraded, NotEmpty, NotTheSame.
    """
    with _kept_for_us(source) as reading:
        if revision_of(reading) != newest_revision():
            raise NotUpgraded
        with alone(target) as writing:
            refuse_filled(writing)
            run_migrations(writing)
            make_room(writing)
            brought = [bring_in(writing, take_out(reading, shape), tell) for shape in shapes_of(reading)]
            check_same(writing, brought)
            check_references(writing)
            with Session(writing) as session:
                log.append(session, at, "administrator", "moved to another database", target.url.get_backend_name())
                session.flush()
            if not source.is_sqlite:
                _refuse_others(reading)
    settle(target)
    return brought


@contextmanager
def _kept_for_us(source: Store) -> Iterator[Connection]:
    """A connection that reads one state of the source, while nobody else may have it open."""
    if source.is_sqlite:
        # In this mode SQLite wants to be the only one, also where others only keep the file open and do nothing.
        # It counts from a connection's first look at the file, so before everything else.
        event.listen(source.engine, "connect", _want_alone, insert=True)
    try:
        with _connect(source) as connection:
            if source.is_sqlite:
                connection.exec_driver_sql("PRAGMA query_only=ON")
                connection.exec_driver_sql("BEGIN")
            else:
                connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                connection.exec_driver_sql(POSTGRES_WRITE_LOCK)
                _refuse_others(connection)
            yield connection
            connection.rollback()
    finally:
        source.close()


def _connect(source: Store) -> Connection:
    """Raises StillInUse where SQLite's file is open elsewhere."""
    try:
        return source.engine.connect()
    except OperationalError as error:
        if "locked" in str(error.orig):
            raise StillInUse("somebody has the file open") from None
        raise


def _want_alone(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA busy_timeout=1000")
    connection.execute("PRAGMA locking_mode=EXCLUSIVE")


def _refuse_others(connection: Connection) -> None:
    connection.exec_driver_sql("SELECT pg_stat_clear_snapshot()")  # who is there now, not when we began
    others = connection.execute(text(OTHERS)).scalar_one()
    if others:
        raise StillInUse(f"{others} other connections are open")
