"""Backing up a database while it is in use: one reading transaction, which keeps nobody from writing."""

from datetime import datetime
from pathlib import Path

from sqlmodel import Session

from storage import log
from storage.backup.carrying import Tell, count_rows, take_out, tell_nobody
from storage.backup.file import Head, write_backup
from storage.backup.shapes import shapes_of
from storage.erasure import mark_of_secret
from storage.keys import KeyFolder
from storage.migrate import refuse_unknown
from storage.revision import newest_revision, revision_of
from storage.store import Store
from storage.whole_files import draft_of


class NothingThere(Exception):
    """The database has no tables."""


def back_up(store: Store, keys: KeyFolder, path: Path, at: datetime, *, tell: Tell = tell_nobody) -> int:
    """Write a backup to a new file; how many rows there are in it comes back. An older release's database is backed up
    as it is. That it was done stands in the log, though not in that of the backup.

    Raises NothingThere, SchemaTooNew, FileExistsError, OSError."""
    with draft_of(path) as draft, store.reading() as session:
        head = _make_head(session, keys, at)
        connection = session.connection()
        tables = (take_out(connection, shape) for shape in shapes_of(connection))
        mark = write_backup(draft.file, head, tables, tell)
        draft.place()
    if head.revision == newest_revision():
        with store.writing() as session:
            log.append(session, at, "administrator", "backup written", f"backup:{mark[:16]}")
    return sum(head.rows.values())


def _make_head(session: Session, keys: KeyFolder, at: datetime) -> Head:
    connection = session.connection()
    revision = revision_of(connection)
    if revision is None:
        raise NothingThere("There is nothing in the database to back up.")
    refuse_unknown(revision)
    rows = {shape.name: count_rows(connection, shape) for shape in shapes_of(connection)}
    return Head(revision, at.isoformat(), mark_of_secret(keys), rows)
