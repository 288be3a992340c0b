"""A made-up office that really runs: a real store, the real import, door and outbox; only time is moved by hand.

Nothing here stands in for a piece of the product. People are called by their first names, which are all different.
"""

import asyncio
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from bot.app import find_all_flows
from bot.cards import Card, as_text
from bot.channels.contract import Channel
from bot.channels.web import WebChannel
from bot.demo.people import Colleagues
from bot.demo.world import World, demo_settings
from bot.directory import csv
from bot.door import Door, Trouble
from bot.messages.links import home_url
from bot.parts import Parts
from bot.words import words_in
from flows.model import Flow
from storage import directory
from storage.difference import find_difference
from storage.discussions import record_discussion
from storage.keys import KeyFolder
from storage.store import Store
from storage.tables import Delivery, Person, Run, Unit
from storage.tables.sending import DeliveryKind, DeliveryState
from storage.writer import Writer

OSLO = ZoneInfo("Europe/Oslo")
BEGINS = "2027-01-04 07:00"  # a Monday
MOST_CARDS = 8

Form = Mapping[str, str | Sequence[str]]


def oslo(local: str) -> datetime:
    """The moment at which a clock in Oslo shows '2027-01-11 09:00'."""
    return datetime.fromisoformat(local).replace(tzinfo=OSLO).astimezone(UTC)


def plain(card: Card) -> str:
    """A card as text, with plain spaces where lines must not break."""
    return as_text(card).replace("\N{NO-BREAK SPACE}", " ")


def said(key: str, language: str = "nb", **values: object) -> str:
    """A sentence of the catalogue as people see it."""
    return words_in(language)(key, **values).replace("\N{NO-BREAK SPACE}", " ")


def line(number: int, name: str, unit: str, role: str = "", **more: str) -> str:
    """One line of the directory file; `more` names other columns, such as `language` or `employer`."""
    cells = {"number": str(number), "name": name, "unit": unit, "role": role, "membership": "home", **more}
    return ";".join(cells.get(column, "") for column in COLUMNS)


def crowd(first_number: int, unit: str, names: str, **more: str) -> tuple[str, ...]:
    """A line for each of `names`, all in one unit."""
    return tuple(line(first_number + i, f"{name} Moen", unit, **more) for i, name in enumerate(names.split()))


COLUMNS = ("number", "name", "language", "hours", "leave", "unit", "membership", "employer", "role")
WARD = "Solvik / Avdeling 1"
OTHER_WARD = "Solvik / Avdeling 2"
NIGHT = "Solvik / Nattvakta"
NAV = "Solvik / NAV"

ADA = line(101, "Ada Berg", WARD)
GRACE = line(102, "Grace Lie", WARD, "leader")
MALLORY = line(301, "Mallory Dahl", NAV, employer="Staten")  # whose employer has discussed nothing

# Ten in the ward, ten in the other, three at night, two with another employer; a director over them all.
PEOPLE = (
    line(1, "Sverre Dalhaug", "Solvik", "leader"),
    ADA,
    GRACE,
    line(103, "Jonas Vik", WARD),
    line(103, "Jonas Vik", "Solvik", "representative", membership=""),
    line(104, "Eldbjørg Haugen", WARD, language="nn"),
    line(105, "Pawel Nowicki", WARD, language="en"),
    *crowd(106, WARD, "Petra Dag Linn Siv Unni"),
    line(201, "Turid Bakke", OTHER_WARD, "leader"),
    *crowd(202, OTHER_WARD, "Bente Geir Hilde Ivar Jorunn Kåre Lars Mona Nina"),
    line(251, "Nils Foss", NIGHT, "leader", hours="mon-sun 21:00-07:00"),
    *crowd(252, NIGHT, "Vera Wenche", hours="mon-sun 21:00-07:00"),
    MALLORY,
    *crowd(302, NAV, "Frode", employer="Staten"),
)


class Silent(Colleagues):
    """Colleagues who do nothing by themselves: in a test everybody acts when the test says so."""

    def act(self, session: Session, parts: Parts, at: datetime, played: Collection[int] = ()) -> int:
        return 0


class Letter(NamedTuple):
    """What the tests' own channel has brought: to whom, what, and when."""

    address: str
    card: Card
    at: datetime


class Post:
    """A channel of the tests' own, in the place of the web: it keeps what it has brought, and refuses as it is told."""

    name = "web"

    def __init__(self, *, is_safe_to_repeat: bool = False) -> None:
        self.is_safe_to_repeat = is_safe_to_repeat
        self.sent: list[Letter] = []
        self.clock: Callable[[], datetime] = lambda: oslo(BEGINS)
        self.refuse: Callable[[str, Card], Exception | None] = lambda address, card: None

    async def send(self, address: str, card: Card) -> str:
        error = self.refuse(address, card)
        if error is not None:
            raise error
        self.sent.append(Letter(address, card, self.clock()))
        return f"letter {len(self.sent)}"


class Page:
    """What somebody sees who opened a personal link, and what they do there. Goes through the door, as the web does.

    `cards` is what stands there now; it is empty where the door said no, and `trouble` says why.
    """

    def __init__(self, office: "Office", url: str, language: str | None = None) -> None:
        self.office, self.language = office, language
        self.link_id, self.secret = url.rsplit("/", 2)[-2:]
        self.cards: list[Card] = []
        self.trouble: Trouble | None = None
        self._keep(office.run(office.door.look(self.link_id, self.secret, language)))

    @property
    def card(self) -> Card:
        return self.cards[0]

    @property
    def text(self) -> str:
        return "\n".join(plain(card) for card in self.cards)

    def tap(self, action: str, form: Form | None = None, *, state: str | None = None) -> "Page":
        """Press a button; `form` is what the fields hold. An old card is sent by its `state`."""
        fields = {name: [given] if isinstance(given, str) else list(given) for name, given in (form or {}).items()}
        sent = self.card.state if state is None else state
        act = self.office.door.act(self.link_id, self.secret, self.language, action, fields, sent)
        self._keep(self.office.run(act))
        return self

    def fill_in(self, answers: Form) -> "Page":
        """Send card after card with what `answers` has for its fields, until there is nothing more to send."""
        for _ in range(MOST_CARDS):
            if not any(button.action == "send" for button in self.card.buttons):
                return self
            self.tap("send", {ask.id: answers[ask.id] for ask in self.card.asks if ask.id in answers})
        raise AssertionError(f"these answers never come to an end:\n{self.text}")

    def _keep(self, seen: Any) -> None:
        self.trouble = seen if isinstance(seen, Trouble) else None
        self.cards = [] if isinstance(seen, Trouble) else seen.cards
        if self.language is not None and not isinstance(seen, Trouble):
            self.language = seen.language


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
        post: "Post | None" = None,
        **settings: Any,
    ) -> None:
        chosen = demo_settings(folder, "http://127.0.0.1:8000").model_copy(update=settings)
        self.flows = {flow.name: flow for flow in (shipped_flows() if flows is None else flows)}
        self.post = post
        channels: dict[str, Channel] = {"web": WebChannel() if post is None else post}
        self.parts = Parts(chosen, self.flows, KeyFolder(folder / "keys"), store, Writer(store), channels)
        self.world = World(self.parts, Silent(seed=1), oslo(begins))
        if post is not None:
            post.clock = self.world.clock
        self.door = Door(self.parts, self.world.clock)
        self._runner = asyncio.Runner()
        self._home_urls: dict[str, str] = {}
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

    def import_people(self, lines: Collection[str]) -> None:
        """Bring in a directory file, as the command does."""
        reading = csv.read("solvik.csv", [";".join(COLUMNS), *lines])

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
        """The first names of those whose line in the made-up file says this unit, without Mallory's kind of trouble."""
        rows = [dict(zip(COLUMNS, one.split(";"), strict=True)) for one in PEOPLE]
        return [row["name"].split()[0] for row in rows if row["unit"] == unit and row["membership"]]

    # What people see and do

    def home(self, name: str, language: str | None = None) -> Page:
        """The person's own page."""

        def work(session: Session) -> str:
            person = session.get(Person, self.id_of(name))
            assert person is not None
            return home_url(session, self.parts, person, self.at)

        if name not in self._home_urls:
            self._home_urls[name] = self.parts.writer.do_now(work)
        return Page(self, self._home_urls[name], language)

    def inbox(self, name: str, language: str | None = None) -> list[str]:
        """The messages on the person's own page, newest first, as text."""
        return [plain(card) for card in self.home(name, language).cards[1:]]

    def latest(self, name: str) -> str:
        """The newest message."""
        return next(iter(self.inbox(name)), "")

    def follow(self, name: str, title: str) -> str:
        """The address behind the newest message with this title, or one that begins so."""
        for card in self.home(name).cards[1:]:
            urls = [button.url for button in card.buttons if button.url]
            if card.title.startswith(title) and urls:
                return urls[0]
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


@lru_cache(maxsize=1)
def shipped_flows() -> tuple[Flow, ...]:
    """The flows that come with Medvirk, read once."""
    flows, problems = find_all_flows(demo_settings(Path(), ""))
    assert not problems
    return tuple(flows.values())


def shipped(which: str, /, **changes: Any) -> Flow:
    """One of the flows that come with Medvirk, with some keys changed, as an organisation's own file would."""
    flow = next(one for one in shipped_flows() if one.name == which)
    return Flow.model_validate({**flow.to_json(), **changes})


def on(*days: str, time: str = "09:00") -> dict[str, Any]:
    """A schedule of single days."""
    return {"on": list(days), "time": time}


def a_day_later(local: str, days: int = 1) -> str:
    """The same wall clock some days later."""
    return (datetime.fromisoformat(local) + timedelta(days=days)).strftime("%Y-%m-%d %H:%M")
