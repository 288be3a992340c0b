"""The way to one's own page, at the end of what is done: its address without its secret.

A question's link may be handed on, and whoever gets it shall not get the own page with it. So the button opens only
in a browser that has been there by the personal link; elsewhere a page says what is needed.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from bot.cards import Button, Buttons, Card
from bot.conversations.visit import Visit
from bot.parts import Parts
from bot.rooms import name_room
from storage.links import Purpose, find_link_for, is_live


def find_way_home(session: Session, parts: Parts, visit: Visit, at: datetime) -> Button | None:
    """The button. None by a slip, nor on the own page."""
    link = None if visit.is_home else find_link_for(session, visit.person_id, Purpose.home, 0)
    if link is None or not is_live(link, at):
        return None
    room = name_room(Purpose.home, 0)
    return Button(visit.words("home.way_home"), url=parts.url(f"/l/{link.id}"), style="quiet", room=room)


def put_way_home(way: Button | None, cards: Sequence[Card]) -> list[Card]:
    """The cards, with the button below each that asks for nothing more."""
    if way is None:
        return list(cards)
    return [one if _is_filled_in(one) else _put_last(one, way) for one in cards]


def _put_last(card: Card, button: Button) -> Card:
    """Beside the card's only buttons where they stand last; else below it all, since others belong to what they are
    about."""
    *before, last = card.blocks
    rows = sum(isinstance(one, Buttons) for one in card.blocks)
    if rows == 1 and isinstance(last, Buttons):
        return replace(card, blocks=(*before, Buttons((*last.buttons, button))))
    return replace(card, blocks=(*card.blocks, Buttons((button,))))


def _is_filled_in(card: Card) -> bool:
    """Whether somebody is in the middle of a form."""
    return any(one.style == "primary" and one.action for one in card.buttons)
