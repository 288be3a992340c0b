"""Conversations: what a person sees and what is said back, whichever channel it came through."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Protocol

from sqlmodel import Session

from bot.cards import Card, Choice
from bot.conversations import answering, by_paper, group, home, week
from bot.conversations.visit import Interaction, Reply, Visit, change, finish
from bot.conversations.way_home import find_way_home, put_way_home
from bot.parts import Parts
from storage.links import Purpose


class Room(Protocol):
    """A module that speaks with people who come for one purpose."""

    def show(self, session: Session, parts: Parts, visit: Visit, at: datetime) -> list[Card]: ...

    def receive(self, session: Session, parts: Parts, interaction: Interaction, at: datetime) -> Reply: ...


ROOMS: Mapping[Purpose, Room] = {
    Purpose.home: home,
    Purpose.paper: by_paper,
    Purpose.run: answering,
    Purpose.group: group,
    Purpose.digest: week,
}


__all__ = ["Interaction", "Reply", "Visit", "find", "finish", "receive", "show"]


def show(session: Session, parts: Parts, visit: Visit, at: datetime) -> list[Card]:
    """What a person who comes by a link sees: one card, or on the own page several. Nothing is changed by looking."""
    cards = ROOMS[visit.purpose].show(session, parts, visit, at)
    return put_way_home(find_way_home(parts, visit), cards)


def receive(session: Session, parts: Parts, interaction: Interaction, at: datetime) -> Reply:
    """Take what a person did. Where nothing needs to be stored, what they see next comes back; else what is left for
    the writer, of which all that could be made ready beside it is done. A second time changes nothing."""
    visit = interaction.visit
    reply = ROOMS[visit.purpose].receive(session, parts, interaction, at)
    return change(reply, partial(put_way_home, find_way_home(parts, visit)))


def find(session: Session, parts: Parts, visit: Visit, field: str, words: str, at: datetime) -> list[Choice]:
    """What somebody may choose in a field that is searched (`Ask.is_searched`). Nothing is changed by it."""
    return group.find(session, parts, visit, field, words, at) if visit.purpose is Purpose.group else []
