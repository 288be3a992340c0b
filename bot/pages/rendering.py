"""Cards as web pages: HTML without a line of script, so that a strict content security policy can hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import groupby

from babel.numbers import format_decimal
from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.cards import Block, Button, Buttons, Card, Say
from bot.pages.styles import style_url

RESERVED_NAMES = frozenset({"csrf", "state", "action"})  # what a form carries beside its fields
SHELL_WORDS = (
    "skip_to_content",
    "language",
    "footer",  # may name {organisation}
    "problems",
    "optional",
    "at_most_characters",  # names {count}
)


@dataclass(frozen=True)
class Shell:
    """What stands around a page. `languages` are (code, own name, is the current one); with fewer than two
    there is no switch. `words` holds the texts named in SHELL_WORDS, in `language`."""

    organisation: str
    language: str
    languages: tuple[tuple[str, str, bool], ...]
    csrf: str
    words: Mapping[str, str]


@dataclass(frozen=True)
class Item:
    """Something said and the buttons that belong to it: one of several decisions on a card."""

    say: Say
    buttons: Buttons


def render_card_page(card: Card, shell: Shell) -> str:
    """One card as a page with one form: `csrf`, `state`, fields by their ids, and `action` for the button.

    Enter in a text field presses the primary button. A language button sends `language:<code>` with all that
    is filled in. Problems stand at the top as links, and at their fields.
    """
    _refuse_reserved_names(card)
    problems = [ask for ask in card.asks if ask.problem]
    return render_template("card.html", shell, card=card, problems=problems)


def render_home_page(cards: Sequence[Card], shell: Shell) -> str:
    """A person's own page: the first card gives it its title, the others stand section by section, some of them folded
    away. Each card is a form of its own, so that no field or state meets another's."""
    for card in cards:
        _refuse_reserved_names(card)
    intro, *others = cards
    sections = [
        (title, is_folded, list(together))
        for (title, is_folded), together in groupby(others, key=lambda card: (card.section, card.is_folded))
    ]
    return render_template("home.html", shell, intro=intro, sections=sections)


def render_plain_page(title: str, paragraphs: Sequence[str], shell: Shell) -> str:
    """A page that only says something: a link that has closed, a page that is not there."""
    return render_template("plain.html", shell, title=title, paragraphs=paragraphs)


def arrange(card: Card) -> list[Block | Item]:
    """The blocks in their order; where buttons follow what was said several times, each pair is one item."""
    blocks: list[Block | Item] = []
    several = sum(isinstance(block, Buttons) for block in card.blocks) > 1
    for block in card.blocks:
        before = blocks[-1] if blocks else None
        if several and isinstance(block, Buttons) and isinstance(before, Say) and before.style != "note":
            blocks[-1] = Item(before, block)
        else:
            blocks.append(block)
    return blocks


def find_primary(card: Card) -> Button | None:
    """The button that Enter presses: the primary one, if it sends the form."""
    return next((one for one in card.buttons if one.style == "primary" and one.action), None)


def render_template(name: str, shell: Shell, **values: object) -> str:
    """One template of this folder, filled in. What comes in is escaped; a name nobody gave is an error."""
    return templates().get_template(name).render(shell=shell, words=shell.words, **values)


@lru_cache(maxsize=1)
def templates() -> Environment:
    """The templates of this folder."""
    environment = Environment(
        loader=PackageLoader("bot.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,  # they come with the release: nobody looks at each page whether one has changed
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["arrange"] = arrange
    environment.filters["primary"] = find_primary
    environment.filters["kind"] = lambda block: type(block).__name__
    environment.filters["number"] = lambda number, language: format_decimal(number, locale=language)
    environment.filters["date_input_type"] = _date_input_type
    environment.globals["style_url"] = style_url
    return environment


def _refuse_reserved_names(card: Card) -> None:
    for ask in card.asks:
        if ask.id in RESERVED_NAMES:
            raise ValueError(f"the field {ask.id!r} has a name that the form itself uses; give the field another id")


def _date_input_type(written: Sequence[str]) -> str:
    """A date field drops what is no date; to lose nothing, such a text is shown in a text field."""
    try:
        return "date" if not written or date.fromisoformat(written[0]) else "text"
    except ValueError:
        return "text"
