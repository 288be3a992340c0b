"""The settings file: the same settings for the product and for whoever gives a command beside it."""

from pathlib import Path

import pytest

from bot.settings.product import SettingsInvalid, read_settings
from tests.commands import give

MAIL = "MEDVIRK_MAIL_HOST=smtp.solvik.example\nMEDVIRK_MAIL_SENDER=medvirk@solvik.example\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which the command is given."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_file_in_the_folder_one_stands_in_is_read(folder: Path) -> None:
    (folder / "medvirk.env").write_text(f'# our own\n{MAIL}MEDVIRK_ORGANISATION="Øy kommune"\n', encoding="utf-8")

    settings = read_settings()

    assert (settings.organisation, settings.file) == ("Øy kommune", Path("medvirk.env"))
    assert settings.mail is not None
    assert settings.mail.sender == "medvirk@solvik.example"


def test_the_file_that_the_environment_names_is_read_instead(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "medvirk.env").write_text("MEDVIRK_ORGANISATION=Her\n")
    (folder / "other.env").write_text("MEDVIRK_ORGANISATION=Der\n")
    monkeypatch.setenv("MEDVIRK_ENV_FILE", str(folder / "other.env"))

    assert read_settings().organisation == "Der"


def test_what_stands_in_the_environment_wins(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "medvirk.env").write_text("MEDVIRK_ORGANISATION=Fil\nMEDVIRK_ZONE=Arctic/Longyearbyen\n")
    monkeypatch.setenv("MEDVIRK_ORGANISATION", "Miljø")

    settings = read_settings()

    assert (settings.organisation, settings.zone) == ("Miljø", "Arctic/Longyearbyen")


@pytest.mark.parametrize("named", ["not_there.env", "a_folder.env"])
def test_a_file_that_is_named_and_cannot_be_read_is_not_passed_over(
    folder: Path, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    (folder / "a_folder.env").mkdir()
    monkeypatch.setenv("MEDVIRK_ENV_FILE", named)

    with pytest.raises(SettingsInvalid, match=rf"{named}: cannot be read .* mend MEDVIRK_ENV_FILE"):
        read_settings()


def test_a_bad_value_in_the_file_names_its_variable(folder: Path) -> None:
    (folder / "medvirk.env").write_text("MEDVIRK_ZONE=Mars\n")

    with pytest.raises(SettingsInvalid, match=r"MEDVIRK_ZONE: 'Mars' is no time zone"):
        read_settings()


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("MEDVIRK_MAIL_HSOT", "did you mean MEDVIRK_MAIL_HOST?"),
        ("MEDVIRK_DATABSE_URL", "did you mean MEDVIRK_DATABASE_URL?"),
        ("medvirk_base_ulr", "did you mean MEDVIRK_BASE_URL?"),
        ("MEDVIRK_SMS_FROM_WHOM", "there are MEDVIRK_SMS_URL, MEDVIRK_SMS_TOKEN, MEDVIRK_SMS_SENDER"),
    ],
)
def test_a_misspelt_variable_is_named_with_the_right_one(
    folder: Path, monkeypatch: pytest.MonkeyPatch, written: str, meant: str
) -> None:
    (folder / "medvirk.env").write_text(f"{written}=x\n")
    with pytest.raises(SettingsInvalid) as in_file:
        read_settings()
    (folder / "medvirk.env").unlink()
    monkeypatch.setenv(written, "x")
    with pytest.raises(SettingsInvalid) as in_environment:
        read_settings()

    assert f"{written}: is no setting in medvirk.env; {meant}" in str(in_file.value)
    assert f"{written}: is no setting; {meant}" in str(in_environment.value)


def test_a_variable_that_a_cluster_puts_into_the_environment_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEDVIRK_SERVICE_HOST", "10.0.0.7")
    monkeypatch.setenv("MEDVIRK_PORT", "tcp://10.0.0.7:8000")

    assert read_settings().base_url == "http://127.0.0.1:8000"


def test_the_command_shows_what_holds_and_from_where_and_no_secret(folder: Path) -> None:
    secrets = "MEDVIRK_MAIL_USER=m\nMEDVIRK_MAIL_PASSWORD=hush\nMEDVIRK_DATABASE_URL=postgresql://m:hush@db/medvirk\n"
    (folder / "medvirk.env").write_text(MAIL + secrets)

    result = give("settings", MEDVIRK_ZONE="Europe/Oslo")

    lines = {line.split()[0]: line.split()[1:] for line in result.stdout.splitlines()}
    assert result.stdout.startswith("Read from medvirk.env.\n")
    assert lines["MEDVIRK_MAIL_HOST"] == ["smtp.solvik.example", "file"]
    assert lines["MEDVIRK_ZONE"] == ["Europe/Oslo", "environment"]
    assert lines["MEDVIRK_DATABASE_URL"] == ["postgresql://m:***@db/medvirk", "file"]
    assert "hush" not in result.output
