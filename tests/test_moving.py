"""Moving to another database: every row, compared; the old one only read; nobody else at work in either."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import event, inspect
from sqlmodel import select

from bot.__main__ import main
from storage.backup.carrying import NotTheSame
from storage.backup.moving import move
from storage.backup.shapes import shapes_of
from storage.log import entries_of, find_break
from storage.migrate import NotEmpty, alone
from storage.numbering import next_number
from storage.store import Store
from storage.tables import Person, Unit
from tests.filling import AT, all_lines, fill_tables


@pytest.fixture
def url(database_url: str) -> str:
    """The address of a database with rows in every table; nobody has it open. Its log is a log that holds."""
    with closing(Store(database_url)) as store, alone(store) as connection:
        fill_tables(connection, [one for one in shapes_of(connection) if one.name != "log_entry"])
    return database_url


@pytest.fixture(params=["the same kind", "sqlite"])
def target(request: pytest.FixtureRequest, make_empty: Callable[[], str], tmp_path: Path) -> Iterator[Store]:
    """An empty database: of the kind the suite runs on, and in any case on SQLite."""
    address = f"sqlite:///{tmp_path / 'target.sqlite3'}" if request.param == "sqlite" else make_empty()
    with closing(Store(address)) as store:
        yield store


def run(url: str, tmp_path: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, env={"MEDVIRK_DATABASE_URL": url, "MEDVIRK_KEYS_DIR": str(tmp_path)})


def test_every_row_is_moved_and_the_old_database_is_as_it_was(url: str, target: Store) -> None:
    with closing(Store(url)) as source:
        before = all_lines(source)
    with closing(Store(url)) as source:
        move(source, target, AT)
    with closing(Store(url)) as source:
        after = all_lines(source)

    assert all_lines(target) == before == after
    with target.reading() as session:
        entries = entries_of(session)
    assert [entry.action for entry in entries] == ["moved to another database"]
    assert find_break(entries) is None


def test_from_sqlite_it_moves_to_the_database_of_the_suite(tmp_path: Path, make_empty: Callable[[], str]) -> None:
    address = f"sqlite:///{tmp_path / 'source.sqlite3'}"
    with closing(Store(address)) as source:
        assert run(address, tmp_path, "db", "upgrade").exit_code == 0
        with alone(source) as connection:
            fill_tables(connection, [one for one in shapes_of(connection) if one.name != "log_entry"])
        before = all_lines(source)
    new = make_empty()

    result = run(address, tmp_path, "db", "move", new)

    assert result.exit_code == 0, result.output
    assert "Every row is the same in " in result.stdout
    with closing(Store(new)) as target:
        assert all_lines(target) == before


def test_what_is_new_after_a_move_is_numbered_on_from_where_it_stood(url: str, target: Store) -> None:
    with closing(Store(url)) as source:
        move(source, target, AT)

    with target.engine.connect() as connection:
        numbers = {
            shape.name: next_number(connection, shape) for shape in shapes_of(connection) if shape.counted is not None
        }
    with target.writing() as session:
        ada = Person(number="new", name="Ada")
        session.add(ada)
        session.flush()
        assert ada.id == 4

    assert numbers.pop("log_entry") == 2
    assert set(numbers.values()) == {4}


def test_a_row_that_is_altered_on_the_way_is_noticed_and_nothing_is_left(url: str, target: Store) -> None:
    @event.listens_for(target.engine, "before_cursor_execute", retval=True)
    def alter(_connection: Any, _cursor: Any, statement: str, values: Any, _context: Any, _many: bool) -> Any:
        if statement.startswith("INSERT INTO free_text"):
            values = [_altered(one) for one in values]
        return statement, values

    with closing(Store(url)) as source, pytest.raises(NotTheSame, match=r"free_text: of 3 rows"):
        move(source, target, AT)

    assert inspect(target.engine).get_table_names() == []


def _altered(values: Any) -> Any:
    """The same values, but for a letter in one text."""
    if isinstance(values, dict):
        return {name: _altered_text(one) for name, one in values.items()}
    return tuple(_altered_text(one) for one in values)


def _altered_text(value: Any) -> Any:
    return value.replace("text «2»", "text «9»") if isinstance(value, str) else value


def test_a_target_with_anything_in_it_is_refused(url: str, target: Store) -> None:
    with target.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE somebody_elses (id INTEGER)")

    with closing(Store(url)) as source, pytest.raises(NotEmpty, match=r"not empty: it has 1 tables"):
        move(source, target, AT)


def test_a_product_that_runs_is_noticed_even_when_it_does_nothing(
    url: str, tmp_path: Path, make_empty: Callable[[], str]
) -> None:
    with closing(Store(url)) as running:
        with running.reading() as session:
            assert len(session.exec(select(Unit)).all()) == 3

        result = run(url, tmp_path, "db", "move", make_empty())

    assert result.exit_code == 1
    assert "The database is in use" in result.stderr
    assert "Nothing was moved." in result.stderr


def test_a_database_of_an_older_release_is_upgraded_first(make_empty: Callable[[], str], tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'old.sqlite3'}"
    Store(url).close()

    result = run(url, tmp_path, "db", "move", make_empty())

    assert "Run medvirk db upgrade first." in result.stderr


def test_a_unit_whose_parent_was_made_after_it_is_moved_too(database_url: str, target: Store) -> None:
    with closing(Store(database_url)) as source, source.writing() as session:
        session.add(Unit(id=9, path="Solvik", name="Solvik"))
        session.flush()
        session.add(Unit(id=2, path="Solvik / Helse", name="Helse", parent_id=9))
    with closing(Store(database_url)) as source:
        move(source, target, AT)

    with target.reading() as session:
        assert session.get_one(Unit, 2).parent_id == 9
