"""A poll that is not finished: what was written right is kept from the first card on, and goes on where it was left."""

import pytest

from tests.browsing import Browser
from tests.office import OTHER_WARD, WARD, MakeOffice, Office, Page, said
from tests.polling import QUESTION, compose, group_page, make_polling_office, place


@pytest.fixture
def office(make_office: MakeOffice) -> Office:
    return make_polling_office(make_office)


def written(page: Page) -> dict[str, tuple[str, ...]]:
    return {one.id: one.written for one in page.card.asks}


def is_on(page: Page, card: str) -> bool:
    return page.card.title == said(f"poll.{card}_title")


def test_who_leaves_after_the_first_card_goes_on_with_the_second(office: Office) -> None:
    group_page(office, "Ada").tap("new").tap("to_audience", QUESTION)

    page = group_page(office, "Ada")
    assert "UTKAST: KVELDSURO" in page.text
    page.tap("go_on")

    assert is_on(page, "audience")
    page.tap("to_question")
    assert written(page)["question"] == (str(QUESTION["question"]),)
    assert written(page)["options"] == (str(QUESTION["options"]),)


def test_a_draft_of_one_card_becomes_a_poll_that_can_be_sent(office: Office) -> None:
    group_page(office, "Ada").tap("new").tap("to_audience", QUESTION)
    form = {"units": place(office, WARD, OTHER_WARD), "days": "7"}

    page = group_page(office, "Ada").tap("go_on").tap("preview", form)

    assert said("poll.sent") in page.tap("send").text
    assert office.runs()[0].frozen["steps"][0]["fields"][0]["label"]["nb"] == QUESTION["question"]


def test_a_first_card_with_mistakes_is_not_kept(office: Office) -> None:
    group_page(office, "Ada").tap("new").tap("to_audience", {**QUESTION, "options": "Bare ett"})

    page = group_page(office, "Ada")

    assert "UTKAST" not in page.text
    assert page.actions == ["new"]


def test_a_mistake_on_the_second_card_does_not_lose_the_first(office: Office) -> None:
    page = group_page(office, "Ada").tap("new").tap("to_audience", QUESTION)

    page.tap("preview", {"units": [], "days": "7"})

    assert is_on(page, "audience")
    assert is_on(group_page(office, "Ada").tap("go_on"), "audience")


def test_a_question_that_is_changed_keeps_whom_it_goes_to(office: Office) -> None:
    page = compose(office, days="9")

    page.tap("to_question").tap("to_audience", {**QUESTION, "title": "Uro"})

    later = group_page(office, "Ada")
    assert "UTKAST: URO" in later.text
    later.tap("go_on").tap("to_audience")
    assert written(later)["days"] == ("9",)


def test_the_second_card_is_kept_also_on_the_way_back_to_the_first(office: Office) -> None:
    page = group_page(office, "Ada").tap("new").tap("to_audience", QUESTION)

    page.tap("to_question", {"units": place(office, WARD), "days": "9"})

    assert is_on(page, "question")
    later = group_page(office, "Ada").tap("go_on").tap("to_audience")
    assert written(later)["days"] == ("9",)


def test_a_finished_draft_is_gone_on_with_before_sending(office: Office) -> None:
    compose(office)

    page = group_page(office, "Ada").tap("go_on")

    assert page.card.title == said("poll.preview_title", title="Kveldsuro")
    assert said("poll.sent") in page.tap("send").text


def test_where_there_is_a_draft_nothing_else_is_begun_beside_it(office: Office) -> None:
    compose(office)

    page = group_page(office, "Ada")

    assert page.actions == ["go_on", "drop"]
    assert page.tap("drop").actions == ["new"]


def test_going_on_with_a_draft_that_is_gone_begins_a_new_one(office: Office) -> None:
    compose(office)
    group_page(office, "Ada").tap("drop")

    assert is_on(group_page(office, "Ada").tap("go_on"), "question")


def test_before_sending_one_may_change_the_question_or_who_is_asked(office: Office) -> None:
    page = compose(office, days="9")
    assert page.actions == ["send", "to_question", "to_audience", "leave"]

    page.tap("to_audience")

    assert is_on(page, "audience")
    assert written(page)["days"] == ("9",)
    page.tap("preview", {"units": place(office, WARD), "days": "9"})
    page.tap("to_question")
    assert is_on(page, "question")
    assert written(page)["title"] == ("Kveldsuro",)


def open_in_browser(office: Office) -> Browser:
    """Ada opens the group's page in a browser, and begins a new poll."""
    browser, page = Browser(office), group_page(office, "Ada")
    browser.visit(f"/l/{page.link_id}/{page.secret}")
    browser.press("new")
    return browser


def test_back_and_reload_send_no_card_of_a_poll_anew(office: Office) -> None:
    """A browser asks whether to send a form again where a page came as the answer to one."""
    browser = open_in_browser(office)
    browser.press("to_audience")  # nothing is written
    browser.press("to_audience", **QUESTION)
    browser.press("preview", units=place(office, WARD, OTHER_WARD), days="7", people="everyone", kept="anonymous")

    pages = [one for one in browser.answers if one.status_code == 200]
    assert [one.request.method for one in pages] == ["GET"] * 5
    assert "Om lag" in browser.text

    browser.visit(str(pages[1].url))
    assert str(QUESTION["question"]) in browser.text
    assert "Om lag" in browser.visit(str(pages[4].url)).text


def test_what_must_be_mended_is_said_again_after_a_reload(office: Office) -> None:
    browser = open_in_browser(office)
    browser.press("to_audience", **{**QUESTION, "question": ""})

    browser.visit(str(browser.page.url))

    assert said("problem.required") in browser.text
    assert str(QUESTION["title"]) in browser.page.text


def test_back_to_a_poll_that_was_sent_shows_the_polls_of_the_group(office: Office) -> None:
    browser = open_in_browser(office)
    browser.press("to_audience", **QUESTION)
    browser.press("preview", units=place(office, WARD, OTHER_WARD), days="7", people="everyone", kept="anonymous")
    before = str(browser.page.url)
    browser.press("send")
    assert said("poll.sent") in browser.text

    browser.visit(before)

    assert "send" not in browser.actions
    assert str(QUESTION["title"]) in browser.text
