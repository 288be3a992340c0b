"""What is not said where a platform keeps what is shown and filled in: the way to it, in a browser."""

from datetime import datetime

from sqlmodel import Session

from bot.cards import Button, Buttons, ButtonStyle, Card, Say
from bot.conversations.visit import Visit
from bot.messages.links import Way, way_to_digest, way_to_group, way_to_home, way_to_run
from bot.parts import Parts
from bot.words import Words
from storage.links import Purpose
from storage.tables import Digest, Person, Run


def show_elsewhere(session: Session, parts: Parts, visit: Visit, at: datetime) -> Card:
    """A door to the very same room, alike for everybody and whatever has been said there."""
    door = offer_browser(session, parts, visit, at, "primary")
    blocks = Say(visit.words("elsewhere.text")), Buttons((door,))
    return Card(visit.words("elsewhere.title"), blocks, visit.language)


def offer_browser(session: Session, parts: Parts, visit: Visit, at: datetime, style: ButtonStyle = "quiet") -> Button:
    """The way to the same room where nothing is kept but what we store."""
    return Button(visit.words("elsewhere.open"), url=_find_way(session, parts, visit, at).url, style=style)


def say_what_is_left(words: Words, said: str, *, has_copy: bool) -> str:
    """What became of something that was withdrawn; and that a platform keeps a copy, wherever the person is now."""
    return f"{said} {words('elsewhere.left')}" if has_copy else said


def _find_way(session: Session, parts: Parts, visit: Visit, at: datetime) -> Way:
    person = session.get_one(Person, visit.person_id)
    match visit.purpose:
        case Purpose.run:
            return way_to_run(session, parts, person, session.get_one(Run, visit.target))
        case Purpose.group:
            return way_to_group(session, parts, person, visit.target, at)
        case Purpose.digest:
            digest = session.get_one(Digest, visit.target)
            return way_to_digest(session, parts, person, visit.target, digest.made_at)
        case _:
            return way_to_home(session, parts, person, at)
