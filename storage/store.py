"""The store: a database set up the same way on SQLite and PostgreSQL, and transactions that read or write."""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, RootTransaction, create_engine, event, make_url
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlmodel import Session

SQLITE_WAIT_SECONDS = 15
CONNECTION_WAIT_SECONDS = 10  # for one that others have in use
EMPTYING_WAIT_SECONDS = 0.2
POSTGRES_WRITE_LOCK = "SELECT pg_advisory_xact_lock(8431)"  # of this database; held until the transaction ends
# A server that is gone without a word is noticed within seconds, not after the minutes that TCP takes by itself. Each
# can be set otherwise in the address: https://www.postgresql.org/docs/current/libpq-connect.html
POSTGRES_PATIENCE = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}


class Store:
    """A database the organisation owns, by its address: `sqlite:///file` or `postgresql://…` (psycopg 3)."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if self.is_sqlite and self.url.database:
            _make_private(Path(self.url.database))
        # Errors must not carry what was being written: they end up in logs.
        self.engine = _sqlite_engine(url) if self.is_sqlite else _postgres_engine(self.url, pool_pre_ping=True)
        # It is ours to begin a transaction. SQLite has connections that only read; PostgreSQL is told as one begins.
        self._writing_engine = (
            self.engine if self.is_sqlite else _postgres_engine(self.url, isolation_level="AUTOCOMMIT")
        )
        self._reading_engine = _sqlite_engine(url, reads_only=True) if self.is_sqlite else self._writing_engine

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One transaction that writes: committed when the block ends well, undone whole when it raises."""
        # Taking the write lock first means two writers wait for each other instead of failing midway, also two
        # processes on PostgreSQL: the log is a chain, and what is looked up before it is written must still hold.
        begin = "BEGIN IMMEDIATE" if self.is_sqlite else f"BEGIN; {POSTGRES_WRITE_LOCK}"
        with (
            self._writing_engine.connect() as connection,
            self._begin(connection, begin),
            Session(connection, expire_on_commit=False) as session,
        ):
            yield session
            session.flush()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """One transaction that only reads: a consistent picture. The database itself refuses to write in it; what is
        added to the session without being flushed is dropped at the end."""
        begin = "BEGIN" if self.is_sqlite else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
        # In the end it is committed, though there is nothing to keep: after a rollback PostgreSQL's driver forgets all
        # that it has prepared.
        with (
            self._reading_engine.connect() as connection,
            self._begin(connection, begin),
            Session(connection, expire_on_commit=False, autoflush=False) as session,
        ):
            yield session

    def _begin(self, connection: Connection, begin: str) -> RootTransaction:
        """Where the server has ended the connection meanwhile, it shows here, and another is made: so nobody notices a
        restart, and no connection needs to be tried first."""
        try:
            connection.exec_driver_sql(begin)
        except DBAPIError as error:
            if self.is_sqlite or not error.connection_invalidated:
                raise
            connection.rollback()
            connection.exec_driver_sql(begin)
        transaction = connection.get_transaction()
        assert transaction is not None  # the library takes the first statement for the beginning of one
        return transaction

    def empty_journal(self) -> None:
        """Move SQLite's write-ahead log into the database and cut it to nothing: until then, what was deleted can
        still be read in it. Where somebody reads or writes just now, the next call does it. On PostgreSQL nothing
        happens: there the server looks after its log."""
        if self.is_sqlite:
            with self.engine.connect() as connection:
                connection.exec_driver_sql(f"PRAGMA busy_timeout={EMPTYING_WAIT_SECONDS * 1000:.0f}")
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
                connection.exec_driver_sql(f"PRAGMA busy_timeout={SQLITE_WAIT_SECONDS * 1000}")

    def write_anew(self) -> None:
        """Write SQLite's file anew from what is in it. What is deleted is overwritten at once, but when rows are moved
        to another page, a copy that nobody knows of may be left in the old one. On PostgreSQL nothing happens."""
        if self.is_sqlite:
            with self.engine.connect() as connection:
                connection.exec_driver_sql("VACUUM")
            self.empty_journal()

    def close(self) -> None:
        for one in {self.engine, self._writing_engine, self._reading_engine}:
            one.dispose()


def find_file(url: str) -> Path | None:
    """The file of a SQLite database, by its address; None for any other."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        return None
    return Path(parsed.database) if parsed.get_backend_name() == "sqlite" and parsed.database else None


def _make_private(path: Path) -> None:
    """Answers are nobody's on this machine but the product's; SQLite gives its other files the same rights."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))


def _postgres_engine(url: URL, **more: Any) -> Engine:
    engine = create_engine(
        url,
        **more,
        connect_args={name: most for name, most in POSTGRES_PATIENCE.items() if name not in url.query},
        pool_timeout=CONNECTION_WAIT_SECONDS,
        hide_parameters=True,
    )
    _say_savepoints_as_they_are(engine)
    return engine


def _say_savepoints_as_they_are(engine: Engine) -> None:
    """SQLAlchemy puts these together anew each time, as it does no other statement, and that takes longer than running
    them. Every answer needs two."""

    def begin(connection: Connection, name: str) -> None:
        connection.exec_driver_sql(f"SAVEPOINT {name}")

    def end(connection: Connection, name: str) -> None:
        connection.exec_driver_sql(f"RELEASE SAVEPOINT {name}")

    dialect: Any = engine.dialect
    dialect.do_savepoint, dialect.do_release_savepoint = begin, end


def _sqlite_engine(url: str, *, reads_only: bool = False) -> Engine:
    # The driver must not begin transactions by itself: with its defaults two rows survived an outer rollback
    # with savepoints. `isolation_level=None` leaves BEGIN, SAVEPOINT and COMMIT to us.
    engine = create_engine(
        url,
        connect_args={"timeout": SQLITE_WAIT_SECONDS, "isolation_level": None, "check_same_thread": False},
        hide_parameters=True,
        pool_timeout=CONNECTION_WAIT_SECONDS,
    )
    _say_savepoints_as_they_are(engine)

    @event.listens_for(engine, "connect")
    def set_up(connection: Any, _record: object) -> None:
        # FULL: what was acknowledged is on the disk even when the power goes, not only when the process dies.
        _turn_on_wal(connection)
        for pragma in ("foreign_keys=ON", "synchronous=FULL", "secure_delete=ON"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("PRAGMA temp_store=MEMORY")  # what is loaded for a moment leaves no trace on the disk
        connection.execute(f"PRAGMA query_only={reads_only:d}")

    @event.listens_for(engine, "handle_error")
    def give_up_what_is_undone(failure: ExceptionContext) -> None:
        # When the disk is full, SQLite may undo the whole transaction by itself (sqlite.org/lang_transaction.html).
        # A savepoint would then begin another and commit it when it is released, and what was undone would pass for
        # stored. So the connection counts as lost: whatever else is asked of this transaction fails.
        connection = failure.connection
        if connection is None or connection.invalidated:
            return
        driver: Any = connection.connection.dbapi_connection
        if not driver.in_transaction:
            failure.is_disconnect, failure.invalidate_pool_on_disconnect = True, False

    return engine


def _turn_on_wal(connection: Any) -> None:
    """The write-ahead log, which a file keeps once it has it. Where several open a new file together, SQLite refuses
    without waiting, whatever the time to wait is."""
    give_up = time.monotonic() + SQLITE_WAIT_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > give_up:
                raise
            time.sleep(0.01)
