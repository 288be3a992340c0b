"""Attacks on what is typed: guessing, forging, and looking for codes where they must not stand."""

import logging
from pathlib import Path

import pytest

from bot.paper.door import MOST_WRONG_CODES_A_MINUTE
from storage.codes import fold_code
from tests.browsing import Browser, dump
from tests.office import MakeOffice, Office, said
from tests.paper_ways import Handed, hang_poster, open_week, print_slips, several_browsers, theme_flow, type_code


@pytest.fixture
def office(make_office: MakeOffice) -> Office:
    made = make_office(flows=[theme_flow("2027-01-04")])
    made.pass_time("2027-01-04 12:00")
    made.answer("Siv", "theme_suggestion", {"suggestion": "Uro om kvelden"})
    return made


@pytest.fixture
def slips(office: Office) -> list[Handed]:
    return print_slips(open_week(office, "Grace"))


def guess(browser: Browser, times: int) -> list[int]:
    browser.ask("GET", "/k")
    form = browser.read_form()
    return [browser.send({**form, "code": f"MÅKE-{n:04}-EIK-EIK-0000"}, "/k").status_code for n in range(times)]


def test_after_many_wrong_codes_everybody_waits_a_minute_and_is_told_so(office: Office, slips: list[Handed]) -> None:
    mallory, ada = several_browsers(office)

    tried = guess(mallory, MOST_WRONG_CODES_A_MINUTE + 5)
    refused = type_code(office, slips[0].code, ada)

    assert tried == [200] * MOST_WRONG_CODES_A_MINUTE + [429] * 5
    assert refused.page.status_code == 429
    assert said("trouble.wait") in refused.text
    assert refused.page.headers["Retry-After"] == "60"
    office.pass_time("2027-01-11 12:02")
    assert f"{slips[0].name.split()[0]}!" in type_code(office, slips[0].code, ada).text


def test_right_codes_cost_nothing(office: Office, slips: list[Handed]) -> None:
    _, browser = several_browsers(office)

    for number in range(MOST_WRONG_CODES_A_MINUTE * 2):
        slip = slips[number % len(slips)]
        assert f"{slip.name.split()[0]}!" in type_code(office, slip.code, browser).text


def test_posters_cannot_be_found_by_trying_either(office: Office) -> None:
    _, browser = several_browsers(office)

    found = [
        browser.ask("GET", f"/p/make-{number:04}-eik-eik").status_code
        for number in range(MOST_WRONG_CODES_A_MINUTE + 3)
    ]

    assert found == [404] * MOST_WRONG_CODES_A_MINUTE + [429] * 3


@pytest.mark.parametrize(
    "code", ["", " ", "\x00", "-" * 79, "a" * 10_000, "' OR 1=1 --", "<b>x</b>", "\N{PILE OF POO}", "½" * 80]
)
def test_what_is_no_code_is_answered_in_words(office: Office, slips: list[Handed], code: str) -> None:
    browser = type_code(office, code)

    assert browser.page.status_code == 200
    assert said("typed_code.wrong") in browser.text
    assert "<b>x" not in browser.page.text
    assert len(browser.page.text) < 30_000


def test_a_part_of_a_code_opens_nothing(office: Office, slips: list[Handed]) -> None:
    code = slips[0].code

    for part in (code[:-1], code[1:], code.rpartition("-")[0], code + "0", f"slip:{code}"):
        assert said("typed_code.wrong") in type_code(office, part).text


def test_the_code_of_a_slip_is_no_poster_and_that_of_a_poster_no_slip(office: Office, slips: list[Handed]) -> None:
    path = hang_poster(office)

    assert Browser(office).ask("GET", f"/p/{slips[0].code}").status_code == 404
    assert said("typed_code.wrong") in type_code(office, path.removeprefix("/p/")).text


@pytest.mark.parametrize("token", ["", "forged", "0" * 64])
def test_a_form_from_elsewhere_is_refused(office: Office, slips: list[Handed], token: str) -> None:
    path = hang_poster(office)

    for where, fields in (("/k", {"code": slips[0].code}), (path, {"suggestion": "Noe"})):
        browser = Browser(office)
        browser.send({**fields, "csrf": token, "action": "send"}, where)

        assert browser.page.status_code == 403
        assert said("trouble.forged_paper") in browser.text


def test_the_token_of_one_poster_is_refused_at_another(office: Office) -> None:
    one, other = hang_poster(office), hang_poster(office)
    browser = Browser(office)
    browser.visit(one)

    browser.send({**browser.read_form(), "action": "send", "suggestion": "Noe"}, other)

    assert browser.page.status_code == 403


def test_a_code_lies_nowhere_in_the_clear(
    office: Office, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    """The raw bytes of the database and its log files, the key folder, and all that is logged."""
    with caplog.at_level(logging.DEBUG):
        slips = print_slips(open_week(office, "Grace"))
        poster = hang_poster(office).removeprefix("/p/")
        for slip in slips:
            type_code(office, slip.code)
        type_code(office, "FEIL-0000-KODE")
        Browser(office).visit(f"/p/{poster}")

    codes = [*(one.code for one in slips), poster]
    ours = [one for one in caplog.records if not one.name.startswith(("httpx", "httpcore"))]
    logged = "\n".join(one.getMessage() for one in ours) + "".join(capsys.readouterr())
    bytes_kept = read_all_that_is_kept(office)
    assert b"Uro om kvelden" in bytes_kept  # it is this database, in the clear
    for code in codes:
        for form in (code, code.replace("-", ""), code.lower(), fold_code(code)):
            assert form not in logged
            assert form.encode() not in bytes_kept


def read_all_that_is_kept(office: Office) -> bytes:
    """The files of the database and the keys as they lie on the disk; on PostgreSQL, all that the tables say."""
    store = office.parts.store
    kept = b"".join(one.read_bytes() for one in office.parts.keys.folder.iterdir())
    if not store.is_sqlite:
        return kept + repr(dump(store)).encode()
    files = Path(store.url.database or "").parent.glob("medvirk.sqlite3*")
    return kept + b"".join(one.read_bytes() for one in files)


def test_nothing_about_who_typed_is_kept(office: Office, slips: list[Handed]) -> None:
    before = dump(office.parts.store)
    type_code(office, slips[0].code)
    type_code(office, "FEIL")

    assert dump(office.parts.store) == before
