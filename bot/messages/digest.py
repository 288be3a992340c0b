"""The week as a message: counts and published figures, and the way to the page where names are and things are done."""

from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from bot.cards import Block, Buttons, Card, Heading, Say
from bot.messages.links import DIGEST_LIVES, way_to_digest
from bot.parts import Parts
from bot.reports import weekly
from bot.words import Words
from storage.digests import find_digest
from storage.tables import Person


def write(session: Session, parts: Parts, person: Person, target: int, words: Words, at: datetime) -> Card | None:
    """None where it is not this person's to read, or not any more."""
    digest = find_digest(session, target, person.id or 0)
    if digest is None:
        return None
    week = weekly.figures(session, digest)
    if at >= digest.made_at + DIGEST_LIVES:
        card = weekly.words_of(week, words)
    else:
        way = way_to_digest(session, parts, person, target, digest.made_at)
        button = Buttons((way.button(words("digest.open"), "primary"),))
        card = weekly.words_of(week, words, acting=way.act, last=button)
    return replace(card, kicker=words("digest.minutes"), has_pictures=True)  # a message has its own day above it


def write_brief(session: Session, parts: Parts, person: Person, target: int, words: Words) -> Card | None:
    """The week where the message itself is not far: what waits for a decision, what else stands in it, and the way
    there. None where it is not this person's to read, or not any more."""
    digest = find_digest(session, target, person.id or 0)
    if digest is None:
        return None
    week = weekly.figures(session, digest)
    way = way_to_digest(session, parts, person, target, digest.made_at)
    decisions = weekly.say_decisions(week, words, way.act, shows_all=False) if week.leads else []
    whole = weekly.words_of(week, words)
    passed_over = (*decisions, Heading(words("digest.say")))
    others = [one.text for one in whole.blocks if isinstance(one, Heading) and one not in passed_over]
    also: list[Block] = [Say(" · ".join(others), "note", begins=words("digest.also"))] if others else []
    button = Buttons((way.button(words("digest.open"), "primary"),))
    return replace(whole, blocks=(*decisions, *also, button), kicker=words("digest.minutes"))
