"""Reminders: at most two in a run, off weekends and holidays, to those who were asked and have not answered."""

from datetime import datetime, timedelta

from sqlmodel import Session

from bot.parts import Parts
from bot.rounds.moments import find_working_moments
from flows.holidays import find_holidays
from flows.model import Flow
from flows.schedule import add_days, move_off_weekend
from storage.outbox.planning import enqueue
from storage.runs import flow_of, people_to_remind
from storage.tables import Run
from storage.tables.sending import DeliveryKind

QUIET_AFTER_ASKING = timedelta(hours=12)  # nobody is reminded of what has only just come


def find_reminders(flow: Flow, opened_at: datetime, zone: str) -> list[datetime]:
    """When a run's reminders are due, in order: never at a weekend or on a public holiday. Those that this brings
    less than a day together are one."""
    days_off = find_holidays(opened_at.year, opened_at.year + 1)
    due: list[datetime] = []
    for days in flow.remind_after_days:
        moment = move_off_weekend(add_days(opened_at, days, zone), zone, days_off)
        if not due or moment >= add_days(due[-1], 1, zone):
            due.append(moment)
    return due


def remind(session: Session, parts: Parts, run: Run, at: datetime) -> None:
    """Queue a reminder to those who were asked some time ago and whose submission has not come, each at a working
    moment before the deadline. What was missed in a standstill is made up for once, and the next keeps a day away."""
    assert run.id is not None
    planned = find_reminders(flow_of(run), run.opens_at, run.zone)
    to_come = [moment for moment in planned if moment >= add_days(at, 1, run.zone)]
    people = people_to_remind(session, run.id, at - QUIET_AFTER_ASKING)
    moments = find_working_moments(session, people, DeliveryKind.reminder, at, run.closes_at)
    run.reminders_sent = len(planned) - len(to_come)
    enqueue(session, f"run:{run.id}", DeliveryKind.reminder, moments, parts.channels, run.reminders_sent - 1)
    run.remind_at = next(iter(to_come), None)
    session.add(run)
