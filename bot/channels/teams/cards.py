"""Whole Adaptive Cards: a message, what stands in a room, and the own page with its sections; none is larger than what
Teams takes."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.cards import Button, Card
from bot.channels.teams.blocks import make_blocks
from bot.channels.teams.elements import Json, action_set, container, heading, note, without_pictures
from bot.channels.teams.surfaces import Surface, make_execute, make_open
from bot.rooms import HOME

VERSION = "1.5"
SCHEMA = "http://adaptivecards.io/schemas/adaptive-card.json"
LARGEST_BYTES = 26 * 1024  # of 28 KiB, as UTF-16: there is room for the message around it


@dataclass(frozen=True)
class Labels:
    """Words that a card needs in Teams beside its own."""

    required: str  # at an empty field
    back: str  # from a section of the own page to all of it
    more: str  # where not all fits: that the rest stands on the page in the browser
    open: str  # of the button to that page


def make_message(card: Card, labels: Labels) -> Json:
    """A card that comes by itself. What it offers to do is done on the own page, as everywhere."""
    return _make_card(card, _lay_out(card, HOME, labels), labels)


def make_room(cards: Sequence[Card], room: str, labels: Labels, section: str = "") -> Json:
    """What somebody sees in a room: one card; or the own page, of which one `section` may be looked at alone."""
    if len(cards) == 1:
        return _make_card(cards[0], _lay_out(cards[0], room, labels), labels)
    if chosen := [one for one in cards if section and one.section == section]:
        back = action_set([make_execute(labels.back, Surface(room))])
        return _make_card(cards[0], [heading(section, "large"), *_list(chosen, room, labels), back], labels)
    return _make_card(cards[0], list(_lay_out_page(cards, room, labels)), labels)


def _lay_out_page(cards: Sequence[Card], room: str, labels: Labels) -> Iterator[Json]:
    """The greeting, then each section in which something waits to be done; behind a button for each, the others."""
    first, *others = cards
    yield from _lay_out(first, room, labels)
    behind = []
    for place, section in enumerate(dict.fromkeys(one.section for one in others)):
        own = [one for one in others if one.section == section]
        if any(button.style == "primary" for one in own for button in one.buttons):
            yield {**heading(section, "large"), "spacing": "large"}
            yield from _list(own, room, labels, place)
        else:
            behind.append(make_execute(section, Surface(room, section=section)))
    for number, button in enumerate(behind):  # below each other: on a phone, those beside each other are cut off
        yield {**action_set([button]), "spacing": "small" if number else "large", "separator": number == 0}


def _list(cards: Sequence[Card], room: str, labels: Labels, section: int = 0) -> Iterator[Json]:
    for number, card in enumerate(cards):
        prefix = f"{section}.{number}|"
        yield container(_lay_out(card, room, labels, "medium", prefix), separator=number > 0, spacing="medium")


def _lay_out(card: Card, room: str, labels: Labels, size: str = "large", prefix: str = "") -> list[Json]:
    kicker = note(card.kicker) if card.kicker else []
    return [*kicker, heading(card.title, size), *make_blocks(card, room, labels.required, prefix)]


def _make_card(card: Card, body: list[Json], labels: Labels) -> Json:
    """The card, where it is too large without its pictures; or with as much of its body as Teams takes, and then where
    the rest is."""
    made = _wrap(card, body)
    if measure(made) <= LARGEST_BYTES:
        return made
    body = without_pictures(body)
    if measure(made := _wrap(card, body)) <= LARGEST_BYTES:
        return made
    last = [*note(labels.more), *(action_set([make_open(Button(labels.open, url=url))]) for url in _find_page(card))]
    kept: list[Json] = []
    for element in body:
        if measure(_wrap(card, [*kept, element, *last])) > LARGEST_BYTES:
            break
        kept.append(element)
    return _wrap(card, [*kept, *last])


def measure(card: Json) -> int:
    """Bytes as Teams counts them: UTF-16."""
    return len(json.dumps(card, ensure_ascii=False, separators=(",", ":")).encode("utf-16-le", "surrogatepass"))


def _wrap(card: Card, body: list[Json]) -> Json:
    """Without `lang`: Microsoft's renderer takes it only every other time, and calls it a mistake in between."""
    whole = {"type": "AdaptiveCard", "$schema": SCHEMA, "version": VERSION}
    return {**whole, "fallbackText": card.title, "body": body}


def _find_page(card: Card) -> list[str]:
    """The address of the reader's own page, where it is known here."""
    known = [card.own_page, *(one.url for one in card.buttons if one.room == HOME)]
    return [one for one in known if one][:1]
