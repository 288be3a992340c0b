"""Surfaces: a card as a modal, several as the home page."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from bot.cards import Button, Card
from bot.channels.slack.blocks import make_blocks
from bot.channels.slack.elements import Json, divider, header, note, paragraph, plain

MOST_IN_A_VIEW = 100
LONGEST_TITLE = 24
LONGEST_METADATA = 3_000
CALLBACK = "card"
PRODUCT = "Medvirk"


@dataclass(frozen=True)
class Surface:
    """What travels with a card: the room it is of, and where and how far it was in it; `submit` is the action of the
    modal's own button."""

    room: str
    place: str = ""
    state: str = ""
    submit: str = ""

    def to_text(self) -> str:
        return json.dumps([self.room, self.place, self.state, self.submit], separators=(",", ":"))

    @classmethod
    def from_text(cls, text: str) -> "Surface | None":
        """None for what is not ours."""
        try:
            parts = json.loads(text)
        except ValueError:
            return None
        if not isinstance(parts, list) or len(parts) != 4 or not all(isinstance(one, str) for one in parts):
            return None
        return cls(*parts)


@dataclass(frozen=True)
class Labels:
    """Words that a surface needs beside the card."""

    close: str
    more: str  # where not all fits: that the rest stands on the own page
    too_long: str  # that what was written is too long to go on with here


def make_modal(cards: Sequence[Card], room: str, labels: Labels) -> Json:
    """One card as a modal, or several below each other. The main button of a single card is the modal's own, where
    there is anything to fill in; the others stand where they stand on the card."""
    first = cards[0]
    submit = _find_submit(first) if len(cards) == 1 and first.asks else None
    surface = Surface(room, first.place or "", first.state, submit.action if submit else "")
    metadata, blocks = surface.to_text(), _lay_out(cards, without=submit)
    if len(metadata) > LONGEST_METADATA:
        metadata, submit, blocks = Surface(room).to_text(), None, [header(first.title), note(labels.too_long)]
    view: Json = {
        "type": "modal",
        "callback_id": CALLBACK,
        "title": plain(PRODUCT, LONGEST_TITLE),
        "close": plain(labels.close, LONGEST_TITLE),
        "private_metadata": metadata,
        "blocks": _fit(blocks, labels),
    }
    return view if submit is None else {**view, "submit": plain(submit.label, LONGEST_TITLE)}


def make_home(cards: Sequence[Card], room: str, labels: Labels) -> Json:
    """The own page: its cards one below the other, under their headings."""
    metadata = Surface(room, "", cards[0].state).to_text()
    return {
        "type": "home",
        "private_metadata": metadata if len(metadata) <= LONGEST_METADATA else Surface(room).to_text(),
        "blocks": _fit(_lay_out(cards), labels),
    }


def _lay_out(cards: Sequence[Card], without: Button | None = None) -> list[Json]:
    """Of several, each has its number before its fields and buttons."""
    blocks: list[Json] = []
    section = ""
    for number, card in enumerate(cards):
        if card.section != section:
            section = card.section
            blocks += [divider(), header(section)]
        blocks.append(paragraph(card.title, is_bold=True) if number else header(card.title))
        blocks += make_blocks(card, without=without, prefix=f"{number}|" if len(cards) > 1 else "")
    return blocks


def _find_submit(card: Card) -> Button | None:
    acting = [one for one in card.buttons if one.action and not one.url]
    return next((one for one in acting if one.style == "primary"), acting[0] if acting else None)


def _fit(blocks: list[Json], labels: Labels) -> list[Json]:
    """As many blocks as the surface takes, and then where the rest is."""
    return blocks if len(blocks) <= MOST_IN_A_VIEW else [*blocks[: MOST_IN_A_VIEW - 1], note(labels.more)]
