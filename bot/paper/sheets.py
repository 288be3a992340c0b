"""What is printed: slips with a way to one person's page, and posters; finished words, drawn by the pages."""

from dataclasses import dataclass

from bot.cards import Card


@dataclass(frozen=True)
class Slip:
    """A slip for one person, in the person's own language. `url` is drawn as a code to scan; `code` is typed."""

    name: str
    language: str
    what: str
    how: str
    url: str
    code: str
    only_yours: str
    picture: str  # what the drawn code is, for those who do not see it


@dataclass(frozen=True)
class Sheet(Card):
    """A card with slips to print below it. `page_note` stands on every sheet of paper."""

    slips: tuple[Slip, ...] = ()
    page_note: str = ""
    list_title: str = ""


@dataclass(frozen=True)
class PosterPage:
    """One page to hang up, in one language. `address` is what people type; `url` is the same, drawn."""

    language: str
    organisation: str
    question: str
    purpose: str
    scan: str
    or_write: str
    url: str
    address: str
    promise: str
    warning: str
    minute: str
    picture: str


def without_scheme(url: str) -> str:
    """An address as people type it."""
    return url.partition("://")[2] or url
