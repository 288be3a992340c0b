"""Cards: finished words, in one language, that any channel can show; and plain text, which always works.

A card decides nothing and knows no channel. Its blocks are read from top to bottom; its buttons belong to one form
with its fields. A channel shows what it can and falls back to `as_text`.
"""

from dataclasses import dataclass
from typing import Literal, Protocol

LONGEST_STATE = 3_800  # characters that a browser keeps for a card, in a cookie; it drops one of more than 4,096


@dataclass(frozen=True)
class Choice:
    """One option of a field: what is sent back, and what people read."""

    id: str
    label: str


@dataclass(frozen=True)
class Ask:
    """A field to fill in. `written` is what was filled in before; `problem` says what to mend. `is_searched`: there are
    more choices than stand here, and the room finds them by words: a channel asks while somebody writes, or shows the
    `Find` that follows."""

    id: str
    kind: Literal["choose", "choose_several", "scale", "text", "number", "date"]
    label: str
    hint: str = ""
    required: bool = False
    choices: tuple[Choice, ...] = ()
    written: tuple[str, ...] = ()
    problem: str = ""
    max_length: int = 0  # characters, for text; 0 where there is no limit to tell
    rows: int = 1
    is_searched: bool = False
    least: float | None = None  # for a number; both included
    most: float | None = None


ButtonStyle = Literal["primary", "plain", "quiet"]


@dataclass(frozen=True)
class Button:
    """Either an `action`, sent back with the form, or a `url` to open. One button of a card is `primary`. `room` is
    what lies behind the `url`, as 'purpose:target': a channel that knows who presses it opens the room itself, and
    needs no address with a secret in it; with an `action` beside the `room`, that is done there at once. What is shown
    in a chat alone has the `room` and no `url`. `is_off_record`: what is said behind it may not lie where a platform
    keeps what is shown and filled in; there, only the `url` leads to it."""

    label: str
    action: str = ""
    url: str = ""
    style: ButtonStyle = "plain"
    room: str = ""
    is_off_record: bool = False


class Acting(Protocol):
    """How a button is made that does something: on the card's own page, or from a message about it."""

    def __call__(self, label: str, action: str, style: ButtonStyle = "plain") -> Button: ...


def act_here(label: str, action: str, style: ButtonStyle = "plain") -> Button:
    """A button on the card's own page."""
    return Button(label, action, style=style)


@dataclass(frozen=True)
class Say:
    """A paragraph. A `note` is set smaller: promises, who sees what. A `lead` is what matters most. A `quote` is
    what somebody wrote. A `code` is to be copied sign by sign. `begins` are words before the text that stand out."""

    text: str
    style: Literal["plain", "note", "lead", "quote", "warning", "code"] = "plain"
    begins: str = ""


@dataclass(frozen=True)
class Heading:
    text: str


@dataclass(frozen=True)
class Bar:
    """One figure: what it is, the figure as text, and the same from 0 to 100 where it can be drawn. `before` is what
    it was in earlier rounds, as text, and `trail` the same to draw, oldest first."""

    label: str
    text: str
    percent: int | None = None
    before: str = ""
    trail: tuple[int, ...] = ()

    @property
    def figures(self) -> str:
        """The figure, and what it was before, as text."""
        return f"{self.text} ({self.before})" if self.before else self.text


@dataclass(frozen=True)
class Chart:
    """Bars with their figures in text beside them, so that nothing is only in the picture."""

    title: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Buttons:
    """Buttons that belong to what stands just above them."""

    buttons: tuple[Button, ...]


@dataclass(frozen=True)
class Find:
    """A field for words by which more choices are found for the field above, and the button that looks for them. A
    channel that asks while somebody writes leaves it out."""

    ask: Ask
    button: Button


Block = Say | Heading | Ask | Chart | Buttons | Find


@dataclass(frozen=True)
class Card:
    """`kicker` is the line above the title: day, unit, how long it takes. `state` travels with the form, sealed. Where
    several are shown, those of one `section` stand together under that heading, and may be folded away.

    `place` is where the card may be looked at again without anything being done: "" is the room itself. None where
    it is shown once, here and now: a receipt with its code, an answer that must be mended, names whose opening is
    logged. `own_page` is the address of the reader's own page, for channels that carry the card away from it.
    `has_pictures`: it goes to few, and its charts are worth a picture each where a channel draws none itself.
    """

    title: str
    blocks: tuple[Block, ...] = ()
    language: str = "nb"
    kicker: str = ""
    state: str = ""
    place: str | None = None
    section: str = ""
    is_folded: bool = False
    own_page: str = ""
    has_pictures: bool = False

    @property
    def asks(self) -> tuple[Ask, ...]:
        blocks = (block.ask if isinstance(block, Find) else block for block in self.blocks)
        return tuple(block for block in blocks if isinstance(block, Ask))

    @property
    def buttons(self) -> tuple[Button, ...]:
        return tuple(one for block in self.blocks if isinstance(block, Buttons) for one in block.buttons)


def as_text(card: Card) -> str:
    """The whole card as plain text: paragraphs with an empty line between, `[x]` for a button."""
    parts = [card.kicker, card.title, *(_block_as_text(block) for block in card.blocks)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _block_as_text(block: Block) -> str:
    match block:
        case Say():
            said = f"«{block.text}»" if block.style == "quote" else block.text
            return f"{block.begins} {said}" if block.begins else said
        case Heading():
            return block.text.upper()
        case Chart():
            return "\n".join([block.title, *(_bar_as_text(bar) for bar in block.bars)]).strip()
        case Buttons():
            return " ".join(f"[{one.label}]" + (f" {one.url}" if one.url else "") for one in block.buttons)
        case Ask():
            mark = "☐" if block.kind == "choose_several" else "○"
            lines = [block.label, block.hint, *(f"  {mark} {one.label}" for one in block.choices)]
            if not block.choices:
                lines.append("  ____")
            return "\n".join(line for line in [*lines, block.problem] if line)
        case Find():
            return f"{_block_as_text(block.ask)} [{block.button.label}]"


def _bar_as_text(bar: Bar) -> str:
    drawn = "▇" * round(bar.percent / 5) if bar.percent is not None else ""
    return f"  {bar.label}: {bar.figures} {drawn}".rstrip()
