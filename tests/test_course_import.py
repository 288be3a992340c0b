"""The file of courses: everything that is wrong at once, each with its place and what to write; and the commands."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.__main__ import main
from bot.directory import courses
from bot.directory.record import DirectoryError
from tests.office_courses import HEADER, lines_of

PEOPLE = {"101": 1, "102": 2, "103": 3}
UNITS = {"Solvik": 1, "Solvik / Avdeling 1": 2}
SAMPLE = Path(__file__).parents[1] / "deploy" / "sample"


def problems(*lines: str, header: str = HEADER) -> list[str]:
    with pytest.raises(DirectoryError) as caught:
        courses.read("courses.csv", [header, *lines], PEOPLE, UNITS)
    return [str(one) for one in caught.value.problems]


def test_a_file_becomes_courses_with_their_participants() -> None:
    record, other = courses.read(
        "courses.csv",
        [HEADER, *lines_of(["101", "102"], levels=""), "ETI;Etikk;Solvik / Avdeling 1;12.01.2027;103;101;nytte;nei"],
        PEOPLE,
        UNITS,
    )[::-1]

    assert (record.code, record.levels, sorted(record.finished_on)) == ("MED", ("reaction", "benefit"), [1, 2])
    assert (other.unit_id, other.responsible_id, other.levels, other.is_cancelled) == (2, 1, ("benefit",), False)
    assert f"{other.finished_on[3]}" == "2027-01-12"


def test_norwegian_headers_and_other_delimiters_are_understood() -> None:
    header = "kode,tittel,enhet,ferdig,nummer,nivå"

    record = courses.read("courses.csv", [header, 'MED,Etikk,Solvik,2027-01-05,101,"læring, bruk"'], PEOPLE, UNITS)[0]

    assert record.levels == ("learning", "application")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("MED;Etikk;Solvik;5/1;101;;;", "line 2, field finished_on: «5/1» is not a date; write e.g. «2027-01-05»"),
        ("MED;Etikk;Solvik;2027-01-05;999;;;", "line 2, field number: «999» is nobody's number"),
        ("MED;Etikk;Solvik / Oslo;2027-01-05;101;;;", "line 2, field unit: «Solvik / Oslo» is no unit here"),
        ("MED;Etikk;Solvik;2027-01-05;101;;smil;", "line 2, field levels: «smil» has «smil», which is no level"),
        ("MED;Etikk;Solvik;2027-01-05;101;;;kanskje", "line 2, field cancelled: «kanskje» is neither yes nor no"),
        ("MED;Etikk;Solvik;2027-01-05;101;777;;", "line 2, field responsible: «777» is nobody's number"),
        ("MED;;Solvik;2027-01-05;101;;;", "line 2, field title: nothing is written here"),
        ("MED;Etikk;Solvik;2027-01-05;101;;;;x", "line 2: there are 9 values for 8 columns"),
        ("MED;Etikk;Solvik;2027-01-05;17107012345;;;", "line 2, field number"),
    ],
)
def test_a_mistake_is_told_with_its_line_its_field_and_what_to_write(line: str, said: str) -> None:
    assert any(said in problem for problem in problems(line)), problems(line)


def test_all_that_is_wrong_is_told_at_once() -> None:
    found = problems("MED;Etikk;Solvik;x;101;;;", "MED;Munnstell;Solvik;2027-01-05;101;;;", ";;;;;;smil;")

    assert [one.split(",")[1] for one in found] == [" line 2", " line 3", *[" line 4"] * 6]
    assert "is not what an earlier line says of the course MED" in found[1]


def test_one_person_twice_on_a_course_is_a_slip() -> None:
    assert "is on the course twice" in problems(*lines_of(["101"]), *lines_of(["101"], day="2027-01-06"))[0]


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("code;title;unit;number", "the column «finished_on» is missing; it may be called"),
        ("", "the file is empty"),
        (f"{HEADER};kode", "is the same column as another"),
    ],
)
def test_a_header_that_cannot_be_used_is_told(header: str, said: str) -> None:
    assert said in " ".join(problems(header=header))


def test_the_sample_of_courses_fits_the_sample_organisation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = use(tmp_path, monkeypatch)
    run("people", "import", str(SAMPLE / "solvik.csv"), "--yes")

    dry = run("course", "import", str(SAMPLE / "solvik-courses.csv"), "--dry-run")
    assert "MED-27-1 «Trygg med legemidler»: new, 34 participants." in dry
    assert "nothing was stored" in dry
    assert run("course", "list").startswith("There are no courses yet")
    assert "2 courses: 2 new, 0 changed, 0 as before." in run("course", "import", str(SAMPLE / "solvik-courses.csv"))
    assert run("course", "import", str(SAMPLE / "solvik-courses.csv")) == "Nothing has changed.\n"
    assert "opened: nothing yet" in run("course", "list")


def test_a_course_can_be_added_listed_and_called_off_by_hand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = use(tmp_path, monkeypatch)
    run("people", "import", str(SAMPLE / "solvik.csv"), "--yes")
    where = ["--unit", "Solvik kommune", "--finished-on", "2027-01-05"]

    assert "1 course: 1 new" in run("course", "add", "ETI", "Etikk", *where, "--participants", "10113, 10126")
    assert run("course", "add", "ETI", "Etikk", *where, "--participants", "10113,10126") == "Nothing has changed.\n"
    assert "1 participant; 1 taken off; title changed." in run(
        "course", "add", "ETI", "Etikk i praksis", *where, "--participants", "10126"
    )
    assert "is nobody's number" in run("course", "add", "ETI", "Etikk", *where, "--participants", "1", fails=True)
    assert "Call it off?" in run("course", "cancel", "ETI", fails=True)  # nobody says yes
    assert "opened: nothing yet" in run("course", "list")
    assert "ETI is called off" in run("course", "cancel", "ETI", "--yes")
    assert "called off already" in run("course", "cancel", "ETI", fails=True)
    assert "cancelled" in run("course", "list")
    assert "There is no course 'X'" in run("course", "cancel", "X", fails=True)
    assert "opens by itself after courses" in run("run", "open", "course_use", fails=True)
    assert "There is no run 7" in run("run", "cancel", "7", fails=True)


def use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """The command line on an installation of its own."""
    monkeypatch.setenv("MEDVIRK_DATABASE_URL", f"sqlite:///{tmp_path}/medvirk.sqlite3")
    monkeypatch.setenv("MEDVIRK_KEYS_DIR", str(tmp_path / "keys"))

    def run(*arguments: str, fails: bool = False) -> str:
        done = CliRunner().invoke(main, list(arguments))
        assert done.exit_code == (1 if fails else 0), done.output
        return done.output

    return run
