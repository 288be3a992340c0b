"""Files that commands write for one pair of eyes: new, whole, private; and nothing is changed where they cannot be."""

from pathlib import Path

import click
import pytest

from bot.commands.files import new_file
from storage.log import entries_of
from tests.commands import everything_below, give_at
from tests.office import WARD, Office

WRITING = pytest.mark.parametrize(
    "arguments",
    [
        ("people", "slips", WARD, "FILE", "--all"),
        ("people", "links", "FILE"),
        ("person", "export", "10", "FILE"),
        ("poster", "theme_suggestion", WARD, "FILE", "--revoke"),
        ("flow", "rehearse", "pulse", "--page", "FILE"),
    ],
    ids=lambda arguments: " ".join(arguments[:2]),
)


def actions(office: Office) -> list[str]:
    with office.reading() as session:
        return [entry.action for entry in entries_of(session)]


@WRITING
def test_into_a_folder_that_is_not_there_nothing_is_written_and_nothing_changed(
    office: Office, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    before = actions(office)
    file = tmp_path / "nowhere" / "file"

    result = give_at(office, *(str(file) if one == "FILE" else one for one in arguments))

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == f"Error: There is no folder {file.parent}; make it first. Nothing was changed.\n"
    assert actions(office) == before


@WRITING
def test_a_file_that_is_there_already_stays_as_it_is(
    office: Office, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    before = actions(office)
    file = tmp_path / "file"
    file.write_text("an old one")

    result = give_at(office, *(str(file) if one == "FILE" else one for one in arguments))

    assert result.exit_code == 1
    assert "exists already; name a new file" in result.stderr
    assert (file.read_text(), actions(office)) == ("an old one", before)


def test_what_somebody_else_has_put_there_in_the_meantime_undoes_the_work(tmp_path: Path) -> None:
    file = tmp_path / "file"

    def write_too_late() -> None:
        with new_file(file) as write:
            file.write_text("somebody else's")
            write("ours")

    with pytest.raises(click.ClickException, match="Nothing was changed"):
        write_too_late()

    assert file.read_text() == "somebody else's"
    assert everything_below(tmp_path) == ["file"]


def test_where_the_work_is_undone_nothing_is_left_of_the_file(tmp_path: Path) -> None:
    def fail() -> None:
        with new_file(tmp_path / "file") as write:
            write("ours")
            raise ConnectionError

    with pytest.raises(ConnectionError):
        fail()

    assert everything_below(tmp_path) == []


def test_a_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    with new_file(tmp_path / "file") as write:
        write("blåbær\n")

    assert (tmp_path / "file").read_text(encoding="utf-8") == "blåbær\n"
    assert (tmp_path / "file").stat().st_mode & 0o777 == 0o600
    assert everything_below(tmp_path) == ["file"]


def test_links_that_lead_to_this_machine_alone_are_said_to(office: Office, tmp_path: Path) -> None:
    here = give_at(office, "people", "links", str(tmp_path / "here.csv"))
    there = give_at(
        office, "people", "links", str(tmp_path / "there.csv"), MEDVIRK_BASE_URL="https://medvirk.solvik.example"
    )

    assert "The links lead to http://127.0.0.1:8000, which only this machine reaches." in here.stderr
    assert (there.exit_code, there.stderr) == (0, "")
    assert "https://medvirk.solvik.example/l/" in (tmp_path / "there.csv").read_text(encoding="utf-8")
