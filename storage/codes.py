"""Codes that a person can write down, such as MÅKE-4127-FJORD, to delete an anonymous answer until close."""

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


def hash_code(secret: bytes, run_id: int, code: str) -> str:
    """What the database knows of a code: it cannot be guessed back without the key folder. Case, spaces and dashes
    don't matter."""
    plain = re.sub(r"[\W_]+", "", unicodedata.normalize("NFC", code)).upper()
    return hmac.new(secret, f"{run_id}:{plain}".encode(), hashlib.sha256).hexdigest()


@lru_cache(maxsize=1)
def _words() -> tuple[str, ...]:
    """Short words that most can spell: animals, plants, shores."""
    return tuple(WORDS_FILE.read_text(encoding="utf-8").split())
