"""That a chat's workspace lets us in no more, to whoever looks after Medvirk: where, since when, and what to do."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.cards import Card, Say
from bot.parts import Parts
from bot.words import Words
from storage.tables import Installation, Person


def write(session: Session, parts: Parts, person: Person, target: int, words: Words, at: datetime) -> Card:
    """As things stand now: where the app is back by the time this is read, it says so."""
    row = session.get(Installation, target)
    if row is None:
        return Card(words("trouble.run_gone_title"), (Say(words("trouble.run_gone")),), words.language)
    where = {"channel": row.channel.capitalize(), "name": row.name}
    if row.gone_at is None:
        return Card(words("put_out.back_title", **where), (Say(words("put_out.back", **where)),), words.language)
    day = words.day(row.gone_at.astimezone(ZoneInfo(parts.settings.zone)).date())
    said = (
        Say(words("put_out.what", **where, day=day)),
        Say(words("put_out.meanwhile", **where)),
        Say(words("put_out.what_to_do", **where)),
    )
    return Card(words("put_out.title", **where), said, words.language)
