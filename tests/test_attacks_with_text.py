"""Attacks with text: what people write, and what they are called, is text on every page and in every message.

Never mark-up, never a template, never a format string; and no mark in it turns the direction of somebody's page.
"""

import html
import re
from collections.abc import Callable

import pytest

from bot.rounds.preview import preview
from bot.words import words_in
from flows.text import LANGUAGES
from storage.store import Store
from tests.browsing import STAFF, Browser, dump, home_of, link_to, path_of, suggest
from tests.office import Office, on, oslo, shipped
from tests.reading_pages import read_elements

MakeOffice = Callable[..., Office]

EVIL = "<script>alert(1)</script>\"><img src=x onerror=alert(2)>'--{{7*7}}{leader}{0.__class__}%(x)s%n${x}&lt;b&gt;|"
NAME = "Ada <script>alert(1)</script>{leader}{{7*7}}%s&amp;"
FIRST = "<b>{leader}{{7*7}}%s</b>"
LEADER = 'Grace "><img src=x onerror=alert(1)>{0}{count}'
TITLE = dict.fromkeys(LANGUAGES, "Hva {leader} {{7*7}} <script>alert(1)</script>")
TURNING = ("\u202e", "\u2066", "\u2067", "\u202a", "\u202d")
OURS = (
    *("html", "head", "meta", "title", "link", "body", "header", "main", "footer", "form", "input", "textarea"),
    *("a", "div", "span", "strong", "button", "h1", "h2", "h3", "h4", "p", "ul", "li", "label", "fieldset", "legend"),
    *("svg", "path", "circle", "blockquote", "article", "details", "summary", "section"),
)


def rename(line: str) -> str:
    """The line of the directory file with the evil name, quoted as a spreadsheet quotes it."""
    for name, evil in (("Ada Berg", NAME), ("Grace Lie", LEADER), ("Dag Moen", f"{FIRST} Moen")):
        line = line.replace(name, '"' + evil.replace('"', '""') + '"')
    return line


@pytest.fixture
def office(make_office: MakeOffice) -> Office:
    """Monday noon in an office where an employee, the leader, the organisation and the flows are called badly."""
    flows = [
        shipped("theme_suggestion", schedule=on("2027-01-04"), title=TITLE),
        shipped("unused_competence", schedule=on("2027-01-04")),
        shipped("pulse", schedule=on("2027-01-04")),
    ]
    office = make_office(flows=flows, people=[rename(one) for one in STAFF], organisation=f"Solvik {EVIL}")
    office.pass_time("2027-01-04 12:00")
    return office


def assert_is_text(browser: Browser, *shown: str) -> None:
    """The page has our own elements and attributes alone, and shows what was written, letter by letter."""
    ours = browser.office.parts.settings.base_url
    for tag, attributes in read_elements(browser.page.text):
        assert tag in OURS, tag
        assert not any(name.startswith("on") or name in ("style", "srcdoc", "src") for name in attributes), attributes
        assert re.match(rf"(#|/style-|{re.escape(ours)}/l/|$)", attributes.get("href") or ""), attributes
    page = html.unescape(browser.page.text)
    for text in shown:
        assert text in page


def test_names_titles_and_texts_stay_text_on_every_page(office: Office) -> None:
    browser = Browser(office)
    browser.visit(home_of(office, FIRST))
    assert_is_text(browser, f"Hei, {FIRST}!", TITLE["nb"], EVIL)
    browser.visit(link_to(office, "Ada", "theme_suggestion"))
    assert_is_text(browser, TITLE["nb"], EVIL)
    browser.press("send", suggestion=EVIL + "x" * 300)  # too long: it is shown again to be mended
    assert_is_text(browser, EVIL)
    browser.press("send", suggestion=EVIL)
    assert_is_text(browser, EVIL)
    browser.press("again")
    assert_is_text(browser, EVIL)  # one's own suggestion, to take back
    colleague = Browser(office)
    colleague.visit(link_to(office, "Jonas", "theme_suggestion"))
    colleague.press("send", suggestion=EVIL + " ")
    assert_is_text(colleague, EVIL)


def test_named_answers_stay_text_on_the_leaders_page(office: Office) -> None:
    browser = Browser(office)
    browser.visit(link_to(office, "Ada", "unused_competence"))
    assert_is_text(browser, LEADER)
    for fields in ({"has_more": "yes"}, {"competence": EVIL}, {"tasks": EVIL}):
        browser.press("send", **fields)
        assert_is_text(browser)
    assert_is_text(browser, EVIL, LEADER)
    theme_id = suggest(office, "Jonas", EVIL)
    office.pass_time("2027-01-11 12:00")

    leader = Browser(office)
    leader.visit(path_of(office.follow("Grace", "Uka i ")))
    assert_is_text(leader, EVIL)
    leader.press("names")
    assert_is_text(leader, NAME, EVIL)
    leader.press(f"not_now:{theme_id}")
    assert_is_text(leader, EVIL)
    leader.press(f"save_not_now:{theme_id}", own=EVIL)
    assert_is_text(leader)


def test_results_and_decisions_stay_text_in_every_language(office: Office) -> None:
    theme_id = suggest(office, "Jonas", EVIL)
    suggest(office, "Ada", f"{EVIL} to")
    office.pass_time("2027-01-11 12:00")
    leader = Browser(office)
    leader.visit(path_of(office.follow("Grace", "Uka i ")))
    leader.press(f"save_not_now:{theme_id}", own=f"{EVIL} nei")
    office.pass_time("2027-01-18 12:00")

    browser = Browser(office)
    for language in LANGUAGES:
        browser.visit(home_of(office, "Ada"))
        browser.press(f"language:{language}")
        assert_is_text(browser, EVIL, f"{EVIL} nei", LEADER)


def test_plain_text_shows_what_was_written_letter_by_letter(office: Office) -> None:
    suggest(office, "Jonas", EVIL)
    office.pass_time("2027-01-18 12:00")

    inbox = "\n".join(office.inbox("Petra"))

    assert f"«{EVIL}»" in inbox
    assert LEADER in inbox


def test_a_dead_link_names_the_leader_as_text(office: Office) -> None:
    link = link_to(office, "Ada", "pulse")
    office.world.at = oslo("2027-02-15 12:00")
    browser = Browser(office)

    browser.visit(link)

    assert browser.page.status_code == 410
    assert_is_text(browser, LEADER)


def test_a_preview_takes_a_flow_as_text() -> None:
    flow = shipped("theme_suggestion", title=TITLE, purpose=dict.fromkeys(LANGUAGES, EVIL))

    for language in LANGUAGES:
        shown = preview(flow, words_in(language))

        assert TITLE["nb"] in shown
        assert EVIL in shown


def test_marks_that_turn_the_page_are_stored_nowhere(office: Office, store: Store) -> None:
    turned = "".join(TURNING)
    theme_id = suggest(office, "Jonas", "Sårstell")
    browser = Browser(office)
    browser.visit(link_to(office, "Ada", "theme_suggestion"))
    browser.press("send", suggestion=f"{turned}Stell av sår{turned}")
    browser.press("send", nearest="mine")
    office.pass_time("2027-01-11 12:00")
    leader = Browser(office)
    leader.visit(path_of(office.follow("Grace", "Uka i ")))
    leader.press(f"save_not_now:{theme_id}", own=f"Nei{turned} takk\x00", reason="reason_money")

    kept = dump(store)
    stored = "".join([*kept["theme"], *kept["decision"]])

    assert "Nei takk" in stored
    assert not any(repr(mark)[1:-1] in stored or mark in stored for mark in (*TURNING, "\x00"))


@pytest.mark.parametrize("column", ["name", "unit"])
def test_a_file_whose_names_turn_the_page_is_refused(office: Office, column: str) -> None:
    old = "Petra" if column == "name" else "Avdeling 1"
    lines = [rename(one).replace(old, f"{old}\u202egro.live", 1) for one in STAFF]

    with pytest.raises(Exception, match=r"invisible character \(U\+202E\)"):
        office.import_people(lines)
