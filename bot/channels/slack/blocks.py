"""A card as Slack's blocks: from top to bottom the same as on a page."""

from collections.abc import Iterable, Iterator, Mapping

from bot.cards import Ask, Bar, Button, Buttons, Card, Chart, Find, Heading, Say
from bot.channels.slack.elements import (
    LONGEST_ACTION,
    LONGEST_BUTTON,
    Json,
    header,
    image,
    in_pieces,
    note,
    paragraph,
    plain,
    preformatted,
    quotation,
)
from bot.channels.slack.fields import make_field
from bot.words import words_in

OPEN = "open"  # the action of a button that leads to a room; its value is the room, and what is done there at once
LINK = "link"  # of one that opens an address, which Slack tells about too
MOST_IN_A_ROW = 25
STYLES = {"primary": "primary"}

Pictures = Mapping[Chart, tuple[str, str]]  # what Slack calls the picture of a chart, and what it shows in words
NONE: Pictures = {}


def make_blocks(
    card: Card, *, without: Button | None = None, prefix: str = "", pictures: Pictures = NONE
) -> list[Json]:
    """The card below its title; `without` the button that the surface itself shows. `prefix` keeps several cards on
    one surface apart."""
    blocks = [note(card.kicker)] if card.kicker else []
    for block in card.blocks:
        match block:
            case Say():
                blocks += _say(block)
            case Heading():
                blocks.append(header(block.text))
            case Chart():
                blocks += _draw(block, with_bars=block not in pictures)
                if block in pictures:
                    blocks.append(image(*pictures[block]))
            case Ask():
                blocks += make_field(block, words_in(card.language)("slack.search"), prefix)
            case Buttons():
                blocks += _offer([one for one in block.buttons if one != without], prefix)
            case Find():
                pass  # Slack asks while somebody writes
    return _tell_apart(blocks)


def _say(said: Say) -> list[Json]:
    if not said.text and not said.begins:
        return []
    first, *more = in_pieces(said.text)
    begins = f"⚠ {said.begins}".strip() if said.style == "warning" else said.begins
    match said.style:
        case "quote":
            return [quotation(one) for one in (first, *more)]
        case "code":
            return [preformatted(one) for one in (first, *more)]
        case "note":
            return [note(one) for one in (f"{begins} {first}".strip(), *more)]
        case _:
            is_bold = said.style == "lead"
            return [
                paragraph(first, begins=begins, is_bold=is_bold),
                *(paragraph(one, is_bold=is_bold) for one in more),
            ]


def _draw(chart: Chart, *, with_bars: bool) -> list[Json]:
    """A line for each bar, with its figure in text before what is drawn; `with_bars` where no picture shows them."""
    lines = "\n".join(_draw_bar(one, with_bars=with_bars) for one in chart.bars)
    return [paragraph(f"\n{lines}", begins=chart.title)] if chart.title else [paragraph(lines)]


def _draw_bar(bar: Bar, *, with_bars: bool) -> str:
    drawn = " " + "▇" * round(bar.percent / 5) if bar.percent and with_bars else ""
    return f"{bar.label}: {bar.figures}{drawn}"


def _offer(buttons: Iterable[Button], prefix: str) -> list[Json]:
    made = [_make_button(one, prefix) for one in buttons]
    return [{"type": "actions", "elements": made[:MOST_IN_A_ROW]}] if made else []


def _make_button(button: Button, prefix: str) -> Json:
    made: Json = {"type": "button", "text": plain(button.label, LONGEST_BUTTON)}
    if button.style in STYLES:
        made["style"] = STYLES[button.style]
    if button.room:
        return {**made, "action_id": f"{prefix}{OPEN}", "value": f"{button.room} {button.action}".strip()}
    if button.url:
        return {**made, "action_id": f"{prefix}{LINK}", "url": button.url}
    return {**made, "action_id": f"{prefix}{button.action}"[:LONGEST_ACTION], "value": button.action}


def _tell_apart(blocks: list[Json]) -> list[Json]:
    """No two buttons with one action id: those that come later get a number, which says nothing."""
    for number, element in enumerate(_elements(blocks)):
        element["action_id"] = f"{element['action_id']}#{number}"[:LONGEST_ACTION]
    return blocks


def _elements(blocks: Iterable[Json]) -> Iterator[Json]:
    for block in blocks:
        if block["type"] == "actions":
            yield from block["elements"]
