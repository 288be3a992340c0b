"""A visit to a group's room, for who coordinates the group today."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session

from bot.cards import Button, Buttons, Card, Say
from bot.conversations.visit import Visit
from bot.parts import Parts
from bot.rooms import name_room
from bot.words import Words
from storage.links import Purpose
from storage.polls import groups_coordinated
from storage.tables import Unit


@dataclass(frozen=True)
class Room:
    """One visit of a coordinator to the group."""

    session: Session
    parts: Parts
    visit: Visit
    group: Unit
    at: datetime

    @property
    def group_id(self) -> int:
        assert self.group.id is not None
        return self.group.id

    def at_place(self, place: str) -> "Room":
        return replace(self, visit=replace(self.visit, place=place))


def enter(session: Session, parts: Parts, visit: Visit, at: datetime, action: str = "") -> Room | Card:
    """The room, for who coordinates the group today: rights come from the roles, not from the way there. Where no group
    is named, it is the one that the person coordinates, or a card to choose it from several; `action` is done in the
    one that is chosen."""
    groups = groups_coordinated(session, visit.person_id)
    if visit.target:
        groups = [one for one in groups if one.id == visit.target]
    if not groups:
        return _refuse(visit)
    return Room(session, parts, visit, groups[0], at) if len(groups) == 1 else choose_group(visit.words, groups, action)


def _refuse(visit: Visit) -> Card:
    words = visit.words
    if visit.target:
        return Card(words("poll.not_yours_title"), (Say(words("poll.not_yours")),), visit.language)
    return Card(words("poll.no_group_title"), (Say(words("poll.no_group")),), visit.language)


def choose_group(words: Words, groups: Sequence[Unit], action: str = "") -> Card:
    """A button for each group: leads to it, and does there what was asked for."""
    buttons = tuple(Button(one.name, action, room=name_room(Purpose.group, one.id or 0)) for one in groups)
    return Card(words("poll.which_group"), (Buttons(buttons),), words.language)
