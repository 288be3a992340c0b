"""Bringing a database to the tables of this release."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import Connection, inspect

from storage.revision import MIGRATIONS, known_revisions, newest_revision, revision_of
from storage.store import Store

if TYPE_CHECKING:  # imported where it is needed: most starts do without, and are quicker and smaller for it
    from alembic.config import Config

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
    from alembic import command

    before = revision_of(connection)
    refuse_unknown(before)
    command.upgrade(_config(connection), to)
    return Upgraded(before, revision_of(connection))


def refuse_unknown(revision: str | None, what: str = "The database") -> None:
    """Raise SchemaTooNew where this release does not know the revision."""
    if revision and revision not in known_revisions():
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


def _config(connection: Connection) -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config
