"""Bringing a database to the tables of this release."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from storage.store import Store

MIGRATIONS = Path(__file__).parent / "migrations"
UPGRADING = 4_127_001  # a number of our own among PostgreSQL's advisory locks


class SchemaTooNew(Exception):
    """The database was made by a newer release than this one."""


def upgrade(store: Store) -> None:
    """Run the migrations that are missing, in one transaction. Nothing happens where none is; of several that start
    at once one does it, and the others wait. Raises SchemaTooNew."""
    with store.engine.connect() as connection, _alone(store, connection):
        _refuse_newer(connection)
        command.upgrade(_config(connection), "head")
        connection.commit()


@contextmanager
def _alone(store: Store, connection: Connection) -> Iterator[None]:
    """While nobody else upgrades. On SQLite with references unwatched: in batch mode a parent table is copied and
    dropped, and with foreign keys on that would empty its children."""
    if not store.is_sqlite:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({UPGRADING})")
        yield
        return
    connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        yield
    finally:
        connection.rollback()  # of what was not committed: the pragma does nothing inside a transaction
        connection.exec_driver_sql("PRAGMA foreign_keys=ON")


def _refuse_newer(connection: Connection) -> None:
    known = {script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()}
    for revision in MigrationContext.configure(connection).get_current_heads():
        if revision not in known:
            raise SchemaTooNew(
                f"The database is at {revision}, which this release does not know. "
                "It was made by a newer release: run that one, or restore a backup from before."
            )


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config
