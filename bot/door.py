"""The door between the network and the product: proves who comes, lets a person look and act, and nothing else.

Pages and channels know only this. What it gives back is finished words.
"""

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.cards import Card, Choice
from bot.conversations import Interaction, Reply, Visit, find, finish, receive, show
from bot.installations.putting_out import put_out
from bot.parts import Parts
from bot.personal import write_copy
from bot.proof import Proof, find_visit
from bot.rooms import name_room
from bot.trouble import Trouble, or_trouble
from storage import log as the_log
from storage.installations import find_installation
from storage.links import Purpose

Clock = Callable[[], datetime]

LONGEST_REMEMBERED = timedelta(days=180)


@dataclass(frozen=True)
class View:
    """What a person sees: cards, in a language; several only on the own page. `kept_for` is how long a browser may
    remember the way there; None until it is closed. `room` is the name of the room that they are of."""

    cards: list[Card]
    language: str
    kept_for: timedelta | None = None
    room: str = ""


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
            return show(session, self.parts, replace(visit, place=place, state=state), at)

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
            return receive(session, self.parts, Interaction(visit, action, form, state, place), at)

        return await self._meet(proof, chosen, reply, at)

    async def find(self, proof: Proof, field: str, words: str) -> list[Choice]:
        """What may be chosen in a field that is searched, for these words; nothing where anything is in the way."""
        at = self.clock()

        def work(session: Session) -> list[Choice]:
            visit = self._find_visit(session, proof, None, at)
            return [] if isinstance(visit, Trouble) else find(session, self.parts, visit, field, words, at)

        found = await or_trouble(None, self.parts.read_pool.do(work))
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

    async def _meet(
        self, proof: Proof, language: str | None, reply: Callable[[Session, Visit], Reply], at: datetime
    ) -> View | Trouble:
        """What whoever comes sees: all that needs no writing is done beside the writer."""

        def look(session: Session) -> Trouble | tuple[Visit, Reply]:
            visit = self._find_visit(session, proof, language, at)
            if isinstance(visit, Trouble):
                return visit
            if visit.makes_links:
                return visit, lambda writing: finish(writing, reply(writing, visit))
            return visit, reply(session, visit)

        with self.parts.metrics.timing_reply():
            met = await or_trouble(language, self.parts.read_pool.do(look))
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
        return find_visit(session, proof, language, at, self.parts.settings.zone)


def _view(visit: Visit, cards: list[Card], at: datetime) -> View:
    """Only the own page is remembered, so that a bookmark of it works; what a message or a slip opened is not."""
    room = name_room(visit.purpose, visit.target)
    if visit.purpose is not Purpose.home or visit.ends_at is None:
        return View(cards, visit.language, room=room)
    return View(cards, visit.language, min(visit.ends_at - at, LONGEST_REMEMBERED), room)
