"""The app's package for Teams: Microsoft's own schemas take it, it says what the bot understands, and what Teams would
refuse is said in words before."""

import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from click.testing import CliRunner, Result
from jsonschema import Draft4Validator
from PIL import Image

from bot.channels.teams.handling import HELPS, PAUSES, SUGGESTS
from bot.channels.teams.package import Facts, PackageInvalid, make_package
from bot.commands.package import FOLDER, package
from tests.slack_server import MODULES

SCHEMAS = MODULES / "@microsoft" / "app-manifest" / "build" / "json-schemas" / "teams" / "v1.27"
APP, GRAPH_APP = "11111111-1111-4111-8111-111111111111", "33333333-3333-4333-8333-333333333333"
ABOUT = "https://solvik.example/medvirk"
FACTS = Facts(APP, "Solvik kommune", "medvirk.solvik.example", ABOUT, ABOUT, ABOUT)
SETTINGS = {
    "MEDVIRK_BASE_URL": "https://medvirk.solvik.example",
    "MEDVIRK_TEAMS_APP_ID": APP,
    "MEDVIRK_TEAMS_TENANT_ID": "22222222-2222-4222-8222-222222222222",
    "MEDVIRK_TEAMS_APP_SECRET": "hunter2",
}
COMMANDS = "bots[0].commandLists[0].commands"


def unpack(made: bytes) -> dict[str, bytes]:
    with ZipFile(io.BytesIO(made)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def ask(*arguments: str, **settings: str) -> Result:
    return CliRunner().invoke(package, ("--about", ABOUT, *arguments), env={**SETTINGS, **settings})


def change(file: Path, work: Callable[[dict[str, Any]], object]) -> None:
    told = json.loads(file.read_text())
    work(told)
    file.write_text(json.dumps(told))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / "teams"))


def problems_of(folder: Path, facts: Facts = FACTS) -> list[str]:
    with pytest.raises(PackageInvalid) as refused:
        make_package(folder, facts)
    return str(refused.value).splitlines()


@pytest.mark.node
@pytest.mark.parametrize("registration", ["", GRAPH_APP])
def test_microsofts_own_schemas_take_it(registration: str) -> None:
    if not SCHEMAS.exists():
        pytest.skip("the packages from npm are not there; run npm ci --prefix tests")
    whole = Draft4Validator(json.loads((SCHEMAS / "MicrosoftTeams.schema.json").read_text()))
    text = Draft4Validator(json.loads((SCHEMAS / "MicrosoftTeams.Localization.schema.json").read_text()))
    files = unpack(make_package(FOLDER, FACTS._replace(registration=registration)))
    manifest = json.loads(files["manifest.json"])

    assert manifest["manifestVersion"] == SCHEMAS.name.removeprefix("v")
    assert [one.message for one in whole.iter_errors(manifest)] == []
    assert list(whole.iter_errors({**manifest, "bots": [{"botId": "Medvirk", "scopes": ["personal"]}]}))
    for name in ("nn.json", "en.json"):
        told = json.loads(files[name])
        assert [one.message for one in text.iter_errors(told)] == []
        assert list(text.iter_errors({**told, "name.short": ""}))


def test_the_command_fills_in_the_app_and_the_domain(tmp_path: Path) -> None:
    out = tmp_path / "medvirk.zip"

    result = ask("--out", str(out))

    files = unpack(out.read_bytes())
    manifest = json.loads(files["manifest.json"])
    assert result.exit_code == 0, result.output
    assert set(files) == {"manifest.json", "nn.json", "en.json", "color.png", "outline.png"}
    assert (manifest["id"], manifest["bots"][0]["botId"]) == (APP, APP)
    assert manifest["validDomains"] == ["medvirk.solvik.example"]
    assert manifest["developer"]["name"] == "Solvik kommune"
    assert {manifest["developer"][name] for name in ("websiteUrl", "privacyUrl", "termsOfUseUrl")} == {ABOUT}
    assert b"hunter2" not in b"".join(files.values())
    assert not any(b"{" + name.encode() + b"}" in files["manifest.json"] for name in Facts._fields)


def test_it_asks_for_no_permission_and_names_a_registration_only_where_one_installs_it() -> None:
    alone, installed = (
        json.loads(unpack(make_package(FOLDER, FACTS._replace(registration=one)))["manifest.json"])
        for one in ("", GRAPH_APP)
    )

    assert not {"permissions", "authorization", "devicePermissions", "webApplicationInfo"} & alone.keys()
    assert installed == {**alone, "webApplicationInfo": {"id": GRAPH_APP}}


def test_into_a_pipe_goes_the_zip_alone() -> None:
    result = ask("--out", "-")

    assert "manifest.json" in unpack(result.stdout_bytes)
    assert "at medvirk.solvik.example" in result.stderr


def test_a_long_name_of_the_organisation_is_shortened_as_teams_wants(tmp_path: Path) -> None:
    out = tmp_path / "medvirk.zip"

    result = ask("--out", str(out), MEDVIRK_ORGANISATION="Interkommunalt samarbeid om helse i Ytre Solvik")

    assert result.exit_code == 0, result.output
    assert (
        json.loads(unpack(out.read_bytes())["manifest.json"])["developer"]["name"] == "Interkommunalt samarbeid om hel…"
    )


def test_the_same_makes_the_same_zip(folder: Path) -> None:
    (folder / "en.json").touch()

    assert make_package(folder, FACTS) == make_package(FOLDER, FACTS)


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_every_word_that_teams_proposes_is_understood(language: str) -> None:
    told = json.loads((FOLDER / f"{language}.json").read_text())

    titles = [told[f"{COMMANDS}[{number}].title"] for number in range(3)]
    assert [title in words for title, words in zip(titles, (HELPS, SUGGESTS, PAUSES), strict=True)] == [True] * 3


def test_the_small_icon_is_white_on_nothing_and_the_large_one_fills_its_square() -> None:
    with Image.open(FOLDER / "outline.png") as outline, Image.open(FOLDER / "color.png") as large:
        alpha = outline.getchannel("A").getextrema()
        seen = [outline.getchannel(one).getextrema() for one in "RGB"]
        corners = {large.convert("RGBA").getpixel((x, y)) for x in (0, 191) for y in (0, 191)}

    assert seen == [(255, 255)] * 3
    assert alpha == (0, 255)
    assert corners == {(0x17, 0x59, 0x4A, 255)}


def test_what_is_not_set_is_named(tmp_path: Path) -> None:
    result = ask(MEDVIRK_TEAMS_APP_ID="", MEDVIRK_BASE_URL="http://127.0.0.1:8000")

    assert result.exit_code == 1
    assert "MEDVIRK_TEAMS_APP_ID: write the id of the bot" in result.output
    assert "MEDVIRK_BASE_URL: write https://… and your domain" in result.output


def test_a_page_about_it_that_is_no_address_is_refused_at_once() -> None:
    result = CliRunner().invoke(package, ("--about", "about.html"), env=SETTINGS)

    assert result.exit_code == 2
    assert "Invalid value for '--about': write the whole address of a page, with https://" in result.output


@pytest.mark.parametrize(
    ("file", "key", "text", "says"),
    [
        ("nb.json", "name.short", "M" * 31, "nb.json: name.short has 31 characters; Teams takes 30"),
        ("nn.json", "name.full", "M" * 101, "nn.json: name.full has 101 characters; Teams takes 100"),
        ("en.json", "description.short", "M" * 81, "en.json: description.short has 81 characters; Teams takes 80"),
        ("nb.json", "description.full", "M" * 4001, "nb.json: description.full has 4001 characters; Teams takes 4000"),
        (
            "nn.json",
            f"{COMMANDS}[1].title",
            "M" * 33,
            f"nn.json: {COMMANDS}[1].title has 33 characters; Teams takes 32",
        ),
        ("en.json", "name.full", " ", "en.json: name.full says nothing"),
        ("en.json", "name.long", "M", "en.json: name.long is no text of the manifest; take it away"),
    ],
)
def test_a_text_that_teams_would_refuse_is_named(folder: Path, file: str, key: str, text: str, says: str) -> None:
    change(folder / file, lambda told: told.update({key: text}))

    assert problems_of(folder) == [says]


def test_a_language_that_lacks_a_text_is_named(folder: Path) -> None:
    change(folder / "nn.json", lambda told: told.pop(f"{COMMANDS}[2].title"))
    change(folder / "nb.json", lambda told: told.pop("name.full"))

    assert problems_of(folder) == [
        "nb.json: name.full is missing; every language says the same",
        f"nn.json: {COMMANDS}[2].title is missing; every language says the same",
    ]


@pytest.mark.parametrize(
    ("work", "says"),
    [
        (lambda told: told.update(accentColor="pine"), "accentColor must be a colour such as #17594a"),
        (lambda told: told.update(version="1.0"), "version must be three numbers such as 1.0.0; raise it for each new"),
        (lambda told: told.update(manifestVersion="1.19"), "manifestVersion '1.19' is not the version that $schema"),
        (lambda told: told["bots"][0].update(scopes=["team"]), "bots[0].scopes must be personal alone"),
        (lambda told: told["icons"].update(color="big.png"), "icons.color is 'big.png', which is not there"),
        (lambda told: told.update(validDomains=["https://a.example"]), "validDomains has 'https://a.example'; write"),
    ],
)
def test_a_field_that_teams_would_refuse_is_named(
    folder: Path, work: Callable[[dict[str, Any]], object], says: str
) -> None:
    change(folder / "manifest.json", work)

    assert problems_of(folder)[0].startswith(f"manifest.json: {says}")


def test_an_id_and_an_address_that_teams_would_refuse_are_named(folder: Path) -> None:
    found = problems_of(folder, FACTS._replace(app="Medvirk", privacy="http://solvik.example"))

    assert found == [
        "manifest.json: id is 'Medvirk', and no id of the form 00000000-0000-0000-0000-000000000000",
        "manifest.json: bots[0].botId is 'Medvirk', and no id of the form 00000000-0000-0000-0000-000000000000",
        "manifest.json: developer.privacyUrl must begin with https://",
    ]


def test_a_language_that_the_manifest_does_not_name_and_one_that_is_not_there_are_named(folder: Path) -> None:
    (folder / "en.json").rename(folder / "se.json")

    assert problems_of(folder) == [
        "manifest.json: localizationInfo names en.json, which is not there",
        "se.json: the manifest's localizationInfo does not name it",
    ]


def test_icons_of_another_size_or_without_a_transparent_background_are_named(folder: Path) -> None:
    Image.new("RGB", (64, 32)).save(folder / "outline.png")
    (folder / "color.png").write_bytes(b"GIF89a")

    assert problems_of(folder) == [
        "color.png: is no PNG",
        "outline.png: is 64 × 32; Teams wants 32 × 32",
        "outline.png: must be white on a background that is transparent",
    ]


def test_a_file_that_cannot_be_read_is_named(folder: Path) -> None:
    (folder / "nn.json").write_text("{")
    (folder / "en.json").write_bytes("Å".encode("latin-1"))

    said = problems_of(folder)

    assert said[0] == "en.json: is not UTF-8; save it anew with that encoding"
    assert said[1].startswith("nn.json: is no JSON (")
