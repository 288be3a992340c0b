"""A visit to a group's room, for who coordinates the group today."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session

from bot.cards import Card, Say
from bot.conversations.visit import Visit
from bot.parts import Parts
from storage.people import has_role
from storage.tables import Unit
from storage.tables.organisation import RoleName


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


def enter(session: Session, parts: Parts, visit: Visit, at: datetime) -> Room | Card:
    """The room, for who coordinates the group today: rights come from the roles, not from the link."""
    words, group = visit.words, session.get(Unit, visit.target)
    is_coordinator = has_role(session, visit.person_id, visit.target, RoleName.group_coordinator)
    if group is None or not group.active or not group.is_group or not is_coordinator:
        return Card(words("poll.not_yours_title"), (Say(words("poll.not_yours")),), visit.language)
    return Room(session, parts, visit, group, at)
