"""Codes that a person can write down, such as MÅKE-4127-FJORD-EIK: to delete an anonymous answer until close, to open
one's own page from a printed slip, to suggest something by a poster."""

import hashlib
import hmac
import re
import secrets
import unicodedata
from functools import lru_cache
from pathlib import Path

WORDS_FILE = Path(__file__).with_name("code_words.txt")


def make_code() -> str:
    """A new random code: word, four digits, word, word."""
    first, second, third = (secrets.choice(_words()) for _ in range(3))
    return f"{first}-{secrets.randbelow(10_000):04}-{second}-{third}"


def make_slip_code() -> str:
    """A new random code that opens a person's page for a year: four digits more, so that it is out of reach of
    guessing also where thousands of slips are about (some 47 bits)."""
    return f"{make_code()}-{secrets.randbelow(10_000):04}"


def fold_code(code: str) -> str:
    """A code as it is compared when it was typed: case, spaces and dashes don't matter, nor whether somebody has the
    letters Æ, Ø and Å at hand: MÅKE, maake and make are one."""
    plain = re.sub(r"[\W_]+", "", unicodedata.normalize("NFC", code)).upper()
    plain = plain.translate(str.maketrans("ÆÄÅØÖ", "AAAOO"))
    return re.sub(r"OE+", "O", re.sub(r"A[AE]+", "A", plain))


def hash_typed_code(secret: bytes, about: str, code: str) -> str:
    """What the database knows of a code that is typed leniently; `about` keeps slips and posters apart."""
    return hmac.new(secret, f"{about}:{fold_code(code)}".encode(), hashlib.sha256).hexdigest()


def hash_code(secret: bytes, run_id: int, code: str) -> str:
    """What the database knows of a code: it cannot be guessed back without the key folder. Case, spaces and dashes
    don't matter."""
    plain = re.sub(r"[\W_]+", "", unicodedata.normalize("NFC", code)).upper()
    return hmac.new(secret, f"{run_id}:{plain}".encode(), hashlib.sha256).hexdigest()


@lru_cache(maxsize=1)
def _words() -> tuple[str, ...]:
    """Short words that most can spell: animals, plants, shores."""
    return tuple(WORDS_FILE.read_text(encoding="utf-8").split())
