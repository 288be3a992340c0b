"""Attacks on the pages with links and forms: looking, forging, and using what belongs to somebody else.

The adversary has a personal link and wants more than it gives, or a link scanner that opens everything. Odd requests
are in test_attacks_with_requests.py, forged buttons in test_attacks_with_actions.py, text that tries to be more than
text in test_attacks_with_text.py.
"""

from collections.abc import Callable

import pytest
from pydantic import ValidationError
from sqlmodel import select

from flows.model import Flow
from storage.links import revoke_links
from storage.store import Store
from storage.tables import Person
from tests.browsing import STAFF, Browser, answers, dump, find_codes, home_of, link_to, make_noon, suggest, week_of
from tests.office import Office, oslo, shipped

MakeOffice = Callable[..., Office]


@pytest.fixture
def office(make_office: MakeOffice) -> Office:
    """Monday noon: everybody has been asked all three things."""
    return make_noon(make_office)


@pytest.fixture
def browser(office: Office) -> Browser:
    return Browser(office)


# Looking


def test_looking_changes_nothing_however_often_scanners_open_a_link(office: Office, store: Store) -> None:
    suggest(office, "Jonas", "Sårstell")
    links = [home_of(office, "Ada"), week_of(office, "Grace"), week_of(office, "Jonas")]
    before = dump(store)

    for link in [*links, link_to(office, "Ada", "pulse"), link_to(office, "Ada", "theme_suggestion")]:
        for _ in range(5):
            scanner = Browser(office)
            for method in ("HEAD", "GET", "OPTIONS"):
                scanner.ask(method, link)
            scanner.visit(link)
            scanner.ask("HEAD", scanner.page.url.path)
            assert scanner.page.status_code == 200

    assert dump(store) == before


def test_opening_takes_the_secret_out_of_the_address_and_into_a_cookie_for_that_page_alone(
    office: Office, browser: Browser
) -> None:
    link = link_to(office, "Ada", "pulse")
    page, secret = link.rsplit("/", 1)

    answer = browser.ask("GET", link)

    assert (answer.status_code, answer.headers["location"]) == (303, page)
    assert set(answer.headers["set-cookie"].lower().split("; ")) == {
        f"medvirk={secret}".lower(),
        "httponly",
        f"path={page}".lower(),
        "samesite=lax",
    }
    assert secret not in browser.visit(link).text


# Forged forms


def test_a_form_without_its_token_or_with_another_is_refused_and_nothing_is_stored(
    office: Office, store: Store
) -> None:
    links = {name: link_to(office, name, "pulse") for name in ("Ada", "Jonas")}
    theirs = Browser(office)
    theirs.visit(links["Jonas"])
    other = theirs.read_form()["csrf"]
    browser = Browser(office)
    browser.visit(links["Ada"])
    own = browser.read_form()
    before = dump(store)

    for token in ("", "x", other, own["csrf"][:-1], own["csrf"].upper(), "æøå", "\x00"):
        answer = browser.send({**own, **answers(), "csrf": token, "action": "send"})

        assert answer.status_code == 403, token
    assert browser.send({"state": own["state"], **answers()}).status_code == 403
    assert browser.send({**own, "csrf": [other, own["csrf"]]}).status_code == 403
    assert dump(store) == before


def test_a_form_without_the_cookie_is_refused(office: Office, browser: Browser, store: Store) -> None:
    browser.visit(link_to(office, "Ada", "pulse"))
    form = {**browser.read_form(), **answers(), "action": "send"}
    stranger = Browser(office)
    before = dump(store)

    answer = stranger.send(form, browser.page.url.path)

    assert answer.status_code == 403
    assert dump(store) == before


def test_somebody_elses_secret_opens_and_changes_nothing_on_my_page(office: Office, store: Store) -> None:
    ada, mallory = Browser(office), Browser(office)
    ada.visit(link_to(office, "Ada", "pulse"))
    mallory.visit(home_of(office, "Mallory"))
    secret, page = mallory.client.cookies["medvirk"], ada.page.url.path
    form = {**mallory.read_form(), **answers(), "action": "send"}
    before = dump(store)

    stranger = Browser(office)
    looked = stranger.ask("GET", page, headers={"Cookie": f"medvirk={secret}"})
    sent = stranger.send(form, page, headers={"Cookie": f"medvirk={secret}"})

    assert (looked.status_code, sent.status_code) == (404, 404)
    assert dump(store) == before


def test_two_people_in_one_browser_are_never_mixed(office: Office) -> None:
    """At the shared machine in the ward: each page sends its own cookie, and each answer counts for its own."""
    browser = Browser(office)
    pages = {}
    for name in ("Ada", "Grace", "Jonas"):
        browser.visit(home_of(office, name))
        pages[name] = browser.page.url.path
        assert f"Hei, {name}!" in browser.text

    for name, page in reversed(pages.items()):
        browser.ask("GET", page)
        assert f"Hei, {name}!" in browser.text
        assert browser.answers[-1].request.headers["cookie"].count("medvirk=") == 1
    browser.ask("GET", pages["Ada"])
    browser.press("decline")

    with office.reading() as session:
        declined = session.exec(select(Person.name).where(Person.declined)).all()
    assert declined == ["Ada Berg"]


def test_the_same_form_sent_twice_counts_once(office: Office, store: Store) -> None:
    browser = Browser(office)
    browser.visit(link_to(office, "Ada", "pulse"))
    form = {**browser.read_form(), **answers(), "action": "send"}

    first, second = browser.send(form), browser.send(form)

    assert (first.status_code, second.status_code) == (200, 200)
    assert len(dump(store)["envelope"]) == 1
    (code,) = find_codes(first.text)
    assert code not in second.text


@pytest.mark.parametrize("name", ["csrf", "state", "action"])
def test_no_question_can_take_the_place_of_what_protects_the_form(name: str) -> None:
    flow = shipped("pulse").to_json()
    flow["steps"][0]["fields"][0]["id"] = name

    with pytest.raises(ValidationError, match=f"'{name}' is a name that every form uses itself"):
        Flow.model_validate(flow)


# Links that no longer open


def test_a_link_ends_when_the_round_does_and_says_so(office: Office, store: Store) -> None:
    browser, link = Browser(office), link_to(office, "Ada", "pulse")
    browser.visit(link)
    form = {**browser.read_form(), **answers(), "action": "send"}
    office.world.at = oslo("2027-01-15 09:00")  # the deadline, to the minute; nothing has ticked yet
    before = dump(store)

    sent, opened = browser.send(form), Browser(office).visit(link)

    assert (sent.status_code, opened.status_code) == (410, 410)
    assert "fredag 15. januar" in opened.text
    assert "<form" not in opened.text + sent.text
    assert dump(store) == before


@pytest.mark.parametrize("end", ["revoked", "left"])
def test_a_revoked_link_and_that_of_somebody_who_left_open_nothing(office: Office, store: Store, end: str) -> None:
    browser, link, home = Browser(office), link_to(office, "Ada", "theme_suggestion"), home_of(office, "Ada")
    browser.visit(link)
    form = {**browser.read_form(), "suggestion": "Sårstell", "action": "send"}
    if end == "revoked":
        office.parts.writer.do_now(lambda session: revoke_links(session, office.id_of("Ada"), office.at))
    else:
        office.import_people([one for one in STAFF if "Ada Berg" not in one])
    before = dump(store)

    answered = [browser.send(form), Browser(office).visit(link), Browser(office).visit(home)]

    assert {answer.status_code for answer in answered} <= {404, 410}
    assert dump(store) == before
