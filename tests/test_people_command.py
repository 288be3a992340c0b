"""The command that lets people in: what it stores, what it says, and when it stops."""

import contextlib
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

from sqlmodel import select

from storage.people import home_memberships
from storage.store import Store
from storage.tables import Person
from tests.sample_people import (
    ADA,
    GRACE,
    MONDAY,
    find_person,
    import_lines,
    run_command,
    write_file,
)


def test_the_command_imports_and_says_what_changed(store: Store, tmp_path: Path) -> None:
    file = write_file(tmp_path, ADA, GRACE)

    first, second = run_command(store, file), run_command(store, file)

    assert first.exit_code == 0
    assert first.stdout == (
        "Roles given: 1\n  leader of Solvik / Sykehjem / Avdeling 2: Grace Lie (2)\n"
        "solvik.csv: people: 2 new, 0 changed, 0 deactivated, 0 back; units: 3 new, 0 changed, 0 deactivated.\n"
    )
    assert second.stdout == "solvik.csv: nothing has changed.\n"
    assert find_person(store, "2").name == "Grace Lie"


def test_who_stands_for_a_union_is_not_named_where_a_nightly_run_would_mail_it(store: Store, tmp_path: Path) -> None:
    told = run_command(store, write_file(tmp_path, ADA, GRACE.replace(";leader", ";representative"))).stdout

    assert "representative of Solvik / Sykehjem / Avdeling 2: somebody, not named here" in told
    assert "Grace" not in told


def test_a_dry_run_says_what_would_change_and_stores_nothing(store: Store, tmp_path: Path) -> None:
    result = run_command(store, write_file(tmp_path, ADA), "--dry-run")

    assert result.exit_code == 0
    assert "New: 1\n  Ada Berg (1)\n" in result.stdout
    assert result.stdout.endswith("This was a dry run: nothing was stored.\n")
    with store.reading() as session:
        assert session.exec(select(Person)).all() == []


def test_one_wrong_line_keeps_the_whole_file_out(store: Store, tmp_path: Path) -> None:
    result = run_command(store, write_file(tmp_path, ADA, GRACE.replace(";nb;;", ";nb;man-fre 8-25;")))

    assert result.exit_code == 1
    assert "1 problem in solvik.csv; nothing was stored." in result.stderr
    assert "solvik.csv, line 3, field hours: «man-fre 8-25» is not understood" in result.stderr
    with store.reading() as session:
        assert session.exec(select(Person)).all() == []


def test_the_command_names_columns_it_does_not_use(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "solvik.csv"
    file.write_text("nummer;navn;enhet;lønn;navnet\n1;Ada Berg;Solvik;1;\n", encoding="cp1252")

    result = run_command(store, file)

    assert result.exit_code == 0
    columns = "Columns that Medvirk does not use: «lønn», «navnet» (did you mean «navn»?)\n"
    assert result.stderr.startswith(columns)


def test_a_column_that_is_missing_under_a_name_like_it_keeps_the_file_out(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "solvik.csv"
    file.write_text("nummer;navn;enhet;roller\n1;Ada Berg;Solvik;leder\n", encoding="utf-8")

    result = run_command(store, file)

    assert result.exit_code == 1
    assert "line 1: «roller» is not known, and there is no column «rolle»" in result.stderr


def test_units_where_nobody_is_led_are_named_once(store: Store, tmp_path: Path) -> None:
    night = [f"{number};Ansatt {number};;nb;;;Solvik / Natt;home;;;;" for number in (10, 11)]
    file = write_file(tmp_path, ADA, GRACE, *night)

    first, second = run_command(store, file), run_command(store, file)

    assert first.stderr == (
        "No leader above them, so they are not asked what a leader would read by name:\n"
        "  Solvik / Natt: 2 people\n"
        "  Solvik / Sykehjem / Avdeling 2: 1 person\n"  # Grace, whom nobody leads
    )
    assert second.stderr == ""


def test_a_file_that_takes_more_than_a_tenth_away_stops_until_it_is_confirmed(store: Store, tmp_path: Path) -> None:
    staff = [ADA.replace("1;Ada Berg;ada@", f"{number};Ansatt {number};a{number}@") for number in range(10, 30)]
    import_lines(store, *staff)

    two_gone = run_command(store, write_file(tmp_path, *staff[2:]))
    half_a_file = run_command(store, write_file(tmp_path, *staff[:10]))
    assert two_gone.exit_code == 0
    assert half_a_file.exit_code == 1
    assert "solvik.csv would deactivate 10 of 18 people, more than a tenth." in half_a_file.stderr
    assert find_person(store, "29").active

    confirmed = run_command(store, write_file(tmp_path, *staff[:10]), "--yes")

    assert confirmed.exit_code == 0
    assert not find_person(store, "29").active


def test_whoever_sits_at_a_terminal_is_asked_before_many_are_taken_away(store: Store, tmp_path: Path) -> None:
    staff = [ADA.replace("1;Ada Berg;ada@", f"{number};Ansatt {number};a{number}@") for number in range(10, 30)]
    import_lines(store, *staff)
    file = write_file(tmp_path, *staff[:10])

    said_no, refused = run_at_a_terminal(store, file, "n\n")
    assert said_no == 1
    assert "would deactivate 10 of 20 people" in refused
    assert "Deactivate them? [y/N]" in refused
    assert "Nothing was stored." in refused
    assert find_person(store, "29").active

    said_yes, done = run_at_a_terminal(store, file, "y\n")

    assert said_yes == 0
    assert "10 deactivated" in done
    assert not find_person(store, "29").active


def test_on_a_terminal_one_sees_how_far_it_has_come(store: Store, tmp_path: Path) -> None:
    lines = [f"{number};Ansatt {number};;nb;;;Solvik / Avdeling {number % 100};home;;;;" for number in range(6_000)]

    code, shown = run_at_a_terminal(store, write_file(tmp_path, *lines), "")

    assert code == 0
    assert re.search(r"Reading solvik\.csv \d+ % …", shown)
    assert [part in shown for part in ("Comparing …", "Storing …")] == [True, True]
    assert "people: 6000 new" in shown
    with store.reading() as session:
        assert len(home_memberships(session, MONDAY)) == 6_000


def run_at_a_terminal(store: Store, file: Path, typed: str) -> tuple[int, str]:
    """The command with a terminal of its own: how it ended, and all that stood there."""
    here, there = pty.openpty()
    url = store.url.render_as_string(hide_password=False)
    arguments = ["people", "import", str(file), "--on", MONDAY.isoformat()]
    command = subprocess.Popen(
        [sys.executable, "-m", "bot", *arguments],
        stdin=there,
        stdout=there,
        stderr=there,
        env={**os.environ, "MEDVIRK_DATABASE_URL": url},
    )
    os.close(there)
    os.write(here, typed.encode())
    shown = b""
    with contextlib.suppress(OSError):  # the end of a terminal is an error on Linux
        while piece := os.read(here, 4096):
            shown += piece
    os.close(here)
    return command.wait(), shown.decode()
