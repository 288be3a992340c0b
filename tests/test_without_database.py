"""Commands where there is no database: none but those that begin something make one."""

from pathlib import Path

import pytest

from bot.demo.world import SAMPLE
from tests.commands import everything_below, give

RECORDING = (
    *("discussion", "record", "pulse", "--employer", "S", "--unit", "S", "--held-on", "2026-11-10"),
    *("--invited", "F", "--decision", "D", "--by", "P"),
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, in which the command is given."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MEDVIRK_DATABASE_URL", raising=False)
    monkeypatch.delenv("MEDVIRK_KEYS_DIR", raising=False)
    return tmp_path


@pytest.mark.parametrize(
    "arguments",
    [
        ("people", "links", "links.csv"),
        ("people", "slips", "Solvik", "slips.html"),
        ("people", "revoke", "1"),
        ("person", "export", "1"),
        ("person", "erase", "1"),
        ("poster", "theme_suggestion", "Solvik", "poster.html"),
        ("course", "list"),
        ("course", "cancel", "A-1"),
        ("run", "open", "pulse"),
        ("run", "list"),
        ("run", "cancel", "1"),
        ("discussion", "list"),
        RECORDING,
        ("log", "list"),
        ("log", "check"),
        ("roster", "import", "roster.csv", "--dry-run"),
        ("roster", "forget", "1"),
        ("mail", "try", "ada@solvik.example"),
    ],
    ids=lambda arguments: " ".join(arguments[:2]),
)
def test_a_command_in_the_wrong_folder_says_so_and_makes_nothing(folder: Path, arguments: tuple[str, ...]) -> None:
    (folder / "roster.csv").write_text("number;starts;ends\n1;2027-01-04 22:00;07:15\n")
    mail = {"MEDVIRK_MAIL_HOST": "smtp.solvik.example", "MEDVIRK_MAIL_SENDER": "medvirk@solvik.example"}

    result = give(*arguments, **mail)

    assert result.exit_code == 1
    assert "There is no database at var/medvirk.sqlite3. Set MEDVIRK_DATABASE_URL" in result.stderr
    assert everything_below(folder) == ["roster.csv"]


def test_a_trial_goes_to_a_mail_address_and_to_nothing_else(folder: Path) -> None:
    result = give("mail", "try", "Ada Berg")

    assert result.exit_code == 2
    assert "'Ada Berg' is not one mail address." in result.stderr


def test_a_mail_that_bounced_is_kept_by_the_mail_server_until_there_is_a_database(folder: Path) -> None:
    result = give("mail", "bounce", "-", typed="Subject: Undelivered\n\n")

    assert result.exit_code == 75
    assert everything_below(folder) == []


def test_a_dry_run_of_the_first_import_says_who_would_come_and_makes_nothing(folder: Path) -> None:
    result = give("people", "import", str(SAMPLE), "--dry-run")

    assert result.exit_code == 0
    assert "people: 120 new" in result.stdout
    assert everything_below(folder) == []


def test_the_first_import_makes_the_database(folder: Path) -> None:
    result = give("people", "import", str(SAMPLE))

    assert result.exit_code == 0
    assert (folder / "var" / "medvirk.sqlite3").is_file()


def test_a_flow_file_that_cannot_be_used_keeps_the_product_from_starting_and_other_commands_go_on(
    folder: Path,
) -> None:
    (folder / "own").mkdir()
    (folder / "own" / "ours.yaml").write_text("kind: [")
    give("people", "import", str(SAMPLE))

    listed = give("run", "list", MEDVIRK_FLOWS_DIR="own")
    started = give("serve", "--port", "0", MEDVIRK_FLOWS_DIR="own")

    assert (listed.exit_code, listed.stdout) == (0, "There are no runs yet.\n")
    assert "Left out, to be mended before Medvirk is started again:\nown/ours.yaml, line 1: " in listed.stderr
    assert started.exit_code == 1
    assert "These flow files must be mended first:\nown/ours.yaml, line 1: " in started.stderr
