"""Migrations only add: while one replica after the other is replaced, the release before works on the new tables."""

import re
from collections.abc import Callable
from io import StringIO
from types import ModuleType

import pytest
import sqlalchemy as sa
from alembic import op
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from storage.revision import MIGRATIONS

FIRST = "0001"
ADDED = re.compile(r"ALTER TABLE (\S+) ADD COLUMN (\w+)")
FILLS = re.compile(r"UPDATE (\S+) SET (\w+) = (?:(?!,).)*$")
ADDS = (
    re.compile(r"CREATE TABLE"),
    re.compile(r"CREATE (UNIQUE )?INDEX"),
    re.compile(r"ALTER TABLE \S+ ADD COLUMN (?:(?!NOT NULL).)*$"),
    re.compile(r"ALTER TABLE \S+ ADD COLUMN .*DEFAULT .*NOT NULL"),
    re.compile(r"ALTER TABLE \S+ ADD (CONSTRAINT \S+ )?FOREIGN KEY"),  # of a column just added, on PostgreSQL
)
SCRIPTS: dict[str, ModuleType] = {
    one.revision: one.module for one in ScriptDirectory(str(MIGRATIONS)).walk_revisions() if one.revision != FIRST
}


def find_what_does_not_add(work: Callable[[], None], dialect: str) -> list[str]:
    """The statements that a migration would send, but for those that only add."""
    written = StringIO()
    context = MigrationContext.configure(
        dialect_name=dialect, opts={"as_sql": True, "output_buffer": written, "literal_binds": True}
    )
    with Operations.context(context):
        work()
    statements = [" ".join(one.split()) for one in written.getvalue().split(";")]
    added = {found.groups() for one in statements if (found := ADDED.match(one))}
    return [one for one in statements if one and not any(kind.match(one) for kind in ADDS) and not _fills(one, added)]


def _fills(statement: str, added: set[tuple[str, ...]]) -> bool:
    """Whether a statement only fills a column that the same migration has added: the release before knows none."""
    found = FILLS.match(statement)
    return found is not None and found.groups() in added


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
@pytest.mark.parametrize("revision", SCRIPTS)
def test_a_migration_only_adds(revision: str, dialect: str) -> None:
    assert find_what_does_not_add(SCRIPTS[revision].upgrade, dialect) == []


@pytest.mark.parametrize(
    "work",
    [
        lambda: op.drop_column("person", "mail"),
        lambda: op.drop_table("poster"),
        lambda: op.rename_table("poster", "placard"),
        lambda: op.alter_column("person", "mail", new_column_name="letter"),
        lambda: op.alter_column("person", "mail", nullable=False),
        lambda: op.add_column("person", sa.Column("shoe_size", sa.Integer(), nullable=False)),
        lambda: op.execute("DELETE FROM person"),
        lambda: op.execute("UPDATE person SET name = number"),
    ],
    ids=["drop column", "drop table", "rename table", "rename column", "not null", "no default", "delete", "update"],
)
def test_what_the_release_before_could_not_live_with_is_seen(work: Callable[[], None]) -> None:
    assert len(find_what_does_not_add(work, "postgresql")) == 1
