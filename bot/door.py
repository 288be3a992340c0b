"""The door between the network and the product: proves who comes, lets a person look and act, and nothing else.

Pages and channels know only this. What it gives back is finished words.
"""

import hmac
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import anyio.to_thread
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from bot.cards import Card, Choice
from bot.conversations import Interaction, Reply, Visit, find, finish, receive, show
from bot.installing import put_out
from bot.parts import Parts
from bot.personal import write_copy
from bot.rooms import SUGGEST, name_room, read_room
from bot.words import Words, words_in
from flows.text import LANGUAGES
from storage import log as the_log
from storage.addresses import find_address
from storage.installations import find_installation
from storage.links import Purpose, find_link, is_live
from storage.people import leader_of_person
from storage.runs import find_open_contribution
from storage.tables import Link, Person
from storage.trouble import name_trouble
from storage.writer import WriterBusy

T = TypeVar("T")
Clock = Callable[[], datetime]

LONGEST_REMEMBERED = timedelta(days=180)

log = logging.getLogger("medvirk.door")


@dataclass(frozen=True)
class Trouble:
    """Why nothing was done: `key` names a title and a text in the catalogue; an HTTP status goes with it."""

    key: str
    status: int
    language: str = "nb"
    with_words: Mapping[str, object] | None = None


@dataclass(frozen=True)
class View:
    """What a person sees: cards, in a language; several only on the own page. `kept_for` is how long a browser may
    remember the way there; None until it is closed. `room` is the name of the room that they are of."""

    cards: list[Card]
    language: str
    kept_for: timedelta | None = None
    room: str = ""


@dataclass(frozen=True)
class ByLink:
    """Whoever has a personal link and its secret."""

    link_id: str
    secret: str


@dataclass(frozen=True)
class ByAddress:
    """Whom a channel knows, by the address that it has proven; to the room of a button. What may be seen and done
    there is judged by the room: by roles, and by whether one was asked. `is_on_record`: the platform keeps what is
    shown and filled in there. `is_lasting`: what is shown stays there until it is asked for anew."""

    channel: str
    address: str
    room: str
    is_on_record: bool = False
    is_lasting: bool = False


Proof = ByLink | ByAddress


class Door:
    """Opens for those with a live personal link, or whom a channel knows. Looking reads; acting goes through the
    writer."""

    def __init__(self, parts: Parts, clock: Clock) -> None:
        self.parts = parts
        self.clock = clock

    @property
    def organisation(self) -> str:
        return self.parts.settings.organisation

    async def look(self, proof: Proof, language: str | None, place: str = "", state: str = "") -> View | Trouble:
        """What the way leads to, or the card there that stands at `place`, with the `state` it had."""
        at = self.clock()

        def reply(session: Session, visit: Visit) -> Reply:
            visit = replace(visit, place=place, state=state)
            # The own page shows messages with their links, and a link that was revoked is made anew there; so is the
            # way out of a chat in which something may not be said.
            if visit.is_home or visit.is_on_record:
                return lambda writing: show(writing, self.parts, visit, at)
            return show(session, self.parts, visit, at)

        return await self._meet(proof, language, reply, at)

    async def act(
        self,
        proof: Proof,
        language: str | None,
        action: str,
        form: Mapping[str, list[str]],
        state: str,
        place: str = "",
    ) -> View | Trouble:
        """Do what the person asked for, on the card at `place`. What cannot be stored now is refused at once and in
        words."""
        at = self.clock()
        chosen = action.removeprefix("language:") if action.startswith("language:") else language

        def reply(session: Session, visit: Visit) -> Reply:
            interaction = Interaction(visit, action, form, state, place)
            if visit.is_on_record:
                return lambda writing: finish(writing, receive(writing, self.parts, interaction, at))
            return receive(session, self.parts, interaction, at)

        return await self._meet(proof, chosen, reply, at)

    async def find(self, proof: Proof, field: str, words: str) -> list[Choice]:
        """What may be chosen in a field that is searched, for these words; nothing where anything is in the way."""
        at = self.clock()

        def work(session: Session) -> list[Choice]:
            visit = self._find_visit(session, proof, None, at)
            return [] if isinstance(visit, Trouble) else find(session, self.parts, visit, field, words, at)

        found = await or_trouble(None, self.read(work))
        return [] if isinstance(found, Trouble) else found

    async def copy(self, proof: Proof, language: str | None) -> str | Trouble:
        """Everything that is stored about the person of an own page, as JSON. That it was taken out is logged."""
        at = self.clock()

        def work(session: Session) -> str | Trouble:
            visit = self._find_visit(session, proof, language, at)
            if isinstance(visit, Trouble) or visit.purpose is not Purpose.home:
                return visit if isinstance(visit, Trouble) else Trouble("not_found", 404, visit.language)
            the_log.append(session, at, f"person:{visit.person_id}", "own data taken out", f"person:{visit.person_id}")
            return write_copy(session, self.parts, visit.person_id, at, visit.words)

        return await or_trouble(language, self.parts.writer.do(work))

    async def put_out(self, channel: str, workspace: str, because: str, told_at: datetime) -> None:
        """The platform says that it let us in no more in a workspace, at `told_at`. Where the app has been installed
        there again since, that stands."""
        at = self.clock()

        def work(session: Session) -> None:
            installed = find_installation(session, channel, workspace)
            if installed is not None and installed.installed_at <= told_at:
                put_out(session, self.parts, installed.lane, because, at, is_over=True)

        await self.parts.writer.do(work)

    def form_token(self, secret: str) -> str:
        """What a form must send back to show that it came from a page opened by this very link."""
        return hmac.digest(self.parts.keys.server_secret("forms"), secret.encode(), "sha256").hex()

    async def read(self, work: Callable[[Session], T]) -> T:
        """Read the store beside the event loop."""

        def run() -> T:
            with self.parts.store.reading() as session:
                return work(session)

        return await anyio.to_thread.run_sync(run)

    async def _meet(
        self, proof: Proof, language: str | None, reply: Callable[[Session, Visit], Reply], at: datetime
    ) -> View | Trouble:
        """What whoever comes sees: all that needs no writing is done beside the writer."""

        def look(session: Session) -> Trouble | tuple[Visit, Reply]:
            visit = self._find_visit(session, proof, language, at)
            return visit if isinstance(visit, Trouble) else (visit, reply(session, visit))

        with self.parts.metrics.timing_reply():
            met = await or_trouble(language, self.read(look))
            if isinstance(met, Trouble):
                return met
            visit, cards = met
            if callable(cards):
                stored = await or_trouble(visit.language, self.parts.writer.do(cards))
                if isinstance(stored, Trouble):
                    return stored
                cards = stored
            return _view(visit, cards, at)

    def _find_visit(self, session: Session, proof: Proof, language: str | None, at: datetime) -> Visit | Trouble:
        if isinstance(proof, ByLink):
            return self._find_visit_by_link(session, proof, language, at)
        address = find_address(session, proof.channel, proof.address)
        person = session.get(Person, address.person_id) if address else None
        if address is None or person is None or not person.active:
            return Trouble("unknown_address", 403, language or "nb")
        spoken = language if language in LANGUAGES else person.language
        room = read_room(proof.room)
        if proof.room == SUGGEST:
            run_id = find_open_contribution(session, address.person_id, at)
            if run_id is None:
                return Trouble("no_round", 404, spoken)
            room = Purpose.run, run_id
        if room is None or room[0] is Purpose.paper:
            return Trouble("unknown_link", 404, spoken)
        return Visit(
            address.person_id,
            *room,
            spoken,
            is_in_chat=True,
            is_on_record=proof.is_on_record,
            is_lasting=proof.is_lasting or proof.is_on_record,
        )

    def _find_visit_by_link(
        self, session: Session, proof: ByLink, language: str | None, at: datetime
    ) -> Visit | Trouble:
        link = find_link(session, proof.link_id, proof.secret)
        if link is None:
            return Trouble("unknown_link", 404, language or "nb")
        person = session.get(Person, link.person_id)
        assert person is not None, "a link goes with its person"
        spoken = language if language in LANGUAGES else person.language
        if link.revoked_at is not None or not person.active:
            return Trouble("closed", 410, spoken)
        if not is_live(link, at):
            return Trouble("expired", 410, spoken, self._say_expired(session, link, words_in(spoken)))
        return Visit(link.person_id, Purpose(link.purpose), link.target, spoken, ends_at=link.expires_at)

    def _say_expired(self, session: Session, link: Link, words: Words) -> dict[str, Any]:
        leader = leader_of_person(session, link.person_id, link.expires_at.date())
        zone = ZoneInfo(self.parts.settings.zone)
        return {
            "day": words.day(link.expires_at.astimezone(zone).date()),
            "whom": leader.name if leader else words("trouble.expired_whom"),
        }


async def or_trouble(language: str | None, work: Awaitable[T]) -> T | Trouble:
    """What comes of the work; or, where just now nothing can be stored or read, that in words."""
    try:
        return await work
    except WriterBusy:
        return Trouble("busy", 503, language or "nb")
    except SQLAlchemyError as error:
        trouble = name_trouble(error)
        if trouble is None:
            raise
        log.warning("a page had to be refused: the database cannot be used (%s)", trouble)
        return Trouble("away", 503, language or "nb")


def _view(visit: Visit, cards: list[Card], at: datetime) -> View:
    """Only the own page is remembered, so that a bookmark of it works; what a message or a slip opened is not."""
    room = name_room(visit.purpose, visit.target)
    if visit.purpose is not Purpose.home or visit.ends_at is None:
        return View(cards, visit.language, room=room)
    return View(cards, visit.language, min(visit.ends_at - at, LONGEST_REMEMBERED), room)
