"""What a browser remembers: the way to the own page for long, all else until it is closed; a language; a wrong code."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from storage.tables import Link
from tests.browsing import Browser, home_of, link_to, make_noon, suggest
from tests.office import Office, said
from tests.paper_ways import Handed, hang_poster, open_week, print_slips, type_code

MakeOffice = Callable[..., Office]

DAY_SECONDS = 24 * 60 * 60
WRONG = "MÅKE-0000-FJORD-EIK-0000"


@pytest.fixture
def noon(make_office: MakeOffice) -> Office:
    return make_noon(make_office)


def cookies(browser: Browser) -> list[str]:
    return [one.headers["set-cookie"] for one in browser.answers if "set-cookie" in one.headers]


def print_a_slip(office: Office) -> Handed:
    """A leader has a week to read, and prints slips from there."""
    suggest(office, "Siv", "Uro om kvelden")
    return print_slips(open_week(office, "Grace"))[0]


def test_a_bookmark_of_the_own_page_works_for_at_most_180_days(noon: Office) -> None:
    browser = Browser(noon)

    browser.visit(home_of(noon, "Ada"))

    (cookie,) = cookies(browser)
    assert f"Max-Age={180 * DAY_SECONDS};" in cookie
    assert {"HttpOnly", "SameSite=lax"} <= set(cookie.split("; "))
    assert f"Path={browser.page.url.path}" in cookie.split("; ")


def test_it_works_no_longer_than_the_link(noon: Office) -> None:
    home = home_of(noon, "Ada")
    with noon.parts.store.writing() as session:
        link = session.get_one(Link, home.split("/")[2])
        link.expires_at = noon.at + timedelta(days=30)
        session.add(link)
    browser = Browser(noon)

    browser.ask("GET", home)

    assert f"Max-Age={30 * DAY_SECONDS};" in cookies(browser)[0]


def test_what_a_question_or_a_slip_opened_is_forgotten_when_the_browser_is_closed(noon: Office) -> None:
    asked = Browser(noon)
    asked.visit(link_to(noon, "Ada", "pulse"))
    slip = print_a_slip(noon)
    typed = type_code(noon, slip.code)

    secrets = [one for one in (*cookies(asked), *cookies(typed)) if one.startswith("medvirk=")]

    assert len(secrets) == 2
    assert not any("Max-Age" in one or "expires" in one for one in secrets)


def test_a_wrong_code_is_said_at_an_address_that_may_be_reloaded_and_that_does_not_hold_it(noon: Office) -> None:
    browser = Browser(noon)
    browser.visit("/k")

    browser.press("send", code=WRONG)
    browser.visit(str(browser.page.url))

    assert browser.page.request.method == "GET"
    assert said("typed_code.wrong") in browser.text
    assert WRONG in browser.page.text  # to be mended, not typed anew
    assert "0000" not in "".join(str(one.url) for one in browser.answers)
    assert "0000" not in "".join(cookies(browser))
    assert said("typed_code.wrong") not in Browser(noon).visit("/k?at=wrong").text


def test_the_field_opened_anew_is_empty(noon: Office) -> None:
    browser = Browser(noon)
    browser.visit("/k")
    browser.press("send", code=WRONG)

    browser.visit("/k")

    assert WRONG not in browser.page.text
    assert said("typed_code.wrong") not in browser.text


def test_the_language_chosen_at_the_field_holds_for_the_page_it_leads_to(noon: Office) -> None:
    slip = print_a_slip(noon)
    browser = Browser(noon)
    browser.visit("/k")
    browser.press("language:en")
    browser.press("send", code=WRONG)
    assert said("typed_code.wrong", "en") in browser.text

    browser.press("send", code=slip.code)

    assert said("slips.by_paper", "en") in browser.text


@pytest.mark.parametrize("spelling", [str, str.lower])
def test_the_language_chosen_at_a_poster_stays(noon: Office, spelling: Callable[[str], str]) -> None:
    path = hang_poster(noon)
    path = path[:3] + spelling(path[3:])
    browser = Browser(noon)
    browser.visit(path)

    browser.press("language:nn")
    browser.visit(path)

    assert said("poster.no_name_asked", "nn") in browser.text
