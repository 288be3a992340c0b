"""Paper as it is printed: what is scanned from it leads to the right place, and to no other."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.__main__ import main
from bot.pages.styles import read_style, style_url
from storage.log import entries_of
from tests.browsing import Browser
from tests.office import WARD, MakeOffice, Office, said
from tests.paper_ways import at_poster, open_week, print_slips, read_slips, theme_flow, type_code
from tests.scanning import scan

Command = Callable[..., Result]


@pytest.fixture
def office(make_office: MakeOffice) -> Office:
    made = make_office(flows=[theme_flow("2027-01-04")])
    made.pass_time("2027-01-04 12:00")
    return made


@pytest.fixture
def command(office: Office) -> Command:
    """The command in a terminal, on this office's database and keys."""

    return command_in(office)


def command_in(office: Office) -> Command:
    def give(*arguments: str) -> Result:
        env = {
            "MEDVIRK_DATABASE_URL": office.parts.store.url.render_as_string(hide_password=False),
            "MEDVIRK_KEYS_DIR": str(office.parts.keys.folder),
            "MEDVIRK_BASE_URL": office.parts.settings.base_url,
        }
        return CliRunner().invoke(main, list(arguments), env=env)

    return give


def whose(office: Office, urls: list[str]) -> list[str]:
    """The first names greeted on the pages that these addresses lead to."""
    names = []
    for url in urls:
        browser = Browser(office)
        browser.visit(url)
        assert browser.page.status_code == 200
        names += [name for name in office.staff(WARD) if f"{name}!" in browser.text]
    return names


@pytest.mark.chromium
def test_each_slip_of_the_leaders_sheet_is_scanned_and_opens_its_own_persons_page(office: Office) -> None:
    office.answer("Siv", "theme_suggestion", {"suggestion": "Uro om kvelden"})
    week = open_week(office, "Grace")
    handed = [slip.name.split()[0] for slip in print_slips(week)]
    styles = {style_url(): ("text/css", read_style()), style_url("paper"): ("text/css", read_style("paper"))}
    page = week.page.content

    scanned, complaints = scan("http://127.0.0.1:8000/l/x", {"/l/x": ("text/html; charset=utf-8", page), **styles})

    assert complaints == []
    assert len(set(scanned)) == len(handed) == 9
    assert sorted(whose(office, scanned)) == sorted(handed)


@pytest.mark.chromium
def test_the_administrators_file_is_printed_without_any_network(
    office: Office, command: Command, tmp_path: Path
) -> None:
    file = tmp_path / "slips.html"

    result = command("people", "slips", WARD, str(file), "--all")

    assert result.exit_code == 0
    scanned, complaints = scan(file.as_uri())
    content = file.read_text(encoding="utf-8")
    assert complaints == []
    assert sorted(whose(office, scanned)) == sorted(office.staff(WARD))
    assert file.stat().st_mode & 0o077 == 0
    assert not any(word in content for word in ("<script", "http-equiv", "src=", "href=", "@import"))
    slip = next(one for one in read_slips(content) if one.name.startswith("Ada"))
    assert "Ada!" in type_code(office, slip.code).text
    with office.reading() as session:
        assert [one.action for one in entries_of(session)].count("slips printed") == 1


@pytest.mark.chromium
def test_a_poster_is_scanned_and_leads_to_its_question(office: Office, command: Command, tmp_path: Path) -> None:
    file = tmp_path / "poster.html"

    result = command("poster", "theme_suggestion", WARD, str(file), "--lang", "all")

    assert result.exit_code == 0
    scanned, complaints = scan(file.as_uri())
    content = file.read_text(encoding="utf-8")
    assert complaints == []
    assert len(scanned) == 3
    assert len(set(scanned)) == 1
    browser = at_poster(office, scanned[0])
    assert "Hva vil du lære mer om?" in browser.text
    for language, question in (("nb", "Hva vil du lære mer om?"), ("nn", "Kva vil du lære meir om?")):
        assert question in content
        assert said("poster.promise", language, unit="Avdeling 1") in content
    assert scanned[0].partition("/p/")[2] in content


def test_whoever_makes_a_poster_between_rounds_is_told_when_it_wakes(make_office: MakeOffice, tmp_path: Path) -> None:
    between = make_office(flows=[theme_flow("2027-01-04")])  # before its first round

    result = command_in(between)("poster", "theme_suggestion", WARD, str(tmp_path / "poster.html"))

    assert re.search(r"rests until there is a round.*the next one opens on \d{4}-\d\d-\d\d\.", result.output)


def test_revoking_posters_takes_the_earlier_ones_and_leaves_the_new_one(
    office: Office, command: Command, tmp_path: Path
) -> None:
    codes = []
    for name in ("one.html", "two.html"):
        command("poster", "theme_suggestion", WARD, str(tmp_path / name), "--revoke")
        content = (tmp_path / name).read_text(encoding="utf-8")
        codes.append(content.partition("/p/")[2].partition("<")[0])

    assert [Browser(office).ask("GET", f"/p/{code}").status_code for code in codes] == [410, 200]
    command("poster", "theme_suggestion", WARD, "--revoke")
    assert Browser(office).ask("GET", f"/p/{codes[1]}").status_code == 410


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("poster", "pulse", WARD, "x.html"), "is no flow with open: true; those with it: theme_suggestion"),
        (("poster", "theme_suggestion", "Nowhere", "x.html"), "There is no unit 'Nowhere'; write its whole path"),
        (("poster", "theme_suggestion", WARD), "Name the FILE.html to write, or say --revoke"),
        (("people", "slips", "Nowhere", "x.html"), "There is no unit 'Nowhere'; write its whole path"),
        (("people", "slips", WARD, __file__), "exists already; name a new file"),
        (("poster", "theme_suggestion", WARD, __file__), "exists already; name a new file"),
    ],
)
def test_a_command_that_cannot_be_followed_says_why_and_writes_nothing(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], says: str
) -> None:
    monkeypatch.chdir(tmp_path)

    result = command(*arguments)

    assert result.exit_code != 0
    assert says in result.stderr
    assert not (tmp_path / "x.html").exists()
