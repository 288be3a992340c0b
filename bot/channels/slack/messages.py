"""A card as messages: one, or where it is too long for Slack several in order, parted where a section begins."""

import json
from collections.abc import Callable, Iterable, Iterator

from bot.cards import Card, Chart
from bot.channels.slack.blocks import NONE, Pictures, make_blocks
from bot.channels.slack.elements import Json, cut, header, image, note
from bot.channels.slack.views import PRODUCT, Labels
from bot.pictures import describe

MOST_BLOCKS = 50
MOST_CHARACTERS = 10_000  # in a message; above some 13,200 Slack refuses it, which stands in no document
MOST_MESSAGES = 5
LONGEST_NOTICE = 150
LEANS_ON_WHAT_IS_ABOVE = ("actions", "context", "image")


def make_messages(card: Card, labels: Labels, pictures: Pictures = NONE, *, most: int = MOST_MESSAGES) -> list[Json]:
    """`most` at the most, and then where the rest is. Each has its blocks, and what a notice shows of it, which is the
    title alone. The last buttons stay last, since they lead to where all of it is."""
    blocks = [header(card.title), *make_blocks(card, pictures=pictures)]
    parts = [*_part(blocks)]
    if len(parts) > most:
        way_on = [blocks[-1]] if blocks[-1]["type"] == "actions" else []
        last = [note(labels.more), *way_on]
        parts = [*parts[: most - 1], [*_fit(parts[most - 1], MOST_CHARACTERS - _size(last), len(last)), *last]]
    notice = cut(card.title, LONGEST_NOTICE) or PRODUCT
    return [{"text": notice, "blocks": part} for part in parts]


def find_pictures(card: Card, blocks: Iterable[Json]) -> Pictures:
    """The pictures that a message shows already, of the charts that are as they were."""
    shown = {one.get("alt_text"): (one.get("slack_file") or {}).get("id") for one in blocks if one["type"] == "image"}
    found = {}
    for chart in card.blocks:
        if isinstance(chart, Chart) and (file_id := shown.get(image("", describe(chart))["alt_text"])):
            found[chart] = str(file_id), describe(chart)
    return found


def without_pictures(message: Json) -> Json:
    return {**message, "blocks": [one for one in message["blocks"] if one["type"] != "image"]}


def _part(blocks: list[Json]) -> Iterator[list[Json]]:
    """As many sections together as a message takes; one that is too long for a message goes on in the next."""
    together: list[Json] = []
    for section in _gather(blocks, lambda block: block["type"] == "header"):
        if together and not _is_room(together, section):
            yield together
            together = []
        for piece in [section] if _is_room(together, section) else _gather(section, _stands_alone):
            if together and not _is_room(together, piece):
                yield together
                together = []
            together = [*together, *piece]
    yield together


def _gather(blocks: list[Json], begins: Callable[[Json], bool]) -> Iterator[list[Json]]:
    """The blocks in groups, each from one that begins a group to the next."""
    group: list[Json] = []
    for block in blocks:
        if group and begins(block):
            yield group
            group = []
        group.append(block)
    yield group


def _stands_alone(block: Json) -> bool:
    return block["type"] not in LEANS_ON_WHAT_IS_ABOVE


def _fit(blocks: list[Json], characters: int, taken: int) -> list[Json]:
    """As many of the blocks as there is room for, where `taken` more come after them."""
    kept: list[Json] = []
    for block in blocks:
        if _size([*kept, block]) > characters or len(kept) + taken >= MOST_BLOCKS:
            return kept
        kept.append(block)
    return kept


def _is_room(before: list[Json], after: list[Json]) -> bool:
    return len(before) + len(after) <= MOST_BLOCKS and _size(before) + _size(after) <= MOST_CHARACTERS


def _size(blocks: list[Json]) -> int:
    return len(json.dumps(blocks, ensure_ascii=False))
