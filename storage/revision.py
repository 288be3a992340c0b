"""Which release's tables a database has, and which this release works with. Told without Alembic: where the tables are
up to date, as at nearly every start, nothing needs it."""

import re
from functools import lru_cache
from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlmodel import Session

MIGRATIONS = Path(__file__).parent / "migrations"
TOLD = re.compile(r'^(revision|down_revision) = "(\w+)"$', re.MULTILINE)


def newest_revision() -> str:
    """The tables this release works with: the revision upon which no other builds."""
    revisions = known_revisions()
    (newest,) = revisions.keys() - revisions.values()
    return newest


def known_revisions() -> dict[str, str | None]:
    """All revisions of this release, each with the one that it builds upon."""
    return _read_revisions(MIGRATIONS)


@lru_cache(maxsize=4)
def _read_revisions(folder: Path) -> dict[str, str | None]:
    texts = [one.read_text(encoding="utf-8") for one in (folder / "versions").glob("*.py")]
    told = [dict(TOLD.findall(content)) for content in texts]
    return {one["revision"]: one.get("down_revision") for one in told}


def revision_of(connection: Connection) -> str | None:
    """The revision of a database's tables; None where it has none."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def find_revision(session: Session) -> str | None:
    """The tables the database has; None where nothing was set up. Raises where there are no tables at all."""
    found: str | None = session.connection().scalar(text("SELECT version_num FROM alembic_version"))
    return found
