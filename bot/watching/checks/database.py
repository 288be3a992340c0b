"""Checks of the database: it answers, and has this release's tables."""

from collections.abc import Iterator
from stat import S_IMODE

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from bot.watching.findings import Finding, Ground, look, ok, wrong
from bot.watching.logs import describe
from storage.revision import find_revision, newest_revision
from storage.store import Store, find_file

DATABASE = "database"
FOR_OTHERS = 0o077


def open_existing(url: str) -> tuple[Store | None, str]:
    """A store where there is one with this release's tables, or None and what is the matter. Nothing is made."""
    file = find_file(url)
    if file is not None and not file.exists():
        return None, "there is none yet; it is made when Medvirk first starts"
    try:
        store = Store(url)
    except (SQLAlchemyError, OSError, ImportError, ValueError) as error:
        return None, f"MEDVIRK_DATABASE_URL cannot be used ({describe(error)[0]['kind']})"
    try:
        with store.reading() as session:
            revision = find_revision(session)
    except (SQLAlchemyError, OSError) as error:
        store.close()
        return None, f"it does not answer as ours would ({describe(error)[0]['kind']}); look at MEDVIRK_DATABASE_URL"
    if revision != newest_revision():
        store.close()
        return None, (
            f"its tables are of {revision}, this release's of {newest_revision()}; "
            "the next medvirk serve brings older ones up to date, newer ones need the newer release"
        )
    return store, ""


def check_database(ground: Ground) -> Iterator[Finding]:
    url = ground.settings.database_url.get_secret_value()
    file = find_file(url)
    if file is not None and file.exists() and S_IMODE(file.stat().st_mode) & FOR_OTHERS:
        yield wrong(DATABASE, "others on this machine can open its file; run chmod go= on it")
    if ground.store is not None:
        ground.read(_ask)
        kind = "SQLite" if ground.store.is_sqlite else "PostgreSQL"
        yield ok(DATABASE, f"{kind} answers, with the tables of this release ({newest_revision()})")
        return
    _, trouble = open_existing(url)
    yield look(DATABASE, trouble) if file is not None and not file.exists() else wrong(DATABASE, trouble)


def _ask(session: Session) -> None:
    find_revision(session)
