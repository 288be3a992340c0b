"""What belongs to paper, as cards and pages to look at and to test with, in each language. People are made up."""

from collections.abc import Callable

from bot.cards import Choice
from bot.conversations.poster import make_like_card, make_poster_card
from bot.conversations.slips import make_sheet
from bot.conversations.typed_code import make_code_card
from bot.pages.paper import render_sheet_page
from bot.pages.rendering import Shell, render_card_page
from bot.paper.sheets import Slip
from bot.words import OWN_NAMES, words_in
from flows.text import LANGUAGES
from tests.office_flows import shipped

URL = "https://medvirk.solvik.example/l/AbCdEfGhIjKl/"
LIKE = [Choice("1", "Kveldsuro ved demens"), Choice("2", "Trygghet om natta"), Choice("3", "العناية بالمرضى")]
CODES = ("MÅKE-4127-FJORD-EIK-8083", "TYTTEBÆR-0001-GREVLING-BOGFINK-9999")


def shell_in(language: str) -> Shell:
    words = words_in(language)
    languages = tuple((code, OWN_NAMES[code], code == language) for code in LANGUAGES)
    return Shell("Solvik kommune", language, languages, "made-up-csrf", words.section("page"))


def make_sample_slips(count: int) -> tuple[Slip, ...]:
    """Slips of made-up people, some of them with long names, in all languages."""
    slips = []
    for number in range(count):
        words = words_in(LANGUAGES[number % 3])
        slips.append(
            Slip(
                name=("Ada Berg", "Maria Kristiansen-Nordstrøm Abdirahman", "<b>Per</b> & Co")[number % 3],
                language=words.language,
                what=words("slips.what", organisation="Solvik kommune"),
                how=words("slips.how", address="medvirk.solvik.example/k"),
                url=f"{URL}{number:032}",
                code=CODES[number % 2],
                only_yours=words("slips.only_yours", day="31. desember 2027"),
                picture=words("slips.picture"),
            )
        )
    return tuple(slips)


def _sheet(language: str) -> str:
    words = words_in(language)
    sheet = make_sheet(words("slips.title", unit="Avdeling 2"), make_sample_slips(3), words, "back")
    return render_sheet_page(sheet, shell_in(language))


def _code(language: str) -> str:
    words = words_in(language)
    return render_card_page(make_code_card(words, words("typed_code.wrong"), "måke 4127"), shell_in(language))


def _poster(language: str) -> str:
    return render_card_page(make_poster_card(shipped("theme_suggestion"), words_in(language)), shell_in(language))


def _like(language: str) -> str:
    card = make_like_card(shipped("theme_suggestion"), words_in(language), "Uro om kvelden", LIKE, "sealed-state")
    return render_card_page(card, shell_in(language))


def _make(render: Callable[[str], str], language: str) -> Callable[[], str]:
    return lambda: render(language)


PAPER_PAGES: dict[str, Callable[[], str]] = {
    f"{name}_{language}": _make(render, language)
    for name, render in (("slips", _sheet), ("typed_code", _code), ("poster", _poster), ("poster_like", _like))
    for language in LANGUAGES
}
