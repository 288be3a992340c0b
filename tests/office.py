"""A made-up office that really runs: a real store, the real import, door and outbox; only time is moved by hand.

Nothing here stands in for a piece of the product. People are called by their first names, which are all different.
"""

import asyncio
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, select

from bot.cards import Card
from bot.channels.contract import Channel
from bot.channels.web import WebChannel
from bot.demo.people import Colleagues
from bot.demo.world import World, demo_settings
from bot.directory import csv
from bot.door import Door
from bot.messages.links import way_to_home
from bot.parts import Parts
from bot.watching.metrics import Metrics
from flows.model import Flow
from storage.directory import storing as directory
from storage.directory.difference import find_difference
from storage.discussions import record_discussion
from storage.keys import KeyFolder
from storage.read_pool import ReadPool
from storage.store import Store
from storage.tables import Delivery, Person, Run, Unit
from storage.tables.sending import DeliveryKind, DeliveryState
from storage.writer import Writer
from tests.office_flows import on, shipped, shipped_flows
from tests.office_people import ADA, COLUMNS, GRACE, MALLORY, NAV, NIGHT, OTHER_WARD, PEOPLE, WARD, crowd, line
from tests.office_ways import Form, Letter, Page, Post
from tests.office_words import BEGINS, OSLO, oslo, plain, said

__all__ = [
    "ADA",
    "BEGINS",
    "COLUMNS",
    "GRACE",
    "MALLORY",
    "NAV",
    "NIGHT",
    "OSLO",
    "OTHER_WARD",
    "PEOPLE",
    "WARD",
    "Form",
    "Letter",
    "MakeOffice",
    "Office",
    "Page",
    "Post",
    "Silent",
    "crowd",
    "line",
    "on",
    "oslo",
    "plain",
    "said",
    "shipped",
    "shipped_flows",
]


class Silent(Colleagues):
    """Colleagues who do nothing by themselves: in a test everybody acts when the test says so."""

    def act(self, session: Session, parts: Parts, at: datetime, played: Collection[int] = ()) -> int:
        return 0


class Office:
    """The office, its clock and the ways people use it."""

    def __init__(
        self,
        store: Store,
        folder: Path,
        *,
        flows: Collection[Flow] | None = None,
        people: Collection[str] = PEOPLE,
        begins: str = BEGINS,
        discussed_by: Collection[str] = ("Solvik",),
        post: Post | None = None,
        chats: Collection[Channel] = (),
        **settings: Any,
    ) -> None:
        chosen = demo_settings(folder, "http://127.0.0.1:8000").model_copy(update=settings)
        self.flows = {flow.name: flow for flow in (shipped_flows() if flows is None else flows)}
        self.post = post
        channels: dict[str, Channel] = {"web": WebChannel() if post is None else post}
        channels |= {one.name: one for one in chats}
        metrics = Metrics()
        read_pool, writer = ReadPool(store), Writer(store, tell_batch=metrics.count_batch)
        self.parts = Parts(chosen, self.flows, KeyFolder(folder / "keys"), store, read_pool, writer, channels, metrics)
        self.world = World(self.parts, Silent(seed=1), oslo(begins))
        if post is not None:
            post.clock = self.world.clock
        self.door = Door(self.parts, self.world.clock)
        self._runner = asyncio.Runner()
        self._home_urls: dict[str, str] = {}
        if people:
            self.import_people(people)
        for employer in discussed_by:
            for name in self.flows:
                self.record_discussion(name, employer)

    @property
    def at(self) -> datetime:
        return self.world.at

    def run(self, work: Any) -> Any:
        """Wait for something asynchronous."""
        return self._runner.run(work)

    def close(self) -> None:
        self._runner.close()
        self.parts.writer.close()
        self.parts.read_pool.close()

    # Time

    def pass_time(self, until: str) -> None:
        """Let time pass until a clock in Oslo shows `until`, stopping at everything that happens on the way."""
        assert oslo(until) >= self.at, f"it is later than {until} already"
        self.run(self.world.move_to(oslo(until)))

    def jump_to(self, until: str) -> None:
        """The process was down all the while: one beat at `until`, and none before."""
        self.world.at = oslo(until)
        self.beat()

    def beat(self) -> None:
        self.run(self.world.move_to(self.at))

    # People

    def import_people(self, lines: Collection[str], more_columns: Collection[str] = ()) -> None:
        """Bring in a directory file, as the command does; `more_columns` stand behind the usual ones."""
        reading = csv.read("solvik.csv", [";".join([*COLUMNS, *more_columns]), *lines])

        def work(session: Session) -> None:
            directory.apply(session, find_difference(session, reading.organisation, self.at.date()), self.at)

        self.parts.writer.do_now(work)
        self._home_urls.clear()  # whoever was gone for a while has a new one

    def record_discussion(self, flow: str, employer: str, unit: str = "Solvik", held_on: str = "2026-12-10") -> None:
        def work(session: Session) -> None:
            record_discussion(
                session,
                flow=flow,
                unit_id=session.exec(select(Unit.id).where(Unit.path == unit)).one() or 0,
                employer=employer,
                needed=True,
                held_on=date.fromisoformat(held_on),
                invited="Fagforbundet (oppdiktet)",
                views="Enige.",
                decision="Tas i bruk.",
                recorded_by="made up",
                at=self.at,
            )

        self.parts.writer.do_now(work)

    def id_of(self, name: str) -> int:
        """The id of the one person with this first name."""
        with self.reading() as session:
            return session.exec(select(Person.id).where(col(Person.name).startswith(f"{name} "))).one() or 0

    def names(self, people: Collection[int]) -> set[str]:
        """The first names of these people."""
        with self.reading() as session:
            return {
                name.split()[0] for name in session.exec(select(Person.name).where(col(Person.id).in_(list(people))))
            }

    def staff(self, unit: str) -> list[str]:
        """The first names of those who are at home in this unit, as PEOPLE tells."""
        rows = [dict(zip(COLUMNS, one.split(";"), strict=True)) for one in PEOPLE]
        return [row["name"].split()[0] for row in rows if row["unit"] == unit and row["membership"]]

    # What people see and do

    def home(self, name: str, language: str | None = None) -> Page:
        """The person's own page."""

        def work(session: Session) -> str:
            person = session.get(Person, self.id_of(name))
            assert person is not None
            return way_to_home(session, self.parts, person, self.at).url

        if name not in self._home_urls:
            self._home_urls[name] = self.parts.writer.do_now(work)
        return Page(self, self._home_urls[name], language)

    def inbox(self, name: str, language: str | None = None) -> list[str]:
        """What waits, and then the messages on the person's own page, newest first, as text."""
        return [plain(card) for card in messages_of(self.home(name, language))]

    def latest(self, name: str) -> str:
        """The newest message."""
        return next(iter(self.inbox(name)), "")

    def follow(self, name: str, title: str) -> str:
        """The address behind the newest card of the own page with this title, or one that begins so."""
        for card in self.home(name).cards[1:]:
            links = [button for button in card.buttons if button.url]
            if card.title.startswith(title) and links:
                return next((one.url for one in links if one.style == "primary"), links[0].url)
        raise AssertionError(f"{name} has no message called {title!r} that leads anywhere")

    def open(self, name: str, flow: str, language: str | None = None) -> Page:
        """The person opens what the newest message of a flow leads to."""
        with self.reading() as session:
            person = session.get(Person, self.id_of(name))
        assert person is not None
        return Page(self, self.follow(name, self.flows[flow].title.to(person.language)), language)

    def answer(self, name: str, flow: str, answers: Form, language: str | None = None) -> Page:
        """The person answers all cards of a flow; the page with the receipt comes back."""
        return self.open(name, flow, language).fill_in(answers)

    def week(self, name: str) -> Page:
        """A leader or representative opens the newest weekly page."""
        return Page(self, self.follow(name, "Uka i "))

    # What is kept

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with self.parts.store.reading() as session:
            yield session

    def runs(self, flow: str | None = None) -> list[Run]:
        with self.reading() as session:
            found = select(Run).order_by(col(Run.id))
            return list(session.exec(found if flow is None else found.where(Run.flow == flow)))

    def deliveries(self, kind: DeliveryKind, *states: DeliveryState, about: str | None = None) -> list[Delivery]:
        """The rows of the outbox of one kind, in the order they were queued."""
        found = select(Delivery).where(Delivery.kind == kind).order_by(col(Delivery.id))
        if states:
            found = found.where(col(Delivery.state).in_(states))
        if about is not None:
            found = found.where(Delivery.about == about)
        with self.reading() as session:
            return list(session.exec(found))

    def letters(self, name: str) -> list[str]:
        """What the tests' own channel has brought to somebody, oldest first, as text."""
        assert self.post is not None, "this office was made without a channel of the tests' own"
        with self.reading() as session:
            person = session.get(Person, self.id_of(name))
        return [plain(one.card) for one in self.post.sent if person and one.address == person.number]

    def got(self, kind: DeliveryKind, **about: str) -> set[str]:
        """The first names of those to whom a delivery of this kind has left."""
        return self.names([one.person_id for one in self.deliveries(kind, DeliveryState.sent, **about)])


def messages_of(page: Page) -> list[Card]:
    """The cards of an own page that have come to the person: questions that wait, and messages."""
    language = page.card.language
    sections = [said(f"home.{one}", language) for one in ("week", "waiting", "messages")]
    sections.append(said("home.older", language, count=""))
    beginnings = tuple(name.rstrip("()") for name in sections)
    return [one for one in page.cards if one.section.startswith(beginnings)]


MakeOffice = Callable[..., Office]  # the fixture of that name
