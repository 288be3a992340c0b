"""Recorded discussions between employer and organisations (drøfting), or the choice that none is needed."""

from datetime import date, datetime

from sqlmodel import Session, col, select

from storage.tables import Discussion, UnitBelow


def record_discussion(
    session: Session,
    *,
    flow: str,
    unit_id: int,
    employer: str,
    needed: bool,
    held_on: date,
    invited: str,
    views: str,
    decision: str,
    recorded_by: str,
    at: datetime,
) -> Discussion:
    """Keep one employer's record for a flow, for a unit and everything below it."""
    record = Discussion(
        flow=flow,
        unit_id=unit_id,
        employer=employer,
        needed=needed,
        held_on=held_on,
        invited=invited,
        views=views,
        decision=decision,
        recorded_by=recorded_by,
        recorded_at=at,
    )
    session.add(record)
    session.flush()
    return record


def units_discussed(session: Session, flow: str, on: date) -> set[tuple[int, str]]:
    """(unit, employer) for which a record covers the flow on that day: the unit of the record and all below it."""
    rows = session.exec(
        select(UnitBelow.below_id, Discussion.employer)
        .join(Discussion, col(Discussion.unit_id) == col(UnitBelow.above_id))
        .where(Discussion.flow == flow, Discussion.held_on <= on)
    )
    return {(unit_id, employer) for unit_id, employer in rows}  # tuples: a row is compared slowly


def discussions_of(session: Session, flow: str | None = None) -> list[Discussion]:
    """All records, or those of one flow, oldest first."""
    query = select(Discussion).order_by(col(Discussion.held_on), col(Discussion.id))
    return list(session.exec(query if flow is None else query.where(Discussion.flow == flow)))
