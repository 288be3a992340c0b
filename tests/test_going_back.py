"""Back, Reload and «Tilbake»: what was written is there again, nothing is sent twice, and no card is skipped."""

from collections.abc import Callable
from random import Random

import pytest
from sqlmodel import select

from flows.model import Flow
from storage.tables import Answer
from tests.browsing import Browser, link_to, make_noon
from tests.office import Office, on, shipped
from tests.rounds import count

MakeOffice = Callable[..., Office]

COMPETENCE = "Tegnspråk fra forrige jobb"
WISH = "Flere kveldsvakter"


@pytest.fixture
def noon(make_office: MakeOffice) -> Office:
    return make_noon(make_office)


@pytest.fixture
def ada(noon: Office) -> Browser:
    """Ada, who has come to the last of three cards."""
    browser = Browser(noon)
    browser.visit(link_to(noon, "Ada", "unused_competence"))
    browser.press("send", has_more="yes")
    browser.press("send", competence=COMPETENCE)
    return browser


def addresses(browser: Browser) -> list[str]:
    """Where the browser's pages stood, oldest first, redirects left out: its history."""
    return [str(one.url) for one in browser.answers if one.status_code == 200]


def test_every_card_has_an_address_that_may_be_reloaded(ada: Browser) -> None:
    assert [one.request.method for one in ada.answers if one.status_code == 200] == ["GET"] * 3
    here = ada.page.text

    ada.visit(addresses(ada)[-1])

    assert "tasks" in here
    assert "tasks" in ada.page.text


def test_back_in_the_browser_shows_the_card_before_with_what_was_written(ada: Browser) -> None:
    ada.visit(addresses(ada)[1])

    assert COMPETENCE in ada.text


def test_back_on_the_card_keeps_what_was_written_there_too(ada: Browser) -> None:
    ada.press("back", tasks=WISH)
    assert COMPETENCE in ada.text

    ada.press("send", competence=COMPETENCE)

    assert WISH in ada.text


def test_back_to_the_first_card_offers_to_leave_it_for_later(ada: Browser) -> None:
    ada.press("back")
    ada.press("back")

    assert "has_more" in ada.page.text
    assert "later" in ada.actions
    assert "back" not in ada.actions


def test_a_change_of_mind_on_the_way_back_takes_back_what_hung_on_it(ada: Browser) -> None:
    ada.press("back")
    ada.press("back")
    ada.press("send", has_more="no")
    assert "tasks" in ada.page.text

    ada.press("send", tasks=WISH)

    assert COMPETENCE not in ada.text
    assert WISH in ada.text


def test_nobody_gets_ahead_of_the_cards_by_an_address(noon: Office) -> None:
    browser = Browser(noon)
    browser.visit(link_to(noon, "Ada", "theme_suggestion"))

    for place in ("near", "nearest", "x", "saved", "æ", "%00", ""):
        browser.visit(f"{browser.page.url.path}?at={place}")

        assert browser.page.status_code == 200
        assert 'name="suggestion"' in browser.page.text


def test_a_receipt_is_shown_once_and_back_from_it_shows_what_is_kept(noon: Office, ada: Browser) -> None:
    before = addresses(ada)[-1]
    ada.press("send", tasks=WISH)
    assert count(noon, Answer) == 1

    ada.visit(before)

    assert COMPETENCE in ada.text
    assert "change" in ada.actions
    assert count(noon, Answer) == 1


def test_back_after_an_anonymous_answer_shows_nothing_of_it(noon: Office) -> None:
    browser = Browser(noon)
    browser.visit(link_to(noon, "Ada", "pulse"))
    before = addresses(browser)[-1]
    old_state = browser.read_form()["state"]
    browser.press("send", looked_forward="weekly", used_strengths="weekly")

    browser.client.cookies.set("medvirk-card", old_state, path=str(browser.page.url.path))
    browser.visit(before)

    assert "checked" not in browser.page.text
    assert "delete" in browser.actions


def test_how_far_somebody_came_is_not_taken_for_anybody_else(noon: Office, ada: Browser) -> None:
    state = ada.client.cookies.get("medvirk-card")
    assert state
    jonas = Browser(noon)
    jonas.visit(link_to(noon, "Jonas", "unused_competence"))
    jonas.client.cookies.set("medvirk-card", state, path=str(jonas.page.url.path))

    jonas.visit(f"{jonas.page.url.path}?at=wish")

    assert COMPETENCE not in jonas.text
    assert "has_more" in jonas.page.text


def test_a_text_too_long_for_a_cookie_is_kept_on_the_page(make_office: MakeOffice) -> None:
    document = shipped("unused_competence", schedule=on("2027-01-04")).to_json()
    document["steps"][1]["fields"][0]["max_length"] = 2000
    office = make_noon(make_office, flows=[Flow.model_validate(document)])
    browser = Browser(office)
    browser.visit(link_to(office, "Ada", "unused_competence"))
    browser.press("send", has_more="yes")
    long = "".join(map(chr, Random(1).choices(range(0x20000, 0x2A6D0), k=2000)))  # nothing makes it shorter
    browser.press("send", competence=long)
    assert browser.page.request.method == "POST"

    browser.press("send", tasks=WISH)

    with office.reading() as session:
        kept = session.exec(select(Answer)).one()
    assert kept.values["competence"] == long


def test_back_from_a_card_that_must_be_mended_still_knows_what_was_written_before(ada: Browser) -> None:
    before = addresses(ada)[-1]
    ada.press("send", tasks="x" * 501)
    assert "problem" in ada.page.text

    ada.visit(before)
    ada.press("back")

    assert COMPETENCE in ada.text


def test_another_suggestion_asks_anew_what_is_near(noon: Office) -> None:
    noon.answer("Jonas", "theme_suggestion", {"suggestion": "Uro om kvelden", "nearest": "mine"})
    browser = Browser(noon)
    browser.visit(link_to(noon, "Ada", "theme_suggestion"))
    browser.press("send", suggestion="Urolige beboere om kvelden")
    near = next(one for one in browser.page.text.split('name="nearest" value="')[1:])[:1]
    browser.press("back", nearest=near)

    browser.press("send", suggestion="Uro om kvelden hos beboere med demens")

    assert "checked" not in browser.page.text
