"""The command that lets people in: what it stores, what it says, and when it stops."""

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

    assert (first.exit_code, first.stderr) == (0, "")
    assert first.stdout == (
        "solvik.csv: people: 2 new, 0 changed, 0 deactivated, 0 back; units: 3 new, 0 changed, 0 deactivated.\n"
    )
    assert second.stdout == "solvik.csv: nothing has changed.\n"
    assert find_person(store, "2").name == "Grace Lie"


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
    file.write_text("nummer;navn;enhet;lønn;arbeidstd\n1;Ada Berg;Solvik;1;\n", encoding="cp1252")

    result = run_command(store, file)

    assert result.exit_code == 0
    assert result.stderr == "Columns that Medvirk does not use: «lønn», «arbeidstd» (did you mean «arbeidstid»?)\n"


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


def test_a_long_file_is_imported_with_its_progress_on_stderr(store: Store, tmp_path: Path) -> None:
    lines = [f"{number};Ansatt {number};;nb;;;Solvik / Avdeling {number % 100};home;;;;" for number in range(6_000)]

    result = run_command(store, write_file(tmp_path, *lines))

    assert "people: 6000 new" in result.stdout
    assert "Reading solvik.csv" in result.stderr
    with store.reading() as session:
        assert len(home_memberships(session, MONDAY)) == 6_000
