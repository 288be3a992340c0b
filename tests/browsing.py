"""Browsers on the real app: cookies kept by path as browsers do, forms read from the page, no JavaScript; and a look
at everything that is stored."""

import html
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import httpx
from sqlalchemy import text
from sqlmodel import SQLModel, select
from starlette.applications import Starlette

from bot.app import make_app
from storage.store import Store
from storage.tables import Person, Theme
from tests.office import PEOPLE, WARD, Office, on, shipped
from tests.reading_pages import find, read_elements

Form = Mapping[str, Any]  # names and what was written, one or several

ASKED = ("pulse", "theme_suggestion", "unused_competence")
# The ward of fourteen, two of another ward, the director, and Mallory, whom nobody asks about staff.
STAFF = tuple(
    one
    for one in PEOPLE
    if WARD in one or any(name in one for name in ("Sverre", "Jonas", "Mallory", "Turid", "Bente"))
)


class Browser:
    """One browser, perhaps of several people. Every answer that came is kept in `answers`, redirects too."""

    def __init__(self, office: Office, *, app: Starlette | None = None, clock: Callable[[], datetime] | None = None):
        self.office = office
        self.app = app or make_app(office.parts, clock or office.world.clock, is_ticking=False)
        self.answers: list[httpx.Response] = []
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        self.client = httpx.AsyncClient(transport=transport, base_url=office.parts.settings.base_url)

    @property
    def page(self) -> httpx.Response:
        return self.answers[-1]

    @property
    def text(self) -> str:
        """What stands on the page, without its tags."""
        return html.unescape(re.sub(r"<[^>]*>", " ", self.page.text))

    def ask(self, method: str, path: str, *, follow: bool = False, **more: Any) -> httpx.Response:
        """Any request at all."""
        answer: httpx.Response = self.office.run(self.client.request(method, path, follow_redirects=follow, **more))
        self.answers += [*answer.history, answer]
        return answer

    def visit(self, url: str) -> httpx.Response:
        """Open an address, and go where it leads."""
        return self.ask("GET", url, follow=True)

    def read_form(self, number: int = 0) -> dict[str, str]:
        """The hidden fields of a form of the page: its token and its state."""
        inputs = find(self.page.text, "input", type="hidden")
        tokens = [str(one["value"]) for one in inputs if one["name"] == "csrf"]
        states = [str(one["value"]) for one in inputs if one["name"] == "state"]
        return {"csrf": tokens[number], "state": states[number] if number < len(states) else ""}

    @property
    def actions(self) -> list[str]:
        """What the buttons of the page do."""
        buttons = [own.get("value") or "" for name, own in read_elements(self.page.text) if name == "button"]
        return list(dict.fromkeys(buttons))

    def press(self, action: str, **fields: Any) -> httpx.Response:
        """Press a button of the page that stands there, with what the fields hold."""
        return self.send({**self.read_form(), **fields, "action": action})

    def send(self, form: Form, path: str | None = None, **more: Any) -> httpx.Response:
        """Send any form at all to the address of the page, or to `path`."""
        return self.send_raw(urlencode(form, doseq=True).encode(), path, **more)

    def send_raw(self, body: bytes, path: str | None = None, **more: Any) -> httpx.Response:
        headers = {"Content-Type": "application/x-www-form-urlencoded", **more.pop("headers", {})}
        return self.ask(
            "POST", path or self.page.url.raw_path.decode(), follow=True, content=body, headers=headers, **more
        )


def path_of(url: str) -> str:
    """The path of a personal link: '/l/ID/SECRET'."""
    return "/" + "/".join(url.rsplit("/", 3)[-3:])


def dump(store: Store) -> dict[str, list[str]]:
    """Everything that is stored, by table, in an order that tells nothing."""
    with store.engine.connect() as connection:
        return {
            name: sorted(repr(tuple(row)) for row in connection.execute(text(f'SELECT * FROM "{name}"')))
            for name in SQLModel.metadata.tables
        }


def make_noon(make_office: Callable[..., Office], **chosen: Any) -> Office:
    """A part of the made-up office on Monday noon: STAFF have been asked all three things that come with Medvirk."""
    flows = [shipped(name, schedule=on("2027-01-04")) for name in ASKED]
    office = make_office(**{"flows": flows, "people": STAFF, **chosen})
    office.pass_time("2027-01-04 12:00")
    return office


def answers(**changed: str) -> dict[str, str]:
    """A filled-in pulse."""
    return {"looked_forward": "weekly", "used_strengths": "weekly", **changed}


def link_to(office: Office, name: str, flow: str) -> str:
    """The path of the link that a person got to answer in a flow."""
    with office.reading() as session:
        person = session.get_one(Person, office.id_of(name))
    return path_of(office.follow(name, office.flows[flow].title.to(person.language)))


def find_codes(page: str) -> list[str]:
    """The codes to regret by that stand on a page."""
    return re.findall(r"\b[A-ZÆØÅ]+-[0-9]{4}-[A-ZÆØÅ]+-[A-ZÆØÅ]+\b", page)


def home_of(office: Office, name: str) -> str:
    page = office.home(name)
    return f"/l/{page.link_id}/{page.secret}"


def suggest(office: Office, name: str, text: str) -> int:
    """Suggest a theme; its id comes back."""
    office.answer(name, "theme_suggestion", {"suggestion": text, "nearest": "mine"})
    with office.reading() as session:
        return session.exec(select(Theme.id).where(Theme.text == text)).one() or 0


def week_of(office: Office, name: str) -> str:
    """The path of the newest weekly page, a Monday later."""
    office.pass_time("2027-01-11 12:00")
    return path_of(office.follow(name, "Uka i "))
