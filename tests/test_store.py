"""The store: transactions that are undone whole, reading that cannot write, and what SQLite is told to do."""

import os
import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select

from storage.store import Store
from storage.tables import Look, Unit

AT = datetime(2027, 1, 4, 7, tzinfo=UTC)


def put(session: Session, *names: str) -> None:
    session.add_all(Look(name=name, at=AT) for name in names)
    session.flush()


def names(store: Store) -> list[str]:
    with store.reading() as session:
        return sorted(session.exec(select(Look.name)))


def test_after_an_outer_rollback_with_savepoints_nothing_survives(store: Store) -> None:
    def write_and_fail() -> None:
        with store.writing() as session:
            put(session, "before the savepoint")
            with session.begin_nested():
                put(session, "in a savepoint that was kept")
            savepoint = session.begin_nested()
            put(session, "in a savepoint that was undone")
            savepoint.rollback()
            put(session, "after the savepoints")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_and_fail()

    assert names(store) == []


def test_several_that_open_a_new_file_together_all_get_in(tmp_path: Path) -> None:
    """For turning the write-ahead log on, SQLite does not always wait: about one time in twenty."""

    def open_together(number: int, together: threading.Barrier) -> str:
        together.wait()
        opened = Store(f"sqlite:///{tmp_path}/{number}.db")
        with opened.engine.connect() as connection:
            mode = str(connection.exec_driver_sql("PRAGMA journal_mode").scalar())
        opened.close()
        return mode

    seen = set[str]()
    for number in range(100):
        together = threading.Barrier(4)
        with ThreadPoolExecutor(4) as threads:
            seen |= set(threads.map(lambda _: open_together(number, together), range(4)))  # noqa: B023

    assert seen == {"wal"}


def test_with_the_drivers_own_defaults_a_row_does_survive(tmp_path: Path) -> None:
    """Why the store says BEGIN itself. Where this fails, driver or library have changed: the store may be simpler."""
    engine = create_engine(f"sqlite:///{tmp_path / 'trap.sqlite3'}")
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE look (name TEXT)")

    with engine.connect() as connection, connection.begin() as outer:
        with connection.begin_nested():
            connection.exec_driver_sql("INSERT INTO look VALUES ('in a savepoint')")
        outer.rollback()

    with engine.connect() as connection:
        left = connection.exec_driver_sql("SELECT count(*) FROM look").scalar_one()
    engine.dispose()
    assert left == 1


def test_a_savepoint_that_is_undone_takes_only_its_own_with_it(store: Store) -> None:
    with store.writing() as session:
        put(session, "first")
        savepoint = session.begin_nested()
        put(session, "second")
        savepoint.rollback()
        put(session, "third")

    assert names(store) == ["first", "third"]


def test_a_reading_session_cannot_write(store: Store) -> None:
    with pytest.raises(DBAPIError), store.reading() as session:
        put(session, "written while looking")

    assert names(store) == []


def test_what_is_added_while_looking_is_dropped_without_a_word_to_the_database(store: Store) -> None:
    with store.reading() as session:
        session.add(Look(name="a link that was prolonged", at=AT))

        assert session.exec(select(Look.name)).all() == []  # asking does not flush either

    assert names(store) == []


def test_the_same_connection_writes_again_after_it_was_used_for_reading(store: Store) -> None:
    for number in range(3):
        with store.reading() as session:
            session.exec(select(Look)).all()
        with store.writing() as session:
            put(session, f"round {number}")

    assert len(names(store)) == 3


def test_a_reader_sees_one_picture_whatever_is_written_meanwhile(store: Store) -> None:
    with store.writing() as session:
        put(session, "before")

    with store.reading() as session:
        first = session.exec(select(Look.name)).all()
        with store.writing() as other:
            put(other, "meanwhile")
        second = session.exec(select(Look.name)).all()

    assert first == second == ["before"]


def test_a_reader_does_not_stop_the_writer(store: Store) -> None:
    with store.reading() as session:
        session.exec(select(Look)).all()
        with store.writing() as other:
            put(other, "while somebody reads")

    assert names(store) == ["while somebody reads"]


def test_an_error_does_not_carry_what_was_being_written(store: Store) -> None:
    secret = "Ada wants a new leader"

    with pytest.raises(DBAPIError) as caught, store.writing() as session:
        session.execute(text("INSERT INTO no_such_table VALUES (:what)"), {"what": secret})

    assert secret not in str(caught.value)


def test_a_unit_cannot_have_a_parent_that_does_not_exist(store: Store) -> None:
    with pytest.raises(DBAPIError), store.writing() as session:
        session.add(Unit(path="Solvik / Ingensteds", name="Ingensteds", parent_id=999))


def test_sqlite_keeps_what_it_acknowledged_when_the_power_goes_and_overwrites_what_is_deleted(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'medvirk.sqlite3'}")

    with store.engine.connect() as connection:
        told = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "foreign_keys", "synchronous", "secure_delete", "query_only")
        }
    store.close()

    assert told == {"journal_mode": "wal", "foreign_keys": 1, "synchronous": 2, "secure_delete": 1, "query_only": 0}


def test_an_emptied_journal_holds_nothing_and_a_reader_in_the_way_only_delays_it(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'medvirk.sqlite3'}")
    journal = tmp_path / "medvirk.sqlite3-wal"
    with store.engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE look (name TEXT)")
        connection.exec_driver_sql("INSERT INTO look VALUES ('once')")

    with store.reading() as session:
        session.execute(text("SELECT * FROM look")).all()
        with store.writing() as other:
            other.execute(text("INSERT INTO look VALUES ('twice')"))
        store.empty_journal()
        assert journal.stat().st_size > 0
    store.empty_journal()

    assert journal.stat().st_size == 0
    store.close()


def test_a_database_in_a_folder_that_does_not_exist_yet_is_made(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'var' / 'deep' / 'medvirk.sqlite3'}")

    store.engine.connect().close()

    store.close()
    assert (tmp_path / "var" / "deep" / "medvirk.sqlite3").exists()


def test_the_files_of_the_database_can_be_read_by_the_owner_alone(tmp_path: Path) -> None:
    before = os.umask(0)  # even where the machine is careless
    try:
        store = Store(f"sqlite:///{tmp_path / 'var' / 'medvirk.sqlite3'}")
        with store.writing() as session:
            session.execute(text("CREATE TABLE look (name TEXT)"))
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "var").iterdir()}
    finally:
        os.umask(before)
    store.close()

    assert modes == dict.fromkeys(("medvirk.sqlite3", "medvirk.sqlite3-wal", "medvirk.sqlite3-shm"), 0o600)
    assert stat.S_IMODE((tmp_path / "var").stat().st_mode) == 0o700
