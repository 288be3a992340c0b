"""How people use paper in the made-up office: a leader prints slips, somebody types a code, a poster is hung up."""

import html
import re
from typing import NamedTuple

from sqlmodel import select

from bot.app import make_app
from flows.model import Flow
from storage.posters import make_poster
from storage.tables import Unit
from tests.browsing import Browser, week_of
from tests.office import WARD, Office, on, shipped

TYPED = re.compile(r'<p class="typed">([^<]+)</p>')
NAME = re.compile(r'class="slip-name">([^<]+)<')


class Handed(NamedTuple):
    """A slip as it lies on the table: whose it is, and the code."""

    name: str
    code: str


def theme_flow(*days: str) -> Flow:
    return shipped("theme_suggestion", schedule=on(*(days or ("2027-01-04", "2027-01-11"))))


def open_week(office: Office, name: str) -> Browser:
    """A week later a leader opens the weekly page."""
    browser = Browser(office)
    browser.visit(week_of(office, name))
    return browser


def print_slips(browser: Browser, who: str = "all") -> list[Handed]:
    """From the weekly page: the slips that came, in their order on the sheet."""
    browser.press("slips")
    browser.press("print_slips", who=who)
    return read_slips(browser.page.text)


def read_slips(page: str) -> list[Handed]:
    names, codes = NAME.findall(page), TYPED.findall(page)
    return [Handed(html.unescape(name), html.unescape(code)) for name, code in zip(names, codes, strict=True)]


def type_code(office: Office, code: str, browser: Browser | None = None) -> Browser:
    """Somebody goes to the short address and types a code; the browser stands where that led."""
    browser = browser or Browser(office)
    browser.ask("GET", "/k")
    return type_again(browser, code)


def type_again(browser: Browser, code: str) -> Browser:
    browser.press("send", code=code)
    if browser.page.status_code == 303:
        browser.visit(browser.page.headers["location"])
    return browser


def hang_poster(office: Office, unit: str = WARD, flow: str = "theme_suggestion") -> str:
    """A new poster in a unit; its path comes back."""
    with office.parts.store.writing() as session:
        unit_id = session.exec(select(Unit.id).where(Unit.path == unit)).one() or 0
        key = office.parts.keys.server_secret("posters")
        return f"/p/{make_poster(session, key, flow, unit_id, office.at)}"


def at_poster(office: Office, path: str) -> Browser:
    browser = Browser(office)
    browser.visit(path)
    return browser


def several_browsers(office: Office) -> tuple[Browser, Browser]:
    """Two browsers on one running app."""
    app = make_app(office.parts, office.world.clock, is_ticking=False)
    return Browser(office, app=app), Browser(office, app=app)
