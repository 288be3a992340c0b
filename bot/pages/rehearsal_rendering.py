"""A page that is one file, to send, read on a phone and print: a flow as representatives see it before it is used."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.cards import Block, Card
from bot.pages.rendering import Shell, render_template
from bot.pages.styles import style_inside


@dataclass(frozen=True)
class Part:
    """A part of the page under a heading: what is said, and cards that are only to be looked at."""

    title: str
    blocks: tuple[Block, ...] = ()
    cards: tuple[Card, ...] = ()


def render_rehearsal_page(
    intro: Card, parts: Sequence[Part], notes_title: str, notes: Sequence[str], shell: Shell
) -> str:
    """The page, with its stylesheet inside and nothing from outside. `notes` are lines to write on by hand."""
    bodies = [(part, Card(part.title, part.blocks, shell.language)) for part in parts]
    return render_template(
        "rehearsal.html",
        shell,
        intro=intro,
        parts=bodies,
        notes_title=notes_title,
        notes=notes,
        style=style_inside("style", "rehearsal"),
    )
