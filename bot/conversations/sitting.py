"""A sitting: one person answering in one open run, with all that the cards need."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.cards import Card, Say
from bot.conversations.visit import Visit
from bot.parts import Parts
from bot.words import Words
from flows.model import Flow
from storage.asked import Asked, Asking, find_asked


@dataclass(frozen=True)
class Sitting:
    session: Session
    parts: Parts
    visit: Visit
    run: Asking
    asked: Asked
    at: datetime

    @property
    def flow(self) -> Flow:
        return self.run.flow

    @property
    def words(self) -> Words:
        return self.visit.words


def sit_down(session: Session, parts: Parts, visit: Visit, at: datetime) -> Sitting | Card:
    """The sitting; or a card that says why there is none. Everybody who was asked reads the same words when a run
    has closed, whether or not they answered."""
    words = visit.words
    found = find_asked(session, visit.target, visit.person_id)
    if found is None:
        return Card(words("trouble.run_gone_title"), (Say(words("trouble.run_gone")),), visit.language)
    run, asked = found
    if not run.is_open(at) or asked is None:
        title = run.flow.title.to(visit.language) if asked or visit.is_led_here else words("question.closed_title")
        return Card(title, (Say(words("question.closed_thanks")),), visit.language)
    return Sitting(session, parts, visit, run, asked, at)
