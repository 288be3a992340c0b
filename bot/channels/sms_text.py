"""A card as a text message: what it is, who it is from, and the link. Short, since each part costs money."""

import unicodedata

from bot.cards import Card
from bot.words import words_in

# The alphabet of GSM 03.38: what stands in it takes seven bits, a few signs take two places; all else makes the whole
# message UCS-2, with room for less than half.
BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
TWO_PLACES = frozenset("^{}\\[~]|€")
ROOM_ALONE, ROOM_TOGETHER = {True: 160, False: 70}, {True: 153, False: 67}  # True: in the basic alphabet
MOST_PARTS = {True: 2, False: 3}
PLAINER = str.maketrans("«»“”‘’–—·", '""""\'\'---') | {ord("…"): "..."}
CUT = "..."


def as_sms(card: Card, organisation: str) -> str:
    """Title, who it is from, and the link that the card leads to above all, or else the reader's own page. A long title
    is cut. No figures and nobody's name: only what a title holds, such as the reader's own first name in the first
    message."""
    links = [one for one in card.buttons if one.url.startswith(("https://", "http://"))]
    main = next((one for one in links if one.style == "primary"), links[0] if links else None)
    url = main.url if main else card.own_page
    line = _plain(words_in(card.language)("sms.line", organisation=organisation))
    title = _plain(card.title)
    while count_parts(text := "\n".join(part for part in (title, line, url) if part)) > _most(text):
        if title in ("", CUT):
            break  # nothing left to cut: the link must be whole
        title = title.removesuffix(CUT)[:-1].rstrip() + CUT
    return text


def count_parts(text: str) -> int:
    """How many messages a phone puts together for this text."""
    is_basic = _is_basic(text)
    places = sum(2 if sign in TWO_PLACES else 1 for sign in text) if is_basic else len(text.encode("utf-16-le")) // 2
    return 1 if places <= ROOM_ALONE[is_basic] else -(-places // ROOM_TOGETHER[is_basic])


def _most(text: str) -> int:
    return MOST_PARTS[_is_basic(text)]


def _is_basic(text: str) -> bool:
    return all(sign in BASIC or sign in TWO_PLACES for sign in text)


def _plain(text: str) -> str:
    """On one line, with the signs that fit into the small alphabet where that changes no meaning."""
    text = unicodedata.normalize("NFC", text).translate(PLAINER)
    signs = (" " if unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") else sign for sign in text)
    return " ".join("".join(signs).split())
