"""Moments and sentences as people in the made-up office see them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.cards import Card, as_text
from bot.words import words_in

OSLO = ZoneInfo("Europe/Oslo")
BEGINS = "2027-01-04 07:00"  # a Monday


def oslo(local: str) -> datetime:
    """The moment at which a clock in Oslo shows '2027-01-11 09:00'."""
    return datetime.fromisoformat(local).replace(tzinfo=OSLO).astimezone(UTC)


def plain(card: Card) -> str:
    """A card as text, with plain spaces where lines must not break."""
    return as_text(card).replace("\N{NO-BREAK SPACE}", " ")


def said(key: str, language: str = "nb", **values: object) -> str:
    """A sentence of the catalogue as people see it."""
    return words_in(language)(key, **values).replace("\N{NO-BREAK SPACE}", " ")
