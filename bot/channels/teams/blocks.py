"""A card's blocks as the body of an Adaptive Card: from top to bottom the same as on a page."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from bot.cards import Ask, Button, Buttons, Card, Chart, Find, Heading, Say
from bot.channels.teams.charts import make_chart
from bot.channels.teams.elements import Json, action_set, container, heading, note, paragraph, paragraphs, warning
from bot.channels.teams.fields import make_field
from bot.channels.teams.surfaces import Surface, make_execute, make_open

MOST_IN_A_ROW = 6  # Teams shows no more, by Microsoft's reference of the cards that Teams takes
WIDEST_ROW = 40  # characters; what stands beside others and finds no room in a narrow card is cut off
AROUND_A_LABEL = 5  # characters that a button is wider than its label
GOES_ON = ("primary", "plain")  # a quiet button leaves the form as it is


def make_blocks(card: Card, room: str, required: str, prefix: str = "") -> Iterator[Json]:
    """The card below its title; `room` is where its buttons do what they do. `required` is what is said at an empty
    field. `prefix` keeps several cards that are shown as one apart."""
    surface = Surface(room, card.place or "", card.state, prefix=prefix)
    for block in card.blocks:
        match block:
            case Say():
                yield from _say(block)
            case Heading():
                yield {**heading(block.text), "spacing": "large"}
            case Chart():
                yield from make_chart(block)
            case Ask():
                yield from make_field(replace(block, id=prefix + block.id), required)
            case Find(ask, button):
                yield from make_field(replace(ask, id=prefix + ask.id), required)
                yield from _offer((button,), surface, has_form=True)
            case Buttons():
                yield from _offer(block.buttons, surface, has_form=bool(card.asks))


def _say(said: Say) -> list[Json]:
    if not said.text and not said.begins:
        return []
    match said.style:
        case "note":
            return note(said.text, said.begins)
        case "lead":
            return paragraphs(said.text, begins=said.begins, weight="bolder")
        case "quote":
            return [container(paragraphs(said.text), style="emphasis", spacing="small")]
        case "code":
            return [container([paragraph(said.text, fontType="monospace")], style="emphasis", spacing="small")]
        case "warning":
            return warning(f"{said.begins} {said.text}".strip())
        case _:
            return paragraphs(said.text, begins=said.begins)


def _offer(buttons: Iterable[Button], surface: Surface, *, has_form: bool) -> Iterator[Json]:
    for number, row in enumerate(_put_in_rows(buttons)):
        made = action_set([make_button(one, surface, has_form=has_form) for one in row])
        yield {**made, "spacing": "small"} if number else made


def _put_in_rows(buttons: Iterable[Button]) -> list[list[Button]]:
    rows: list[list[Button]] = []
    room = 0
    for button in buttons:
        width = len(button.label) + AROUND_A_LABEL
        if not rows or width > room or len(rows[-1]) == MOST_IN_A_ROW:
            rows.append([])
            room = WIDEST_ROW
        rows[-1].append(button)
        room -= width
    return rows


def make_button(button: Button, surface: Surface, *, has_form: bool = False) -> Json:
    if button.url and (button.is_off_record or not button.room):
        return make_open(button)
    style = "positive" if button.style == "primary" else "default"
    if button.room:
        return make_execute(button.label, Surface(button.room), style=style)
    sends_form = has_form and button.style in GOES_ON
    return make_execute(button.label, replace(surface, action=button.action), sends_form=sends_form, style=style)
