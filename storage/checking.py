"""Looking a database over: what is wrong in it, and what to do about it. Nothing is changed."""

import shutil
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import NamedTuple

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection
from sqlalchemy.exc import DatabaseError
from sqlmodel import Session, SQLModel, col, select

from storage.erasure import erasures_of, newer
from storage.erasure_list import remembered
from storage.installations import SECRET, open_secrets
from storage.keys import KeyFolder
from storage.log import find_break
from storage.lost_keys import runs_without_key, series_without_key
from storage.revision import newest_revision, revision_of
from storage.store import Store
from storage.tables import Installation, LogEntry

KEYS_NEED_MB = 50
RESTORE = "take the newest backup from before, and restore it into an empty database: medvirk db restore FILE"


class Finding(NamedTuple):
    """What was looked at, and what is to be done: nothing, where it is empty."""

    says: str
    to_do: str = ""


def check(store: Store, keys: KeyFolder) -> Iterator[Finding]:
    """Everything that can be seen of a database while it is in use. Where SQLite's file is damaged, or its tables are
    not this release's, the rest is not looked at. Raises SQLAlchemyError where the database cannot be reached."""
    with store.reading() as session:
        connection = session.connection()
        yield Finding(f"The database can be reached: {store.url.render_as_string()}")
        if store.is_sqlite and not (yield from _check_file(connection)):
            return
        revision = yield from _check_revision(connection)
        if revision:
            yield _check_log(session)
            yield from _check_keys(session, keys)
            yield from _check_installations(session, keys)
            yield _check_erasures(session, keys)
    yield from _check_room(store, keys)


def _check_file(connection: Connection) -> Generator[Finding, None, bool]:
    """Whether there is any sense in reading on is given back too."""
    try:
        (first, *more) = connection.exec_driver_sql("PRAGMA integrity_check(20)").scalars()
    except DatabaseError as error:
        first, more = str(error.orig), []
    if first != "ok":
        yield Finding(f"SQLite's file is damaged, in {len(more) + 1} places or more: {first}", RESTORE)
        return False
    yield Finding("SQLite's file is whole.")
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    names = ", ".join(sorted({row[0] for row in broken}))
    yield (
        Finding(f"{len(broken)} rows refer to rows that are not there, in {names}.", RESTORE)
        if broken
        else Finding("What rows refer to is there.")
    )
    return True


def _check_revision(connection: Connection) -> Generator[Finding, None, bool]:
    """Whether tables and revision are this release's is given back too."""
    found, expected = revision_of(connection), newest_revision()
    if found != expected:
        to_do = "medvirk db upgrade, or a newer release where this one does not know it"
        yield Finding(f"The tables are at {found or 'nothing'}, this release's at {expected}.", to_do)
        return False
    yield Finding(f"The tables are at {found}, as this release's.")
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    differences = compare_metadata(context, SQLModel.metadata)
    if not differences:
        yield Finding("Every table is as the migrations make it.")
        return True
    to_do = f"somebody changed tables by hand; undo it, or {RESTORE}"
    yield Finding(f"Tables are not as the migrations make them, in {len(differences)} places: {differences[0]}", to_do)
    return False


def _check_log(session: Session) -> Finding:
    entries = session.exec(select(LogEntry).order_by(col(LogEntry.number)).execution_options(yield_per=1_000))
    broken = find_break(entries)
    entries.close()  # where it broke off, the rest is still to be read
    if broken is None:
        return Finding("The log holds: each entry follows from the one before.")
    to_do = "find out who could write to the database, and tell whoever gets the log's mark; it cannot be mended"
    return Finding(f"The log is broken at entry {broken}: it or one before was changed or removed.", to_do)


def _check_keys(session: Session, keys: KeyFolder) -> Iterator[Finding]:
    runs, series = runs_without_key(session, keys), series_without_key(session, keys)
    for number in runs:
        to_do = f"put run-{number}.key back into {keys.folder}; where it is lost: medvirk run cancel {number}"
        yield Finding(f"Run {number} is open and sealed, and its key is not here: its answers are lost.", to_do)
    for number in series:
        to_do = f"put series-{number}.key back into {keys.folder}; where it is lost, nothing: later rounds stand alone"
        yield Finding(f"The rounds of course {number} are linked by a key that is not here.", to_do)
    if not runs and not series:
        yield Finding("Every open run and running series has its key.")


def _check_installations(session: Session, keys: KeyFolder) -> Iterator[Finding]:
    sealed = col(Installation.gone_at).is_(None) & (col(Installation.sealed) != b"")
    here = list(session.exec(select(Installation).where(sealed)))
    lost = [one for one in here if open_secrets(keys, one) is None]
    for one in lost:
        to_do = f"put server-{SECRET}.key back into {keys.folder}; where it is lost, install the app there again"
        yield Finding(f"What the app in {one.name} ({one.channel}) writes with was sealed with another key.", to_do)
    if here and not lost:
        yield Finding("What the app writes with in each workspace can be opened.")


def _check_erasures(session: Session, keys: KeyFolder) -> Finding:
    undone = newer(remembered(keys), erasures_of(session))
    if not undone:
        return Finding("No erasure has been undone.")
    says = f"The list beside the keys knows of {len(undone)} erasures that this database does not."
    return Finding(says, "medvirk db upgrade does them again, as every start does")


def _check_room(store: Store, keys: KeyFolder) -> Iterator[Finding]:
    """An erasure writes SQLite's file anew: for that as much room is needed again, and as much for the journal."""
    if store.is_sqlite:
        file = Path(str(store.url.database))
        size = sum(one.stat().st_size for one in file.parent.glob(f"{file.name}*"))
        yield _check_disk("the database", file.parent, KEYS_NEED_MB + 2 * size // 1_000_000)
    else:
        yield Finding("How much room the server's disk has left cannot be seen from here.")
    yield _check_disk("the key folder", keys.folder, KEYS_NEED_MB)


def _check_disk(what: str, folder: Path, needed_mb: int) -> Finding:
    free_mb = shutil.disk_usage(folder).free // 1_000_000
    if free_mb >= needed_mb:
        return Finding(f"The disk of {what} has {free_mb:,} MB left.")
    return Finding(f"The disk of {what} has only {free_mb:,} MB left.", f"make room: {needed_mb:,} MB are needed")
