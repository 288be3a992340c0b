"""Bringing a database to the tables of this release."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from storage.store import Store

MIGRATIONS = Path(__file__).parent / "migrations"
UPGRADING = 4_127_001  # a number of our own among PostgreSQL's advisory locks


class SchemaTooNew(Exception):
    """The database was made by a newer release than this one."""


class NotEmpty(Exception):
    """There is something in the database already; the text says what, and how to make an empty one."""


class Upgraded(NamedTuple):
    """From which revision to which; the same twice where nothing was missing. None: there were no tables."""

    before: str | None
    after: str | None


def upgrade(store: Store) -> Upgraded:
    """Run the migrations that are missing, in one transaction. Nothing happens where none is; of several that start
    at once one does it, and the others wait. Raises SchemaTooNew."""
    with store.engine.connect() as connection:
        before = revision_of(connection)
        connection.rollback()
    if before == newest_revision():
        return Upgraded(before, before)
    with alone(store) as connection:
        return run_migrations(connection)


def run_migrations(connection: Connection, to: str = "head") -> Upgraded:
    """Run the missing migrations up to a revision, in a transaction that is `alone`. Raises SchemaTooNew."""
    before = revision_of(connection)
    refuse_unknown(before)
    command.upgrade(_config(connection), to)
    return Upgraded(before, revision_of(connection))


def revision_of(connection: Connection) -> str | None:
    """The revision of a database's tables; None where it has none."""
    return MigrationContext.configure(connection).get_current_revision()


def newest_revision() -> str | None:
    """The revision of this release."""
    return ScriptDirectory(str(MIGRATIONS)).get_current_head()


def refuse_unknown(revision: str | None, what: str = "The database") -> None:
    """Raise SchemaTooNew where this release does not know the revision."""
    if revision and revision not in {one.revision for one in ScriptDirectory(str(MIGRATIONS)).walk_revisions()}:
        raise SchemaTooNew(
            f"{what} is at {revision}, which this release does not know. "
            "It was made by a newer release: run that one, or restore a backup from before."
        )


def refuse_filled(connection: Connection) -> None:
    """Raise NotEmpty where there is a table."""
    if tables := inspect(connection).get_table_names():
        address = connection.engine.url
        how = (
            f"move {address.database} away, with the files -wal and -shm beside it, or name another file"
            if connection.dialect.name == "sqlite"
            else "make one with createdb, and name it"
        )
        raise NotEmpty(
            f"{address.render_as_string()} is not empty: it has {len(tables)} tables. Nothing was changed. "
            f"An empty database is needed: {how}."
        )


@contextmanager
def alone(store: Store) -> Iterator[Connection]:
    """A transaction in which nobody else upgrades, committed when the block ends well. On SQLite with references
    unwatched: in batch mode a parent table is copied and dropped, and with foreign keys on that would empty its
    children."""
    with store.engine.connect() as connection:
        if not store.is_sqlite:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({UPGRADING})")
            yield connection
            connection.commit()
            return
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection
            connection.commit()
        finally:
            connection.rollback()  # of what was not committed: the pragma does nothing inside a transaction
            connection.exec_driver_sql("PRAGMA foreign_keys=ON")


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config
