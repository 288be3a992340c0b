"""What an adversary gets hold of: the raw bytes of the database, backups, and rows in the order in which they lie."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlmodel import SQLModel

from storage.store import Store

OUR_FILES = """
    SELECT pg_relation_filepath(c.oid) FROM pg_class c LEFT JOIN pg_class main ON main.reltoastrelid = c.oid
    WHERE 'public'::regnamespace IN (c.relnamespace, main.relnamespace) AND c.relkind IN ('r', 'i', 't')
"""


def read_raw(store: Store) -> bytes:
    """All bytes of the database: file, write-ahead log and shared memory on SQLite; on PostgreSQL the files of our
    tables and indexes, with the deleted rows that nobody has cleared away."""
    if store.is_sqlite:
        path = Path(str(store.url.database))
        return b"".join(one.read_bytes() for one in sorted(path.parent.glob(f"{path.name}*")))
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("CHECKPOINT"))
        files = connection.execute(text(f"SELECT pg_read_binary_file(path) FROM ({OUR_FILES}) AS ours (path)"))
        return b"".join(files.scalars())


@dataclass(frozen=True)
class Backup:
    """All rows of all tables, each table in the order in which its rows lie, with PostgreSQL's system columns."""

    tables: dict[str, list[dict[str, Any]]]

    def __getitem__(self, table: str) -> list[dict[str, Any]]:
        return self.tables[table]

    @property
    def text(self) -> str:
        return repr(self.tables)


def back_up(store: Store) -> Backup:
    """What a nightly backup holds, or somebody with the database's shell sees."""
    hidden, order = "", ""
    if not store.is_sqlite:
        hidden, order = "it.ctid::text, it.xmin::text, it.cmin::text, it.xmax::text,", "ORDER BY it.ctid"
    found = {}
    with store.engine.connect() as connection:
        for name in SQLModel.metadata.tables:
            rows = connection.execute(text(f'SELECT {hidden} it.* FROM "{name}" AS it {order}'))
            found[name] = [dict(row) for row in rows.mappings()]
    return Backup(found)


def copy_folder(folder: Path, to: Path) -> Path:
    """A copy of a folder as it is now, for somebody who keeps one."""
    shutil.copytree(folder, to)
    return to
