"""The values in a directory's cells: each function reads a text, or raises ValueError with what is wrong."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import TypeVar

from flows.hours import WorkingHours
from flows.schedule import find_zone
from storage.directory.natural import MAIL as MAIL_CHANNEL
from storage.directory.natural import SMS, WEB
from storage.directory.records import SEPARATOR
from storage.tables.organisation import MembershipKind, RoleName

T = TypeVar("T")

EARLIEST_YEAR, LATEST_YEAR = 1900, 2199
OPEN_END_YEAR = 9999  # what personnel systems write for "until further notice"

LANGUAGES = {
    "nb": ("nb", "bokmål", "norsk bokmål", "norsk", "no"),
    "nn": ("nn", "nynorsk", "norsk nynorsk"),
    "en": ("en", "engelsk", "english"),
}
MEMBERSHIPS = {
    MembershipKind.home: ("home", "hjemme", "hovedstilling", "fast"),
    MembershipKind.other: ("other", "annen", "anna", "bistilling"),
    MembershipKind.group: ("group", "gruppe", "ressursgruppe"),
}
ROLES = {
    RoleName.leader: ("leader", "leder", "leiar", "avdelingsleder", "teamleder"),
    RoleName.superior: ("superior", "overordnet", "overordna", "kommunalsjef"),
    RoleName.representative: ("representative", "tillitsvalgt", "tillitsvald"),
    RoleName.safety: ("safety", "verneombud", "verneombod"),
    RoleName.coordinator: ("coordinator", "koordinator", "kompetansekoordinator"),
    RoleName.group_coordinator: ("group_coordinator", "gruppekoordinator", "fagkoordinator"),
    RoleName.administrator: ("administrator", "systemansvarlig", "systemansvarleg"),
    RoleName.protection_officer: ("protection_officer", "personvernombud", "personvernombod"),
}
CHANNELS = {
    MAIL_CHANNEL: ("mail", "e-post", "epost", "email", "e-mail"),
    SMS: ("sms", "mobil", "tekstmelding"),
    WEB: ("web", "nettside", "side"),
}
NO_ROLE = ("employee", "ansatt", "tilsett", "medarbeider", "medarbeidar")

DATE = r"(\d{4}-\d{2}-\d{2}|\d{1,2}\.\d{1,2}\.\d{4})"
SPAN = re.compile(rf"{DATE}(?:\s*[/–-]\s*{DATE})?")
MAIL = re.compile(r"[^\s@<>()\[\],;:\"]+@[^\s@<>()\[\],;:\"]+\.[^\s@<>()\[\],;:\".]{2,}")
MOBILE = re.compile(r"\+47[49][0-9]{7}|\+(?!47)[1-9][0-9]{6,13}")  # at most fifteen digits (ITU-T E.164)
READ_WRONGLY = re.compile("Ã[¥¦¸…†˜\u0085\u0086\u0098]|\ufffd")
INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def clean(text: str) -> str:
    """The text with single spaces and composed letters. Nothing else is put right silently."""
    if not text.isascii() or not text.isprintable():
        text = unicodedata.normalize("NFC", text)
        if READ_WRONGLY.search(text):
            raise ValueError("has letters that were saved in one encoding and read in another: save it as UTF-8")
        for letter in text:
            if unicodedata.category(letter) in INVISIBLE and letter != "\t":
                raise ValueError(f"has an invisible character (U+{ord(letter):04X}): delete it")
    return " ".join(text.split())


def read_mail(text: str) -> str:
    if not MAIL.fullmatch(text):
        raise ValueError("is not one mail address")
    return text.lower()


def read_mobile(text: str) -> str:
    """A mobile number in the one form in which it is kept: '+4740000000'. Eight digits are a Norwegian number."""
    number = re.sub(r"[ .()/–-]", "", text)
    if number.startswith("00"):
        number = "+" + number[2:]
    elif re.fullmatch(r"\d{8}", number):
        number = "+47" + number
    elif re.fullmatch(r"47\d{8}", number):
        number = "+" + number
    if not MOBILE.fullmatch(number):
        raise ValueError(
            "is no mobile number: a Norwegian one has eight digits and begins with 4 or 9, one from elsewhere "
            "begins with + and the country's number"
        )
    return number


def read_channel(text: str) -> str:
    return _read_word(text, CHANNELS, "a way to reach people")


def read_language(text: str) -> str:
    return _read_word(text, LANGUAGES, "a language Medvirk speaks")


def read_membership(text: str) -> MembershipKind:
    return _read_word(text, MEMBERSHIPS, "a kind of membership")


def read_role(text: str) -> RoleName | None:
    """A role by its English or Norwegian name; None for an ordinary employee."""
    return None if text.casefold() in NO_ROLE else _read_word(text, ROLES, "a role")


def read_zone(text: str) -> str:
    try:
        return str(find_zone(text))
    except ValueError:
        raise ValueError("is not the name of a time zone") from None


def read_hours(text: str) -> str:
    """The hours in the one form in which they are kept, so that other words for the same change nothing."""
    try:
        return str(WorkingHours.parse(text))
    except ValueError as error:
        raise ValueError(f"is not understood: {error}") from None


def read_date(text: str) -> date:
    """A day written as 2027-12-31 or 31.12.2027."""
    if not re.fullmatch(DATE, text):
        raise ValueError("is not a date")
    year, month, day = text.split("-") if "-" in text else reversed(text.split("."))
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        raise ValueError("is a day that the calendar does not have") from None
    if not EARLIEST_YEAR <= found.year <= LATEST_YEAR:
        raise ValueError(f"is not between the years {EARLIEST_YEAR} and {LATEST_YEAR}")
    return found


def read_last_date(text: str) -> date | None:
    """As `read_date`; the year 9999 means that there is no last day."""
    return None if re.search(rf"\b{OPEN_END_YEAR}\b", text) else read_date(text)


def read_leave(text: str) -> tuple[tuple[date, date], ...]:
    """Spans of days with ; between them, first and last day included; sorted, each once."""
    spans = set()
    for part in filter(None, map(str.strip, re.split("[;,]", text))):
        found = SPAN.fullmatch(part)
        if found is None:
            raise ValueError(f"has «{part}», which is not a span of days")
        first = read_date(found[1])
        last = read_date(found[2]) if found[2] else first
        if last < first:
            raise ValueError(f"has a leave that ends on {last}, before it begins on {first}")
        spans.add((first, last))
    return tuple(sorted(spans))


def read_path(text: str) -> str:
    """A unit's path from the top, its parts in one form: 'Solvik kommune / NAV Solvik'."""
    parts = [part.strip() for part in text.split(SEPARATOR)]
    if any(not part or part.startswith("/") or part.endswith("/") for part in parts):
        raise ValueError("has a part without a name between the slashes")
    if "/" in parts[0]:  # further down a name may have one, as «Barn/unge»
        spaced = SEPARATOR.join(part.strip() for part in text.split("/"))
        raise ValueError(f"has no spaces around the first slash; write «{spaced}»")
    return SEPARATOR.join(parts)


def list_words(words: Mapping[T, tuple[str, ...]]) -> str:
    """The words for each meaning, the English first and the usual Norwegian one behind it."""
    return ", ".join(f"{names[0]} ({names[1]})" for names in words.values())


def _read_word(text: str, words: Mapping[T, tuple[str, ...]], what: str) -> T:
    wanted = text.casefold().replace("-", "_").replace(" ", "_")
    for meaning, names in words.items():
        if wanted in (name.replace("-", "_").replace(" ", "_") for name in names):
            return meaning
    raise ValueError(f"is not {what}; there are {list_words(words)}")
