"""Every kind of page there is, rendered, by name."""

from collections.abc import Callable

from bot.pages.demo_rendering import render_demo_page
from bot.pages.rendering import render_card_page, render_home_page, render_plain_page
from tests.sample_cards import (
    DIGEST,
    HOME,
    LONG_WORDS,
    NEAREST_AS_ITEMS,
    PULSE,
    RECEIPT,
    SHELL,
    THEME_SUGGESTION,
    UNUSED_COMPETENCE,
    WITH_PROBLEMS,
)
from tests.sample_demo import DEMO
from tests.sample_paper import PAPER_PAGES

PAGES: dict[str, Callable[[], str]] = {
    "pulse": lambda: render_card_page(PULSE, SHELL),
    "unused_competence": lambda: render_card_page(UNUSED_COMPETENCE, SHELL),
    "with_problems": lambda: render_card_page(WITH_PROBLEMS, SHELL),
    "theme_suggestion": lambda: render_card_page(THEME_SUGGESTION, SHELL),
    "nearest_as_items": lambda: render_card_page(NEAREST_AS_ITEMS, SHELL),
    "receipt": lambda: render_card_page(RECEIPT, SHELL),
    "digest": lambda: render_card_page(DIGEST, SHELL),
    "long_words": lambda: render_card_page(LONG_WORDS, SHELL),
    "home": lambda: render_home_page(HOME, SHELL),
    "plain": lambda: render_plain_page(
        "Lenken er stengt", ["Spørsmålet ble stengt fredag 24. april kl. 15.00."], SHELL
    ),
    "demo": lambda: render_demo_page(DEMO),
    **PAPER_PAGES,
}
