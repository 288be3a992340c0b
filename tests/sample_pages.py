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
from tests.sample_polls import (
    POLL_AUDIENCE,
    POLL_FOUND_NONE,
    POLL_FOUND_UNITS,
    POLL_MISTAKES,
    POLL_PREVIEW,
    POLL_QUESTION,
    POLL_REFUSED,
)

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
    "poll_question": lambda: render_card_page(POLL_QUESTION, SHELL),
    "poll_mistakes": lambda: render_card_page(POLL_MISTAKES, SHELL),
    "poll_audience": lambda: render_card_page(POLL_AUDIENCE, SHELL),
    "poll_found": lambda: render_card_page(POLL_FOUND_UNITS, SHELL),
    "poll_found_none": lambda: render_card_page(POLL_FOUND_NONE, SHELL),
    "poll_preview": lambda: render_card_page(POLL_PREVIEW, SHELL),
    "poll_refused": lambda: render_card_page(POLL_REFUSED, SHELL),
    "demo": lambda: render_demo_page(DEMO),
    **PAPER_PAGES,
}
