"""Migrations: they end at today's tables on both databases, may be repeated, and lose nothing on the way."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Integer, create_engine, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel, select

from storage import migrate, revision
from storage.backup.shapes import shapes_of
from storage.migrate import SchemaTooNew, alone, run_migrations, upgrade
from storage.store import Store
from storage.tables import Membership, Person, Unit
from tests.filling import fill_tables, lines_of

ROOT = Path(__file__).parents[1]


@pytest.fixture
def empty(make_empty: Callable[[], str]) -> Iterator[Store]:
    """A store without a table, on the database the suite runs on."""
    store = Store(make_empty())
    yield store
    store.close()


@pytest.fixture
def next_release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """A maker of a release that has one more migration, with this body."""

    def make(body: str) -> None:
        folder = tmp_path / "migrations"
        shutil.copytree(revision.MIGRATIONS, folder)
        newest = max(path.stem.split("_")[0] for path in (folder / "versions").glob("*.py"))
        head = f'revision = "9999"\ndown_revision = "{newest}"\nbranch_labels = None\ndepends_on = None\n'
        lines = ["import sqlalchemy as sa", "from alembic import op", head, "def upgrade() -> None:"]
        (folder / "versions" / "9999_next.py").write_text(
            "\n".join([*lines, *(f"    {one}" for one in body.split("\n"))])
        )
        monkeypatch.setattr(migrate, "MIGRATIONS", folder)
        monkeypatch.setattr(revision, "MIGRATIONS", folder)

    return make


def fill(store: Store) -> None:
    with store.writing() as session:
        session.add_all([Person(id=1, number="1", name="Ada"), Unit(id=1, path="Solvik", name="Solvik")])
        session.flush()
        session.add(Membership(person_id=1, unit_id=1, kind="home", employer="Solvik"))


def members(store: Store) -> int:
    with store.reading() as session:
        return len(session.exec(select(Membership)).all())


def test_the_migrations_end_at_todays_tables(store: Store) -> None:
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})

        differences = compare_metadata(context, SQLModel.metadata)

    assert differences == []


def test_the_tables_that_must_hide_row_order_have_none(tmp_path: Path) -> None:
    """A comparison of columns does not see this: a table with row ids would keep the order of arrival on SQLite."""
    store = Store(f"sqlite:///{tmp_path / 'medvirk.sqlite3'}")
    upgrade(store)
    hidden = {
        name for name, table in SQLModel.metadata.tables.items() if table.kwargs.get("sqlite_with_rowid") is False
    }

    with store.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT name, wr FROM pragma_table_list WHERE schema = 'main'")
        without_row_ids = {name for name, is_without in rows if is_without}

    store.close()
    assert {"answer", "envelope", "free_text", "participation", "support", "theme_author"} <= hidden
    assert without_row_ids == hidden


def test_upgrading_twice_changes_nothing(store: Store) -> None:
    fill(store)

    upgrade(store)
    upgrade(store)

    assert members(store) == 1


def test_an_empty_database_gets_all_tables(empty: Store) -> None:
    upgrade(empty)

    assert set(inspect(empty.engine).get_table_names()) == {*SQLModel.metadata.tables, "alembic_version"}


UPGRADES = """
import sys
from storage.migrate import upgrade
from storage.store import Store
print("ready", flush=True)
sys.stdin.readline()
upgrade(Store(sys.argv[1]))
"""


def test_some_that_start_at_once_on_an_empty_database_all_get_on(empty: Store) -> None:
    url = empty.url.render_as_string(hide_password=False)
    starting = [
        subprocess.Popen(
            [sys.executable, "-c", UPGRADES, url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        for _ in range(3)
    ]

    for one in starting:
        assert one.stdout is not None
        one.stdout.readline()
    for one in starting:
        assert one.stdin is not None
        one.stdin.write("now\n")
        one.stdin.flush()
    ended = [(one.communicate(timeout=60)[1], one.returncode) for one in starting]

    assert ended == [("", 0)] * 3
    assert "run" in inspect(empty.engine).get_table_names()


def test_a_database_of_a_newer_release_is_refused_in_words_and_left_alone(store: Store) -> None:
    fill(store)
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '8888'"))

    with pytest.raises(SchemaTooNew, match=r"8888.*newer release.*backup"):
        upgrade(store)

    assert members(store) == 1


def test_references_are_watched_again_after_an_upgrade_that_was_refused(store: Store) -> None:
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '8888'"))
    with pytest.raises(SchemaTooNew):
        upgrade(store)

    with pytest.raises(DBAPIError), store.writing() as session:
        session.add(Membership(person_id=999, unit_id=999, kind="home", employer="Solvik"))


def test_a_table_that_others_refer_to_can_be_changed_without_emptying_them(
    store: Store, next_release: Callable[[str], None]
) -> None:
    fill(store)
    next_release('with op.batch_alter_table("person") as table:\n    table.alter_column("number", type_=sa.String(64))')

    upgrade(store)

    assert members(store) == 1
    with store.engine.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == "9999"


def test_a_table_that_refers_to_others_keeps_what_happens_when_they_are_deleted(
    store: Store, next_release: Callable[[str], None]
) -> None:
    fill(store)
    next_release(
        'with op.batch_alter_table("membership") as table:\n    table.alter_column("kind", type_=sa.String(64))'
    )

    upgrade(store)

    with store.writing() as session:
        session.delete(session.get_one(Person, 1))
    assert members(store) == 0


def test_a_migration_that_fails_midway_leaves_the_database_as_it_was(
    store: Store, next_release: Callable[[str], None]
) -> None:
    fill(store)
    next_release(
        'op.add_column("person", sa.Column("shoe_size", sa.Integer()))\nop.execute("SELECT nonsense FROM nowhere")'
    )

    with pytest.raises(DBAPIError):
        upgrade(store)

    assert "shoe_size" not in {column["name"] for column in inspect(store.engine).get_columns("person")}
    assert members(store) == 1


def test_the_trap_is_real_with_references_watched_the_same_change_empties_the_members(tmp_path: Path) -> None:
    """Why upgrade turns them off first. Where this fails, Alembic or SQLite have changed, and it may be simpler."""
    engine = create_engine(f"sqlite:///{tmp_path / 'trap.sqlite3'}")
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA foreign_keys=ON")
        connection.exec_driver_sql("CREATE TABLE parent (id INTEGER PRIMARY KEY, name TEXT)")
        connection.exec_driver_sql(
            "CREATE TABLE child (id INTEGER PRIMARY KEY, parent_id INTEGER REFERENCES parent ON DELETE CASCADE)"
        )
        connection.exec_driver_sql("INSERT INTO parent VALUES (1, 'Ada')")
        connection.exec_driver_sql("INSERT INTO child VALUES (1, 1)")
        connection.commit()
        change_the_parent(connection)

        left = connection.exec_driver_sql("SELECT count(*) FROM child").scalar_one()

    engine.dispose()
    assert left == 0


def change_the_parent(connection: Connection) -> None:
    with Operations(MigrationContext.configure(connection)).batch_alter_table("parent") as table:
        table.alter_column("name", type_=Integer())


def test_every_row_of_the_first_release_is_there_after_each_migration(empty: Store) -> None:
    revisions = [one.revision for one in ScriptDirectory(str(revision.MIGRATIONS)).walk_revisions()][::-1]
    with alone(empty) as connection:
        run_migrations(connection, revisions[0])
        first = shapes_of(connection)
        fill_tables(connection, first)
        before = lines_of(connection, first)
    after = {}

    for one in revisions[1:]:
        with alone(empty) as connection:
            run_migrations(connection, one)
            after[one] = lines_of(connection, first)

    assert all(len(lines) == 3 for lines in before.values())
    assert after == dict.fromkeys(revisions[1:], before)


def test_an_upgrade_says_from_which_revision_to_which(empty: Store) -> None:
    newest = revision.newest_revision()

    assert upgrade(empty) == (None, newest)
    assert upgrade(empty) == (newest, newest)


def test_the_newest_revision_is_told_without_alembic_as_alembic_tells_it() -> None:
    scripts = ScriptDirectory(str(revision.MIGRATIONS))

    assert revision.newest_revision() == scripts.get_current_head()
    assert revision.known_revisions() == {one.revision: one.down_revision for one in scripts.walk_revisions()}
