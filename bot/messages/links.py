"""The ways that messages carry, each to a room: a personal link with the time it lives, and the room's name."""

from datetime import datetime, timedelta
from typing import NamedTuple
from urllib.parse import urlencode

from sqlmodel import Session

from bot.cards import Button, ButtonStyle
from bot.parts import Parts
from bot.rooms import name_room
from flows.model import Kind
from storage.asked import Asking
from storage.links import Purpose, ensure_link
from storage.tables import Person, Run

HOME_LIVES = timedelta(days=400)
GROUP_LIVES = timedelta(days=120)
DIGEST_LIVES = timedelta(days=8)  # until the next one, and a day


class Way(NamedTuple):
    """A way to a room: a personal `url`, and the `room` for those channels in which it is known who comes.
    `is_off_record`: what is said there may not lie where a platform keeps it."""

    url: str
    room: str = ""
    is_off_record: bool = False

    def button(self, label: str, style: ButtonStyle = "plain", *, is_off_record: bool = False) -> Button:
        is_off_record = is_off_record or self.is_off_record
        return Button(label, url=self.url, style=style, room=self.room, is_off_record=is_off_record)

    def act(self, label: str, action: str, style: ButtonStyle = "plain") -> Button:
        """A button for what can be done there. By the address nothing is done: it leads to where it may be looked at
        first. It is never primary: in a message that is the way to all of it."""
        url = f"{self.url}?{urlencode({'at': action})}"
        return Button(label, action, url, "plain" if style == "primary" else style, self.room)


def way_to_home(session: Session, parts: Parts, person: Person, at: datetime) -> Way:
    return _find_way(session, parts, person, Purpose.home, 0, at + HOME_LIVES)


def way_to_run(session: Session, parts: Parts, person: Person, run: Run | Asking) -> Way:
    """To answer in a run; it lives until the run closes."""
    assert run.id is not None
    way = _find_way(session, parts, person, Purpose.run, run.id, run.closes_at)
    return way._replace(is_off_record=Kind(run.kind).is_sealed)


def way_to_group(session: Session, parts: Parts, person: Person, group_id: int, at: datetime) -> Way:
    """To a group's polls. What may be done there is judged by the roles at each visit, not by the link."""
    return _find_way(session, parts, person, Purpose.group, group_id, at + GROUP_LIVES)


def way_to_digest(session: Session, parts: Parts, person: Person, digest_id: int, made_at: datetime) -> Way:
    """To a week's page: short-lived, since names lie behind it."""
    return _find_way(session, parts, person, Purpose.digest, digest_id, made_at + DIGEST_LIVES)


def _find_way(
    session: Session, parts: Parts, person: Person, purpose: Purpose, target: int, expires_at: datetime
) -> Way:
    assert person.id is not None
    key = parts.keys.server_secret("links")
    url = parts.url(ensure_link(session, key, person.id, purpose, target, expires_at))
    return Way(url, name_room(purpose, target))
