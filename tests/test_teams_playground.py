"""People in Microsoft's own Teams client for tests: installed, asked, answered, decided; with authentication off and
on. Pictures are kept where MEDVIRK_TEST_PICTURES says."""

import os
import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright
from sqlmodel import select

from bot.app import make_app
from bot.channels.teams.channel import PATH
from storage.tables import Address, Answer, Theme
from tests.browsing import answers
from tests.closings import NAMES, STAFF
from tests.office import WARD, MakeOffice, Office, on, said, shipped
from tests.office_people import line
from tests.teams_playground import id_of, run_playground, serve, sign_for, what_is_missing
from tests.teams_renderer import CHROMIUM, PICTURES
from tests.teams_server import TENANT, Teams
from tests.teams_ways import make_channel, settings_for

pytestmark = [pytest.mark.chromium, pytest.mark.node, pytest.mark.slow]
FLOWS = ("pulse", "theme_suggestion", "unused_competence")
ASKED, MONDAY = "2027-01-04 12:00", "2027-01-18 08:30"  # the pulse closes on the Friday between
WROTE = "Tigrinja, og å kjøre båt på fjorden"
WAITS_SECONDS = 60


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if missing := what_is_missing() or ("" if os.access(CHROMIUM, os.X_OK) else f"there is no browser at {CHROMIUM}"):
        pytest.skip(f"no Teams client to test with: {missing}")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


class Chat:
    """One person at their Teams."""

    def __init__(self, page: Page, name: str) -> None:
        self.page, self.name = page, name

    def card(self, text: str) -> Locator:
        """The newest card that says this."""
        found = self.page.locator(".ac-adaptiveCard").filter(has_text=text).last
        expect(found).to_be_visible(timeout=WAITS_SECONDS * 1000)
        return found

    def press(self, label: str, card: str) -> None:
        self.card(card).get_by_role("button", name=label, exact=True).first.click()

    def type(self, words: str) -> None:
        self.page.locator("div[role=textbox][contenteditable=true]").first.click()
        self.page.keyboard.type(words)
        self.page.keyboard.press("Enter")

    def draw(self, name: str) -> None:
        if PICTURES:
            Path(PICTURES).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=str(Path(PICTURES) / f"teams {name}.png"))


Open = Callable[..., Chat]


class Apart:
    """The office's own work in a thread of its own: the browser's loop leaves no room for another."""

    def __init__(self, office: Office) -> None:
        self.office, self._pool = office, ThreadPoolExecutor(1)

    def do(self, work: Callable[..., Any], *told: Any) -> Any:
        return self._pool.submit(work, *told).result()

    def pass_time(self, until: str) -> None:
        self.do(self.office.pass_time, until)

    def close(self) -> None:
        self.do(self.office._runner.close)
        self._pool.shutdown()


@pytest.fixture
def apart(office: Office) -> Iterator[Apart]:
    one = Apart(office)
    yield one
    one.close()


@pytest.fixture
def office(make_office: MakeOffice) -> Office:
    """People of the ward, two of whom a directory has in Teams."""
    people = (*STAFF, line(103, "Jonas Vik", WARD))
    made = make_office(people=people, flows=[shipped(one, schedule=on("2027-01-04")) for one in FLOWS])
    with made.parts.store.writing() as session:
        for name in ("Ada Berg", "Grace Lie"):
            value, person_id = f"{TENANT}:{id_of(name)}", made.id_of(name.split()[0])
            session.add(Address(person_id=person_id, channel="teams", value=value, workspace=TENANT, preferred=True))
    return made


@pytest.fixture
def open_chat(browser: Browser, apart: Apart, teams: Teams, tmp_path: Path) -> Iterator[Open]:
    """Opens somebody's Teams, once the app is served; with `authentication` on or off, alike for all of a test."""
    office = apart.office
    with ExitStack() as stack:
        served: dict[str, Any] = {}

        def serve_once(authentication: str) -> str:
            if not served:
                settings = settings_for(teams, authentication=authentication)
                channels: Any = office.parts.channels
                channels["teams"] = make_channel(office, settings)
                url = stack.enter_context(serve(make_app(office.parts, office.world.clock, is_ticking=False)))
                # What leaves by itself leaves from the test's own thread, and has connections of its own.
                channels["teams"] = leaving = make_channel(office, settings)
                leaving.rates = {}
                stack.callback(lambda: apart.do(lambda: office.run(leaving.close())))
                served["url"] = f"{url}{PATH}"
                if authentication == "on":
                    served["url"] = stack.enter_context(sign_for(teams, served["url"]))
            return str(served["url"])

        def open_one(name: str, authentication: str = "off") -> Chat:
            endpoint = serve_once(authentication)
            url = stack.enter_context(run_playground(tmp_path / name.split()[0], name, endpoint))
            page = stack.enter_context(browser.new_context(viewport={"width": 1100, "height": 1000})).new_page()
            page.goto(url)
            wait_until(lambda: is_reached(office, name))
            return Chat(page, name)

        yield open_one


def is_reached(office: Office, name: str) -> bool:
    """Whether Teams has told where this person is reached."""
    with office.reading() as session:
        address = session.exec(select(Address).where(Address.value == f"{TENANT}:{id_of(name)}")).first()
        return address is not None and address.conversation is not None


def wait_until(is_so: Callable[[], bool]) -> None:
    ends = time.monotonic() + WAITS_SECONDS
    while not is_so():
        assert time.monotonic() < ends, "it did not come to that"
        time.sleep(0.1)


def count(office: Office, table: type[Any]) -> int:
    with office.reading() as session:
        return len(session.exec(select(table)).all())


def title_of(office: Office, flow: str) -> str:
    return office.flows[flow].title.to("nb")


def answer_by_name(office: Office, chat: Chat) -> None:
    """From the question to the receipt."""
    title = title_of(office, "unused_competence")
    chat.press(said("question.answer"), title)
    card = chat.card(title)
    card.get_by_role("radio", name="Ja", exact=True).check()
    chat.draw("2 a named question")
    chat.press(said("answer.next"), title)
    field = chat.card(title).get_by_role("textbox").first
    field.fill(WROTE)
    chat.press(said("answer.next"), title)
    chat.press(said("answer.send_to", leader="Grace"), title)
    chat.card(said("receipt.named", leader="Grace Lie"))
    chat.draw("3 the receipt")


def test_a_day_and_a_week_in_teams_for_two_people(office: Office, apart: Apart, open_chat: Open) -> None:
    ada, grace = open_chat("Ada Berg"), open_chat("Grace Lie")
    apart.pass_time(ASKED)
    ada.card(title_of(office, "pulse"))
    ada.draw("1 asked")
    cards = ada.page.locator(".ac-adaptiveCard").count()

    # The anonymous question leads to the page, and asks nothing here.
    door = ada.card(title_of(office, "pulse"))
    expect(door.get_by_role("radio")).to_have_count(0)
    expect(door.get_by_role("link", name=said("question.answer"))).to_be_visible()

    answer_by_name(office, ada)
    with office.reading() as session:
        (answer,) = session.exec(select(Answer)).all()
    assert answer.values["competence"] == WROTE
    assert ada.page.locator(".ac-adaptiveCard").count() == cards

    # What must be filled in is said at its field, before anything is sent.
    suggested = {"suggestion": "Kveldsuro hos redde beboere", "nearest": "mine"}
    apart.do(office.answer, "Jonas", "theme_suggestion", suggested)
    ada.type("tema")
    title, label = title_of(office, "theme_suggestion"), said("answer.send_suggestion")
    ada.press(label, title)
    expect(ada.card(title).get_by_text(said("problem.required"))).to_be_visible()
    ada.draw("4 a field that is needed")
    assert count(office, Theme) == 1
    ada.card(title).get_by_role("textbox").first.fill("redde beboere på kvelden, æøå")
    ada.press(label, title)
    ada.card(said("answer.you_wrote")).get_by_role("radio", name="Kveldsuro hos redde beboere").check()
    ada.draw("5 nearest themes")
    ada.press(said("answer.send"), said("answer.you_wrote"))
    ada.card("Kveldsuro hos redde beboere")
    wait_until(lambda: "støtter" in ada.page.locator(".ac-adaptiveCard").last.inner_text())
    assert count(office, Theme) == 1

    ada.type("hjelp")
    ada.press(said("teams.to_page"), said("teams.help_title"))
    ada.card(said("home.waiting"))
    ada.draw("6 the own page")

    # The leader's week: figures, drawn and told, and what waits for a decision.
    for place, name in enumerate(NAMES):
        apart.do(office.answer, name, "pulse", answers() if place < 7 else dict.fromkeys(answers(), "never"))
    apart.pass_time(MONDAY)
    drawn = grace.card("Uka i Avdeling 1").get_by_role("img")
    expect(drawn).to_have_count(2, timeout=WAITS_SECONDS * 1000)
    assert drawn.evaluate_all("all => all.every(one => one.naturalWidth > 1 && one.alt.includes('%'))")
    grace.draw("7 the week as a message")
    grace.press(said("digest.open"), "Uka i Avdeling 1")  # the page, which alone has a part on paper
    grace.press(said("digest.take_in"), said("slips.heading"))
    grace.card(said("decision.what_happens")).get_by_role("textbox").first.fill("Fagmøte onsdag på øvelsesrommet.")
    grace.press(said("decision.look"), said("decision.what_happens"))
    grace.card(said("decision.preview", unit="Avdeling 1"))
    grace.draw("8 a decision before it is sent")
    grace.press(said("decision.save"), said("decision.preview", unit="Avdeling 1"))
    wait_until(lambda: _is_decided(office))
    assert not re.search("Tigrinja", grace.page.content())


def _is_decided(office: Office) -> bool:
    with office.reading() as session:
        return [one.state for one in session.exec(select(Theme))] == ["taken_in"]


def test_with_authentication_on_what_is_signed_gets_in_and_what_leaves_has_a_token(
    office: Office, apart: Apart, open_chat: Open, teams: Teams
) -> None:
    ada = open_chat("Ada Berg", authentication="on")
    apart.pass_time(ASKED)

    answer_by_name(office, ada)
    apart.do(office.beat)

    ada.card(said("question.see_answer"))
    assert count(office, Answer) == 1
    assert teams.called("token") != []
