"""Stopped lanes: where the platform lets us in no more, until somebody lets us in again."""

from datetime import datetime

from sqlmodel import Session, col, select, update

from storage.inserting import insert_missing
from storage.tables import Lane


def stop(session: Session, lane: str, at: datetime, because: str) -> None:
    """The platform lets us in no more: what waits, and what comes, goes to people's next addresses."""
    insert_missing(session, Lane, [{"name": lane}])
    row = session.exec(select(Lane).where(Lane.name == lane).with_for_update()).one()
    row.stopped_at, row.stopped_because = row.stopped_at or at, row.stopped_because or because
    row.paused_until = row.down_since = None
    session.add(row)


def start(session: Session, lane: str) -> None:
    """We are let in again. A pause that the platform has asked for is not cut short."""
    over = dict.fromkeys(("stopped_at", "stopped_because"))
    session.execute(update(Lane).where(col(Lane.name) == lane).values(over))


def stopped_lanes(session: Session) -> dict[str, str]:
    """The lanes that have stopped, and why."""
    stopped = select(Lane.name, Lane.stopped_because).where(col(Lane.stopped_at).is_not(None)).order_by(Lane.name)
    return {name: because or "" for name, because in session.exec(stopped)}
