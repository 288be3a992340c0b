"""Which release's tables a database has."""

from functools import lru_cache

from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlmodel import Session

from storage.migrate import MIGRATIONS


@lru_cache(maxsize=1)
def newest_revision() -> str | None:
    """The tables this release works with."""
    return ScriptDirectory(str(MIGRATIONS)).get_current_head()


def find_revision(session: Session) -> str | None:
    """The tables the database has; None where nothing was set up. Raises where there are no tables at all."""
    found: str | None = session.connection().scalar(text("SELECT version_num FROM alembic_version"))
    return found
