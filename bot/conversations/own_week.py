"""The newest week on the own page: the message itself; or in a chat, where that lies beside the page, in short."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.cards import Card
from bot.conversations.messages import Message
from bot.conversations.visit import Visit, read_number
from bot.messages.digest import write_brief
from bot.parts import Parts
from storage.tables import Person
from storage.tables.sending import DeliveryKind

IS_NEW = timedelta(days=7)
OF_ONE_MORNING = timedelta(days=1)


def pick(messages: Sequence[Message], at: datetime) -> list[Message]:
    """Of what has come, newest first: the newest digest while it is new, and those of the same morning about other
    units."""
    weeks = [one for one in messages if one.kind is DeliveryKind.digest and one.came_at >= at - IS_NEW]
    return [one for one in weeks if one.came_at > weeks[0].came_at - OF_ONE_MORNING]


def show(session: Session, parts: Parts, person: Person, visit: Visit, weeks: Sequence[Message]) -> list[Card]:
    return [_shorten(session, parts, person, visit, one) if visit.is_in_chat else one.card for one in weeks]


def _shorten(session: Session, parts: Parts, person: Person, visit: Visit, message: Message) -> Card:
    target = read_number(message.about.partition(":")[2]) or 0
    brief = write_brief(session, parts, person, target, visit.words)
    return replace(brief, kicker=message.card.kicker) if brief else message.card
