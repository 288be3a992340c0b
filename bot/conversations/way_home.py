"""The way to one's own page, at the end of what is done: its address without its secret.

A question's link may be handed on, and whoever gets it shall not get the own page with it. So the button opens only
in a browser that has been there by the personal link; elsewhere a page says what is needed.
"""

from collections.abc import Sequence
from dataclasses import replace

from bot.cards import Button, Buttons, Card
from bot.conversations.visit import Visit
from bot.parts import Parts
from bot.rooms import HOME


def find_way_home(parts: Parts, visit: Visit) -> Button | None:
    """The button. None by a slip, nor on the own page."""
    if visit.is_home or visit.home_link is None:
        return None
    return Button(visit.words("home.way_home"), url=parts.url(f"/l/{visit.home_link}"), style="quiet", room=HOME)


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
