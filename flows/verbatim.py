"""Texts as they may be read by others: names, phone numbers, addresses and identity numbers are masked."""

import re
import unicodedata
from collections.abc import Collection

MASK = "[…]"  # the same in every language

# Names that are everyday words as well, in Norwegian or English: masked only where they are written like a name.
EVERYDAY_WORDS = (
    "an ask aud bakke berg bjørk bjørn bo by dag dal eng even falk frank gro hagen hall haug holm hope "
    "jo joy juni kai king lie lien lin line liv long lund mai mark may mo moe moen my nes ness odd per "
    "rose rye sand sol stein sten stig storm strand strøm sun svane tor tro vang vik vår wang will ås"
)

_WORD = re.compile(r"[^\W\d_]+(?:['’]s\b)?")
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)*", re.UNICODE)
# Eleven digits, written together or as a date of birth and five more.
_IDENTITY = re.compile(r"(?<!\d)(?:\d{6}|\d{2}([ .-])\d{2}\1\d{2})[ .-]?\d{5}(?!\d)")
# Eight digits as Norwegians write them, with the country code or without, or any number that starts with a plus.
_PHONE = re.compile(
    r"(?<![\d+])(?:(?:\+|00)47[ .-]?)?"
    r"(?:[2-9]\d([ .-]?)\d{2}\1\d{2}\1\d{2}|[2-9]\d{2}([ .-]?)\d{2}\2\d{3}|[49]\d{3}[ .-]\d{4})(?!\d)"
    r"|(?:\+|(?<!\d)00)\d(?:[ .-]?\d){6,13}(?!\d)"
)
_MASKS = re.compile(rf"{re.escape(MASK)}(?:[\s-]+{re.escape(MASK)})+")


def mask(text: str, names: frozenset[str]) -> str:
    """The text without people's names, phone numbers, e-mail addresses and Norwegian identity numbers.

    `names` are words as `name_words` gives them; they are masked as whole words, also in the genitive. Whoever
    is described without being named is not found.
    """
    text = unicodedata.normalize("NFC", text)
    for pattern in (_ADDRESS, _IDENTITY, _PHONE):
        text = pattern.sub(MASK, text)
    text = _WORD.sub(lambda found: MASK if _is_name(found[0], names) else found[0], text)
    return _MASKS.sub(MASK, text)


def name_words(names: Collection[str]) -> frozenset[str]:
    """The words of the names, in lower case; initials are too short to be told from words."""
    words = (word.casefold() for name in names for word in _WORD.findall(unicodedata.normalize("NFC", name)))
    return frozenset(word for word in words if len(word) > 1)


def _is_name(word: str, names: frozenset[str]) -> bool:
    bare = re.sub(r"['’]s$", "", word)
    for candidate in {bare, bare.removesuffix("s"), bare.removesuffix("S")}:
        if candidate.casefold() in names:
            return candidate.casefold() not in EVERYDAY_WORDS.split() or word[0].isupper()
    return False
