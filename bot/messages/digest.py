"""The week as a message: counts and published figures, and the way to the page where names are and things are done."""

from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from bot.cards import Buttons, Card, Say
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
    minutes = words("digest.minutes")  # a message has its own day above it
    if at >= digest.made_at + DIGEST_LIVES:
        return replace(weekly.words_of(week, words, acting=False), kicker=minutes)
    way = way_to_digest(session, parts, person, target, digest.made_at)
    button = Buttons((way.button(words("digest.open"), "primary"),))
    return replace(weekly.words_of(week, words, acting=False, last=button), kicker=minutes)
