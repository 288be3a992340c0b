"""The commands about the database: what they say, and what they end with."""

import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import inspect

from bot.__main__ import main
from storage.log import head
from storage.revision import newest_revision
from storage.store import Store
from storage.tables import Envelope, LogEntry, Run
from tests.office import Office
from tests.test_migrations import ROOT

SMALL_DISK = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
from bot.__main__ import main
main(sys.argv[1:])
"""
NO_DRIVER = """
import sys
sys.modules["psycopg"] = None
from bot.__main__ import main
main(sys.argv[1:])
"""


def run(url: str, folder: Path, *arguments: str) -> Result:
    env = {"MEDVIRK_DATABASE_URL": url, "MEDVIRK_KEYS_DIR": str(folder / "keys")}
    return CliRunner().invoke(main, ["db", *arguments], env=env)


def run_apart(script: str, url: str, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own."""
    env = {"MEDVIRK_DATABASE_URL": url, "MEDVIRK_KEYS_DIR": str(folder / "keys"), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", script, "db", *arguments]
    return subprocess.run(command, env={**os.environ, **env}, capture_output=True, text=True, timeout=120)


def test_an_upgrade_says_what_it_did_and_the_second_time_that_nothing_was_missing(
    make_empty: Callable[[], str], tmp_path: Path
) -> None:
    url = make_empty()

    first, second = run(url, tmp_path, "upgrade"), run(url, tmp_path, "upgrade")

    assert first.stdout == f"From nothing to {newest_revision()}.\n"
    assert second.stdout == f"The database is at {newest_revision()} already.\n"


def test_a_database_that_is_well_is_said_to_be(office: Office, store: Store, tmp_path: Path) -> None:
    result = run(store.url.render_as_string(hide_password=False), tmp_path, "check")

    assert result.exit_code == 0, result.output
    assert {line[:7] for line in result.stdout.splitlines()} == {"ok     "}


def test_a_log_that_was_changed_and_a_table_that_is_not_ours_are_wrong_and_say_what_to_do(
    office: Office, store: Store, tmp_path: Path
) -> None:
    with store.writing() as session:
        session.get_one(LogEntry, 2).action = "nothing happened"
    url = store.url.render_as_string(hide_password=False)
    changed_log = run(url, tmp_path, "check")
    with store.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE somebody_elses (id INTEGER)")
    changed_tables = run(url, tmp_path, "check")

    assert (changed_log.exit_code, changed_tables.exit_code) == (1, 1)
    assert "WRONG  The log is broken at entry 2" in changed_log.stdout
    assert "WRONG  Tables are not as the migrations make them" in changed_tables.stdout
    for result in (changed_log, changed_tables):
        assert result.stdout.count("WRONG") == result.stdout.count("       To do: ")


@pytest.mark.sqlite
def test_a_row_that_refers_to_nobody_is_wrong(store: Store, tmp_path: Path) -> None:
    with store.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.exec_driver_sql("INSERT INTO support (theme_id, person_id) VALUES (9, 9)")
        connection.commit()

    result = run(str(store.url), tmp_path, "check")

    assert result.exit_code == 1
    assert "2 rows refer to rows that are not there, in support." in result.stdout


@pytest.mark.sqlite
def test_a_file_that_is_damaged_is_wrong(store: Store, tmp_path: Path) -> None:
    store.close()
    file = Path(str(store.url.database))
    raw = bytearray(file.read_bytes())
    raw[4096 * 30 : 4096 * 34] = b"x" * 4096 * 4
    file.write_bytes(raw)

    result = run(str(store.url), tmp_path, "check")

    assert result.exit_code == 1
    assert "WRONG  SQLite's file is damaged" in result.stdout
    assert "medvirk db restore FILE" in result.stdout


def test_a_database_that_is_not_there_is_not_made_by_looking(tmp_path: Path) -> None:
    for command in (["check"], ["backup", str(tmp_path / "b.gz")]):
        result = run(f"sqlite:///{tmp_path / 'none.sqlite3'}", tmp_path, *command)

        assert result.exit_code == 1
        assert "There is no database at " in result.stderr
    assert not (tmp_path / "none.sqlite3").exists()


def test_a_driver_that_is_missing_is_named_with_the_command_that_installs_it(tmp_path: Path) -> None:
    result = run_apart(NO_DRIVER, "postgresql://nobody@127.0.0.1:1/none", tmp_path, "check")

    assert result.returncode == 1
    assert "-m pip install 'psycopg[binary]" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_server_that_cannot_be_reached_is_said_without_its_password(tmp_path: Path) -> None:
    result = run("postgresql://nobody:secret@127.0.0.1:1/none", tmp_path, "check")

    assert result.exit_code == 1
    assert "The database or the key folder cannot be used: " in result.stderr
    assert "secret" not in result.stderr


def fill_with_what_cannot_be_packed(store: Store, office: Office) -> None:
    with store.writing() as session:
        run_id = office.runs()[0].id or 0
        assert session.get_one(Run, run_id)
        session.add_all(Envelope(run_id=run_id, code_hash=f"{one}", sealed=os.urandom(10_000)) for one in range(100))


def test_a_backup_that_fills_the_disk_leaves_no_half_file(office: Office, store: Store, tmp_path: Path) -> None:
    office.pass_time("2027-01-05 09:00")
    fill_with_what_cannot_be_packed(store, office)
    folder = tmp_path / "backups"
    folder.mkdir()

    url = store.url.render_as_string(hide_password=False)
    result = run_apart(SMALL_DISK, url, tmp_path, "backup", str(folder / "b.gz"))

    assert result.returncode == 1
    assert "could not be written: File too large. Nothing is left of it." in result.stderr
    assert "Traceback" not in result.stderr
    assert list(folder.iterdir()) == []


@pytest.mark.sqlite
def test_a_restore_that_fills_the_disk_leaves_an_empty_database(office: Office, store: Store, tmp_path: Path) -> None:
    office.pass_time("2027-01-05 09:00")
    fill_with_what_cannot_be_packed(store, office)
    file, target = tmp_path / "b.gz", f"sqlite:///{tmp_path / 'restored.sqlite3'}"
    assert run(str(store.url), tmp_path, "backup", str(file)).exit_code == 0

    result = run_apart(SMALL_DISK, target, tmp_path, "restore", str(file))

    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    with closing(Store(target)) as restored:
        assert inspect(restored.engine).get_table_names() == []


def test_that_a_backup_was_written_stands_in_the_log(office: Office, store: Store, tmp_path: Path) -> None:
    result = run(store.url.render_as_string(hide_password=False), tmp_path, "backup", str(tmp_path / "b.gz"))

    assert result.exit_code == 0, result.output
    with store.reading() as session:
        newest = head(session)
    assert newest is not None
    assert newest.action == "backup written"
