"""Telling a group what came of its poll when it closes, whoever answered."""

from datetime import datetime, timedelta

from sqlmodel import Session

from bot.parts import Parts
from bot.rounds.moments import find_working_moments
from flows.schedule import local_day
from storage.outbox.planning import enqueue
from storage.polls import people_in_group, poll_of_run
from storage.tables import Run, Unit
from storage.tables.sending import DeliveryKind

TOLD_WITHIN = timedelta(days=30)


def tell_group(session: Session, parts: Parts, run: Run, at: datetime) -> None:
    """Queue the result to the members and the coordinator of the group that asked; nothing where none did."""
    poll = poll_of_run(session, run.id or 0)
    group = session.get(Unit, poll.group_id) if poll else None
    if group is None:
        return
    people = people_in_group(session, group, local_day(at, run.zone))
    moments = find_working_moments(session, people, DeliveryKind.group_result, at, at + TOLD_WITHIN)
    enqueue(session, f"run:{run.id}", DeliveryKind.group_result, moments, parts.channels)
