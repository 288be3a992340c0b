"""Backups: one moment of a database in use, whole or not at all, and the same for both databases."""

import base64
import gzip
import stat
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import inspect
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import select

from storage.backup.carrying import NotTheSame, Rows
from storage.backup.file import BackupDamaged, Head, check_backup, read_backup, write_backup
from storage.backup.making import back_up
from storage.backup.restoring import restore
from storage.backup.shapes import Shape, shapes_of
from storage.keys import KeyFolder
from storage.migrate import NotEmpty, SchemaTooNew, alone, run_migrations
from storage.revision import newest_revision
from storage.store import Store
from storage.tables import Membership, Person, Run, Unit
from tests.filling import all_lines, fill_tables
from tests.office import MakeOffice
from tests.rounds import begun, flow

AT = datetime(2027, 1, 5, 8, tzinfo=UTC)


@pytest.fixture
def keys(tmp_path: Path) -> KeyFolder:
    return KeyFolder(tmp_path / "keys")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "backup.gz"


@pytest.fixture
def empty(make_empty: Callable[[], str]) -> Iterator[Store]:
    with closing(Store(make_empty())) as store:
        yield store


@pytest.fixture
def filled(store: Store) -> Store:
    with alone(store) as connection:
        fill_tables(connection, shapes_of(connection))
    return store


def is_empty(store: Store) -> bool:
    return inspect(store.engine).get_table_names() == []


def test_what_is_restored_is_every_row_that_was_there(
    filled: Store, empty: Store, keys: KeyFolder, file: Path, tmp_path: Path
) -> None:
    with closing(Store(f"sqlite:///{tmp_path / 'other.sqlite3'}")) as on_sqlite:
        before = all_lines(filled)

        rows = back_up(filled, keys, file, AT)
        done = restore(empty, keys, file, AT, erasures={})
        restore(on_sqlite, keys, file, AT, erasures={})  # whichever database it came from

        assert done.rows == rows == 3 * (len(before) + 1)
        assert all_lines(empty) == before
        assert all_lines(on_sqlite) == before


def test_a_backup_is_for_its_owner_alone_and_never_takes_the_place_of_another(
    filled: Store, keys: KeyFolder, file: Path
) -> None:
    back_up(filled, keys, file, AT)
    first = file.read_bytes()

    with pytest.raises(FileExistsError):
        back_up(filled, keys, file, AT)

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_bytes() == first
    assert [one.name for one in file.parent.glob("backup*")] == ["backup.gz"]


def test_what_is_written_while_a_backup_runs_is_in_it_whole_or_not_at_all(
    store: Store, empty: Store, keys: KeyFolder, file: Path
) -> None:
    def hire(number: int) -> None:
        with store.writing() as session:
            session.add_all(
                [Person(id=number, number=str(number), name="Ada"), Unit(id=number, path=f"{number}", name="")]
            )
            session.flush()
            session.add(Membership(person_id=number, unit_id=number, kind="home", employer="Solvik"))

    hire(1)

    back_up(store, keys, file, AT, tell=lambda table, _done, _all: hire(2) if table == "person" else None)

    restore(empty, keys, file, AT, erasures={})
    with store.reading() as now, empty.reading() as then:
        for model in (Person, Unit, Membership):
            assert [len(session.exec(select(model)).all()) for session in (now, then)] == [2, 1]


def test_a_number_that_was_given_before_is_never_given_again(
    filled: Store, empty: Store, keys: KeyFolder, file: Path
) -> None:
    with filled.writing() as session:
        session.delete(session.get_one(Run, 3))
    back_up(filled, keys, file, AT)

    restore(empty, keys, file, AT, erasures={})

    with empty.writing() as session:
        again = session.get_one(Run, 2).model_dump(exclude={"id", "slot"})
        new = Run(**again, slot="later")
        session.add(new)
        session.flush()
        assert new.id == 4


def test_rows_leave_in_the_order_of_their_key_however_they_came(
    store: Store, empty: Store, keys: KeyFolder, tmp_path: Path
) -> None:
    """PostgreSQL lays rows as they come; a backup that kept that would pair people with answers."""
    with alone(empty) as connection:
        run_migrations(connection)
    for one, numbers in ((store, (1, 2, 3)), (empty, (3, 1, 2))):
        for number in numbers:
            with one.writing() as session:
                session.add(Person(id=number, number=str(number), name=f"Ada {number}"))
    first, second = tmp_path / "first.gz", tmp_path / "second.gz"

    back_up(store, keys, first, AT)
    back_up(empty, keys, second, AT)

    assert people_in(first) == people_in(second) != []


def people_in(file: Path) -> list[str]:
    return [line for rows in read_backup(file) for line in list(rows.lines) if rows.shape.name == "person"]


def test_no_private_key_is_in_a_backup(make_office: MakeOffice, store: Store, file: Path) -> None:
    office = begun(make_office(flows=[flow("pulse")]))
    private = [one.read_bytes() for one in office.parts.keys.folder.glob("*.key")]
    assert any(one.name.startswith("run-") for one in office.parts.keys.folder.glob("*.key"))

    back_up(store, office.parts.keys, file, office.at)

    said = gzip.decompress(file.read_bytes())
    assert not [one for one in private for form in (one, base64.b64encode(one), one.hex().encode()) if form in said]


def flip_a_byte(file: Path) -> None:
    raw = bytearray(file.read_bytes())
    raw[len(raw) // 2] ^= 1
    file.write_bytes(raw)


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-40])


def change_a_row(file: Path) -> None:
    file.write_bytes(gzip.compress(gzip.decompress(file.read_bytes()).replace("«1»".encode(), "«7»".encode(), 1)))


def leave_out_a_row(file: Path) -> None:
    lines = gzip.decompress(file.read_bytes()).split(b"\n")
    file.write_bytes(gzip.compress(b"\n".join([*lines[:3], *lines[4:]])))


def add_a_line(file: Path) -> None:
    file.write_bytes(file.read_bytes() + gzip.compress(b'["more"]\n'))


def be_something_else(file: Path) -> None:
    file.write_text("number;name\n1;Ada\n")


def be_nothing(file: Path) -> None:
    file.write_bytes(b"")


@pytest.mark.parametrize(
    "spoil", [flip_a_byte, cut, change_a_row, leave_out_a_row, add_a_line, be_something_else, be_nothing]
)
def test_a_file_that_is_not_what_was_written_is_refused_and_nothing_is_restored(
    filled: Store, empty: Store, keys: KeyFolder, file: Path, spoil: Callable[[Path], None]
) -> None:
    back_up(filled, keys, file, AT)
    spoil(file)

    with pytest.raises(BackupDamaged, match=r"backup\.gz"):
        restore(empty, keys, file, AT, erasures={})

    assert is_empty(empty)


def test_a_database_with_anything_in_it_is_refused_and_left_alone(filled: Store, keys: KeyFolder, file: Path) -> None:
    back_up(filled, keys, file, AT)
    before = all_lines(filled)

    with pytest.raises(NotEmpty, match=r"not empty.*Nothing was changed"):
        restore(filled, keys, file, AT, erasures={})

    assert all_lines(filled) == before


def test_a_backup_of_a_newer_release_is_refused(filled: Store, empty: Store, keys: KeyFolder, file: Path) -> None:
    back_up(filled, keys, file, AT)
    head, _ = check_backup(file)
    with file.open("wb") as opened:
        write_backup(opened, replace(head, revision="9999", rows={}), [])

    with pytest.raises(SchemaTooNew, match=r"The backup is at 9999.*newer release"):
        restore(empty, keys, file, AT, erasures={})

    assert is_empty(empty)


def test_a_backup_of_an_older_release_is_restored_and_brought_to_this_one(
    empty: Store, make_empty: Callable[[], str], keys: KeyFolder, file: Path
) -> None:
    with closing(Store(make_empty())) as old:
        with alone(old) as connection:
            run_migrations(connection, "0001")
            shapes = shapes_of(connection)
            fill_tables(connection, shapes)
        back_up(old, keys, file, AT)

    done = restore(empty, keys, file, AT, erasures={})

    assert (done.revision, done.rows) == ("0001", 3 * len(shapes))
    with empty.reading() as session:
        assert [one.mobile for one in session.exec(select(Person))] == [None] * 3
    with alone(empty) as connection:
        assert run_migrations(connection) == (newest_revision(), newest_revision())


def test_a_restore_that_fails_midway_leaves_the_database_empty(empty: Store, keys: KeyFolder, file: Path) -> None:
    shape = Shape("membership", ("id", "person_id", "unit_id", "kind", "employer"))
    head = Head(newest_revision() or "", AT.isoformat(), "", {"membership": 1})
    with file.open("wb") as opened:
        write_backup(opened, head, [Rows(shape, 1, 2, (one for one in ['[1,1,1,"home","Solvik"]\n']))])

    with pytest.raises((NotTheSame, SQLAlchemyError)):
        restore(empty, keys, file, AT, erasures=None)

    assert is_empty(empty)
