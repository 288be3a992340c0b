"""Retention: what is deleted when its time is over, by kind."""

from datetime import date, datetime

from sqlalchemy import or_
from sqlmodel import Session, col, delete, select

from storage.answers import forget_envelopes
from storage.tables import (
    Answer,
    Decision,
    Delivery,
    Digest,
    FreeText,
    LeftAlonePerson,
    Participation,
    Run,
    Theme,
)
from storage.themes import forget_people_behind


def delete_what_was_said_in(session: Session, run_id: int, on: date) -> None:
    """Everything that came in through a run, or tells who was asked: answers, free texts, themes with those behind
    them, the audience, messages about them. What was published stays: it names nobody. A named answer that its person
    has renewed stays until it ends."""
    themes = [one for one in session.exec(select(Theme.id).where(Theme.run_id == run_id)) if one is not None]
    about = [f"run:{run_id}", *(f"theme:{theme}" for theme in themes)]
    session.exec(delete(Delivery).where(col(Delivery.about).in_(about)))
    is_over = or_(col(Answer.ends_on).is_(None), col(Answer.ends_on) <= on)
    session.exec(delete(Answer).where(col(Answer.run_id) == run_id, is_over))
    for table in (FreeText, Participation, LeftAlonePerson):
        session.exec(delete(table).where(col(table.run_id) == run_id))
    forget_envelopes(session, run_id)
    forget_people_behind(session, themes)
    session.exec(delete(Decision).where(col(Decision.theme_id).in_(themes)))
    session.exec(delete(Theme).where(col(Theme.id).in_(themes)))


def delete_digests_before(session: Session, at: datetime) -> None:
    """Digests older than `at`, and the messages about them."""
    old = [one for one in session.exec(select(Digest.id).where(col(Digest.made_at) < at)) if one is not None]
    session.exec(delete(Delivery).where(col(Delivery.about).in_([f"digest:{one}" for one in old])))
    session.exec(delete(Digest).where(col(Digest.id).in_(old)))


def closed_runs(session: Session) -> list[Run]:
    return list(session.exec(select(Run).where(col(Run.closed_at).is_not(None)).order_by(col(Run.id))))


def months_later(day: date, months: int) -> date:
    """The same day some months later, or the last day of that month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError("every month has a 28th")


def has_expired(closed_at: datetime, months: int, at: datetime) -> bool:
    return months_later(closed_at.date(), months) <= at.date()
