"""Conversations: what a person sees and what is said back, whichever channel it came through."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from sqlmodel import Session

from bot.cards import Card
from bot.conversations import answering, by_paper, group, home, week
from bot.conversations.visit import Interaction, Visit
from bot.conversations.way_home import add_way_home
from bot.parts import Parts
from storage.links import Purpose


class Room(Protocol):
    """A module that speaks with people who come for one purpose."""

    def show(self, session: Session, parts: Parts, visit: Visit, at: datetime) -> list[Card]: ...

    def receive(self, session: Session, parts: Parts, interaction: Interaction, at: datetime) -> list[Card]: ...


ROOMS: Mapping[Purpose, Room] = {
    Purpose.home: home,
    Purpose.paper: by_paper,
    Purpose.run: answering,
    Purpose.group: group,
    Purpose.digest: week,
}


__all__ = ["Interaction", "Visit", "receive", "show"]


def show(session: Session, parts: Parts, visit: Visit, at: datetime) -> list[Card]:
    """What a person who comes by a link sees: one card, or on the own page several. Nothing is changed by looking."""
    return add_way_home(session, parts, visit, ROOMS[visit.purpose].show(session, parts, visit, at), at)


def receive(session: Session, parts: Parts, interaction: Interaction, at: datetime) -> list[Card]:
    """Take what a person did, keep it, and give back what they see next. A second time changes nothing."""
    visit = interaction.visit
    return add_way_home(session, parts, visit, ROOMS[visit.purpose].receive(session, parts, interaction, at), at)
