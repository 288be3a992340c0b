"""Codes that a person can write down, such as MÅKE-4127-FJORD, to delete an anonymous answer until close."""

import hashlib
import hmac
import re
import secrets
import unicodedata

WORDS = tuple(
    ["ALKE", "ASK", "BEKK", "BERG", "BJØRK", "BLÅBÆR", "BOGFINK", "BREGNE", "BRIS", "BUKT", "BY", "BÅT", "DAL", "DAM", "DIS", "DUE", "EIK", "EKORN", "ELG", "ELV", "ENG", "EPLE", "FALK", "FELL", "FINK", "FJELL", "FJORD", "FLUE", "FOSS", "FURU", "GAUPE", "GEIT", "GLØD", "GRAN", "GRESS", "GREVLING", "HAGE", "HARE", "HASSEL", "HAV", "HEGG", "HEI", "HEST", "HIMMEL", "HJORT", "HOLME", "HULE", "HUMLE", "HVAL", "ISBRE", "JERV", "KAI", "KATT", "KILDE", "KJERR", "KLIPPE", "KLØVER", "KNAUS", "KRABBE", "KRÅKE", "KULP", "LAKS", "LAM", "LAV", "LIND", "LOM", "LYNG", "LØNN", "LØV", "MAKRELL", "MARE", "MOSE", "MULTE", "MUS", "MYR", "MÅKE", "MÅNE", "NES", "NYPE", "ODDE", "ORE", "OTER", "PIL", "PLOMME", "RAV", "REGN", "REIN", "REV", "RIPS", "ROGN", "ROSE", "RUG", "RYPE", "SALTE", "SAND", "SEL", "SILD", "SIV", "SJØ", "SKJELL", "SKJÆRE", "SKOG", "SKY", "SNØ", "SOL", "SPETT", "SPURV", "STEIN", "STI", "STJERNE", "STRAND", "SUND", "SVALE", "SVANE", "TANG", "TERNE", "TIND", "TJELD", "TORSK", "TROST", "TYTTEBÆR", "UGLE", "ULL", "ULV", "VANN", "VARDE", "VIDDE", "VIK", "VIND", "VINTER", "VÅR", "ØRN", "ØRRET", "ØY", "ØRE", "ÅKER", "ÅL", "ÅS"]
)


def make_code() -> str:
    """A new random code: word, four digits, word, word."""
    first, second, third = (secrets.choice(WORDS) for _ in range(3))
    return f"{first}-{secrets.randbelow(10_000):04}-{second}-{third}"


def hash_code(secret: bytes, run_id: int, code: str) -> str:
    """What the database knows of a code: it cannot be guessed back without the key folder. Case, spaces and dashes
    don't matter."""
    plain = re.sub(r"[\W_]+", "", unicodedata.normalize("NFC", code)).upper()
    return hmac.new(secret, f"{run_id}:{plain}".encode(), hashlib.sha256).hexdigest()
