"""A card as the HTML of a mail: styles inline, nothing fetched from anywhere, nothing that tells who has read it."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from bot.cards import Bar, Card

BAR_CELLS = 20


def as_html(card: Card, footer: Sequence[str], own_page_label: str) -> str:
    """The whole mail. Links stand as links; bars of a chart are text with the figure beside them."""
    return _template().render(card=card, footer=footer, own_page_label=own_page_label, draw=draw_bar)


def draw_bar(bar: Bar) -> tuple[str, str]:
    """The filled and the empty part of a bar."""
    filled = round((bar.percent or 0) / 100 * BAR_CELLS)
    return "█" * filled, "░" * (BAR_CELLS - filled)


@lru_cache(maxsize=1)
def _template() -> Template:
    loader = FileSystemLoader(Path(__file__).parent)
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template("letter.html")
