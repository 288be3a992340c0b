"""Retention: what is deleted when its time is over, by kind."""

from datetime import date, datetime

from sqlmodel import Session, col, delete, select

from storage.answers import forget_envelopes
from storage.tables import Answer, FreeText, Run, Theme
from storage.themes import forget_people_behind


def delete_answers_of(session: Session, run_id: int) -> None:
    """Answers, named or opened, and free texts of a run. What was published stays: it names nobody."""
    session.exec(delete(Answer).where(col(Answer.run_id) == run_id))
    session.exec(delete(FreeText).where(col(FreeText.run_id) == run_id))
    forget_envelopes(session, run_id)


def closed_runs(session: Session) -> list[Run]:
    return list(session.exec(select(Run).where(col(Run.closed_at).is_not(None)).order_by(col(Run.id))))


def forget_authors_of_old_themes(session: Session, run_id: int) -> None:
    ids = session.exec(select(Theme.id).where(Theme.run_id == run_id)).all()
    forget_people_behind(session, [one for one in ids if one is not None])


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
