"""The week as a message: counts and published figures, and the way to the page where names are and things are done."""

from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from bot.cards import Block, Buttons, Card, Heading, Say
from bot.messages.links import DIGEST_LIVES, way_to_digest
from bot.parts import Parts
from bot.reports import weekly
from bot.words import Words
from storage.tables import Digest, Person


def write(session: Session, parts: Parts, person: Person, target: int, words: Words, at: datetime) -> Card:
    digest = session.get(Digest, target)
    if digest is None:
        return Card(words("trouble.run_gone_title"), (Say(words("trouble.run_gone")),), words.language)
    week = weekly.figures(session, digest)
    if at >= digest.made_at + DIGEST_LIVES:
        card = weekly.words_of(week, words)
    else:
        way = way_to_digest(session, parts, person, target, digest.made_at)
        button = Buttons((way.button(words("digest.open"), "primary"),))
        card = weekly.words_of(week, words, acting=way.act, last=button)
    return replace(card, kicker=words("digest.minutes"), has_pictures=True)  # a message has its own day above it


def write_brief(session: Session, parts: Parts, person: Person, digest: Digest, words: Words) -> Card:
    """The week where the message itself is not far: what waits for a decision, what else stands in it, and the way
    there."""
    week = weekly.figures(session, digest)
    way = way_to_digest(session, parts, person, digest.id or 0, digest.made_at)
    decisions = weekly.say_decisions(week, words, way.act, shows_all=False) if week.leads else []
    whole = weekly.words_of(week, words)
    passed_over = (*decisions, Heading(words("digest.say")))
    others = [one.text for one in whole.blocks if isinstance(one, Heading) and one not in passed_over]
    also: list[Block] = [Say(" · ".join(others), "note", begins=words("digest.also"))] if others else []
    button = Buttons((way.button(words("digest.open"), "primary"),))
    return replace(whole, blocks=(*decisions, *also, button), kicker=words("digest.minutes"))
