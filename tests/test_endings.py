"""What stands after something was sent: receipts that say what holds, endings that may be reloaded, the way home."""

import re
from collections.abc import Callable
from random import Random
from string import ascii_letters

import pytest
from sqlmodel import select

from storage.tables import Answer, Envelope, Theme
from tests.browsing import Browser, answers, find_codes, home_of, link_to, make_noon
from tests.office import Office, said
from tests.paper_ways import open_week, print_slips, type_code
from tests.rounds import count

MakeOffice = Callable[..., Office]

SUGGESTION = {"suggestion": "Uro om kvelden"}
HOME = re.compile(r'href="http://127\.0\.0\.1:8000(/l/[A-Za-z0-9_-]{12})"')

TOO_LONG = "".join(Random(1).choices(ascii_letters, k=9_000))  # and nothing makes it shorter


@pytest.fixture
def noon(make_office: MakeOffice) -> Office:
    return make_noon(make_office)


def come(office: Office, name: str, flow: str) -> Browser:
    """Somebody opens what they were asked."""
    browser = Browser(office)
    browser.visit(link_to(office, name, flow))
    return browser


def reload(browser: Browser) -> Browser:
    """The browser asks for the page that stands there again, as it came."""
    assert browser.page.request.method == "GET"
    browser.visit(str(browser.page.url))
    return browser


def test_the_code_stands_alone_on_its_line_with_what_to_do_with_it(noon: Office) -> None:
    browser = come(noon, "Ada", "pulse")

    browser.press("send", **answers())

    code = find_codes(browser.text)[0]
    assert re.search(f'<p class="code(?: long)?">{code}</p>', browser.page.text)  # smaller where the words are long
    assert said("receipt.keep_code") in browser.text


def test_after_deleting_a_reload_says_the_same_again(noon: Office) -> None:
    browser = come(noon, "Ada", "pulse")
    link = browser.page.url.path
    browser.press("send", **answers())
    code = find_codes(browser.text)[0]
    browser.visit(link)
    browser.press("delete", code=code)

    reload(browser)

    assert count(noon, Envelope) == 0
    assert said("answered.deleted_title") in browser.text
    assert said("answered.code_unknown") not in browser.text


def test_a_wrong_code_is_said_at_an_address_that_may_be_reloaded_and_not_the_next_time(noon: Office) -> None:
    browser = come(noon, "Ada", "pulse")
    link = browser.page.url.path
    browser.press("send", **answers())
    browser.visit(link)
    browser.press("delete", code="MÅKE-0000-FJORD-EIK")
    assert said("answered.code_unknown") in reload(browser).text

    browser.visit(link)

    assert said("answered.title") in browser.text
    assert said("answered.code_unknown") not in browser.text


def test_nobody_is_told_by_an_address_that_something_was_deleted(noon: Office) -> None:
    browser = come(noon, "Ada", "pulse")

    browser.visit(f"{browser.page.url.path}?at=told")

    assert said("answered.deleted_title") not in browser.text
    assert "looked_forward" in browser.page.text


def test_not_now_can_be_reloaded_and_the_question_is_still_there(noon: Office) -> None:
    browser = come(noon, "Ada", "pulse")
    link = browser.page.url.path
    browser.press("later")

    assert said("answer.later_title") in reload(browser).text
    browser.visit(link)
    assert "looked_forward" in browser.page.text


def test_a_card_to_mend_has_an_address_and_shows_what_was_written(noon: Office) -> None:
    browser = come(noon, "Ada", "unused_competence")
    browser.press("send", has_more="yes")

    browser.press("send", competence="x" * 501)

    assert "wrong" in reload(browser).page.text
    assert "x" * 501 in browser.text


def test_a_mistake_that_is_mended_is_said_no_more(noon: Office) -> None:
    browser = come(noon, "Ada", "unused_competence")
    browser.press("send", has_more="yes")
    browser.press("send", competence="x" * 501)
    address = str(browser.page.url)
    browser.press("send", competence="Polsk")

    browser.visit(address)

    assert "Polsk" in browser.text
    assert "problem" not in browser.page.text


def test_what_is_too_long_to_wait_stands_on_its_page_alone(noon: Office) -> None:
    browser = come(noon, "Ada", "unused_competence")
    browser.press("send", has_more="yes")

    browser.press("send", competence=TOO_LONG)

    assert browser.page.request.method == "POST"
    assert TOO_LONG in browser.text


def test_a_form_with_nothing_in_it_is_refused_at_an_address(noon: Office) -> None:
    browser = come(noon, "Ada", "pulse")

    browser.press("send")

    assert said("problem.nothing_written") in reload(browser).text


def test_by_name_the_receipt_itself_offers_to_change_and_withdraw(noon: Office) -> None:
    browser = come(noon, "Ada", "unused_competence")
    browser.press("send", has_more="no")
    browser.press("send", tasks="Kveldsvakter")
    assert {"change", "withdraw"} <= set(browser.actions)

    browser.press("withdraw")

    assert said("answered.withdrawn_title") in reload(browser).text
    assert count(noon, Answer) == 0
    browser.press("again")
    assert "has_more" in browser.page.text


def test_reloading_a_receipt_never_offers_ones_own_suggestion_as_somebody_elses(noon: Office) -> None:
    browser = come(noon, "Ada", "theme_suggestion")
    form = {**browser.read_form(), **SUGGESTION, "action": "send"}
    browser.send(form)

    browser.send(form)

    assert said("receipt.author_kept") in browser.text
    assert 'name="nearest"' not in browser.page.text
    assert count(noon, Theme) == 1


def test_the_button_says_that_it_sends_the_suggestion(noon: Office) -> None:
    browser = come(noon, "Ada", "theme_suggestion")

    assert said("answer.send_suggestion") in browser.text
    assert said("answer.next") not in browser.text


def test_a_suggestion_is_said_to_be_deleted_as_a_suggestion(noon: Office) -> None:
    receipt = noon.answer("Ada", "theme_suggestion", SUGGESTION)

    assert said("receipt.suggestion_after_months", count=12) in receipt.text
    assert said("receipt.after_months", count=12) not in receipt.text


def test_after_withdrawing_a_suggestion_one_may_make_another_at_once(noon: Office) -> None:
    receipt = noon.answer("Ada", "theme_suggestion", SUGGESTION)
    receipt.tap(next(one.action for one in receipt.card.buttons if one.action.startswith("take_back")))

    receipt.tap("again")

    assert [ask.id for ask in receipt.card.asks] == ["suggestion"]


def by_slip(office: Office, name: str, flow: str = "theme_suggestion") -> Browser:
    """Somebody opens a question with the slip of `name`."""
    slip = next(one for one in print_slips(open_week(office, "Grace")) if one.name.startswith(name))
    browser = type_code(office, slip.code)
    waiting = dict(re.findall(r'href="(\?at=run:(\d+))"', browser.page.text))
    run = next(str(one.id) for one in office.runs(flow))
    browser.visit(browser.page.url.path + next(address for address, number in waiting.items() if number == run))
    return browser


def test_by_a_slip_no_receipt_promises_what_a_slip_cannot_do(noon: Office) -> None:
    noon.answer("Jonas", "theme_suggestion", {"suggestion": "Ergonomi"})
    browser = by_slip(noon, "Siv")

    browser.press("send", **SUGGESTION)

    assert said("receipt.author_kept_on_paper") in browser.text
    assert said("receipt.author_kept") not in browser.text
    assert said("suggestions.withdraw") not in browser.text


def test_by_a_slip_nothing_tells_who_suggested_what_stands_there(noon: Office) -> None:
    """Neither what is offered as near, nor the receipt for the very same words."""
    noon.answer("Siv", "theme_suggestion", SUGGESTION)
    seen = []
    for name in ("Siv", "Linn"):
        browser = by_slip(noon, name)
        browser.press("send", **SUGGESTION)
        near = browser.text
        browser.press("send", nearest="mine")
        seen.append((near, browser.text))

    assert seen[0] == seen[1]


def test_by_a_slip_an_answer_is_deleted_with_its_code_and_nothing_tells_whether_there_is_one(noon: Office) -> None:
    noon.answer("Jonas", "theme_suggestion", SUGGESTION)
    browser = by_slip(noon, "Siv", "pulse")
    browser.press("send", **answers())
    code = find_codes(browser.text)[0]
    seen = []
    for name in ("Linn", "Siv"):  # each new sheet makes the slips before it useless
        browser = by_slip(noon, name, "pulse")
        browser.press("regret")
        browser.press("delete", code="MÅKE-0000-FJORD-EIK")
        seen.append(browser.text)
    assert said("answered.code_unknown") in seen[0]
    assert seen[0] == seen[1]
    assert count(noon, Envelope) == 1

    browser.press("delete", code=code)

    assert said("answered.deleted_title") in browser.text
    assert count(noon, Envelope) == 0


def test_from_the_end_of_a_question_one_comes_home_where_one_has_been_there(noon: Office) -> None:
    browser = Browser(noon)
    browser.visit(home_of(noon, "Ada"))
    browser.visit(link_to(noon, "Ada", "pulse"))
    assert not HOME.findall(browser.page.text)  # not in the middle of it
    browser.press("send", **answers())

    browser.visit(HOME.findall(browser.page.text)[0])

    assert said("home.title", name="Ada") in browser.text


def test_whoever_was_handed_a_questions_link_does_not_come_to_the_own_page(noon: Office) -> None:
    own_secret = home_of(noon, "Ada").rsplit("/", 1)[1]
    mallory = come(noon, "Ada", "pulse")
    mallory.press("later")
    assert own_secret not in "".join(one.text + str(one.headers) for one in mallory.answers)

    mallory.visit(HOME.findall(mallory.page.text)[0])

    assert mallory.page.status_code == 403
    assert said("trouble.no_cookie") in mallory.text


def test_no_slip_leads_to_the_own_page(noon: Office) -> None:
    noon.answer("Jonas", "theme_suggestion", SUGGESTION)
    browser = by_slip(noon, "Siv")

    browser.press("later")

    assert said("answer.later_title") in browser.text
    assert not HOME.findall(browser.page.text)
    assert said("home.way_home") not in browser.text


def test_a_theme_of_ones_own_is_stored_however_often_one_looks(noon: Office) -> None:
    noon.answer("Ada", "theme_suggestion", SUGGESTION)
    noon.answer("Ada", "theme_suggestion", {"suggestion": "Uro om kvelden på vakt"})

    with noon.reading() as session:
        assert len(session.exec(select(Theme)).all()) == 2
