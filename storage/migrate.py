"""Bringing a database to the tables of this release."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from storage.store import Store

MIGRATIONS = Path(__file__).parent / "migrations"


class SchemaTooNew(Exception):
    """The database was made by a newer release than this one."""


def upgrade(store: Store) -> None:
    """Run the migrations that are missing, in one transaction. Nothing happens where none is."""
    with store.engine.connect() as connection:
        if store.is_sqlite:
            # A parent table is copied and dropped in batch mode: with foreign keys on, that would empty its children.
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        _refuse_newer(connection)
        command.upgrade(_config(connection), "head")
        connection.commit()
        if store.is_sqlite:
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
