"""The tick: what is due since the last look is done, once. Time comes in; nothing here asks a clock."""

import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import get_args

from sqlmodel import Session, col, select

from bot.digests import make_digests
from bot.offers import ask_about_offers
from bot.parts import Parts
from bot.retention import delete_what_is_over
from bot.rounds.closing import close_run
from bot.rounds.deadlines import digest_schedule, find_deadline
from bot.rounds.moments import find_working_moments
from bot.rounds.opening import find_units, open_runs_of
from bot.rounds.reminders import remind
from bot.rounds.waves import end_series_that_are_over, find_waves, open_due_waves
from flows.model import Priority
from flows.schedule import Schedule, find_next, find_occurrences
from storage.outbox.deliveries import next_due
from storage.outbox.planning import enqueue
from storage.runs import (
    last_look,
    open_runs,
    remember_look,
    runs_with_a_key_left,
)
from storage.series import series_with_a_key_left
from storage.tables import Course, Delivery, Person, Run
from storage.tables.sending import DeliveryKind
from storage.trouble import name_trouble

TICK = "tick"
NIGHTLY = Schedule(cron="30 3 * * *")
WELCOME_WITHIN = timedelta(days=60)
HORIZON = timedelta(days=400)

log = logging.getLogger("medvirk")


def tick(session: Session, parts: Parts, at: datetime) -> None:
    """Do what has become due since the last look, in one transaction: welcome, open, remind, close, digest, delete.

    Whatever was missed while the process was down is made up for once: of several missed occurrences of a flow only
    the newest still opens. Of flows that are due together, those of higher priority go first and get the budget.
    Repeating a tick, or ticking from several places, changes nothing: each row has a UNIQUE key, and a look only
    moves forward.
    """
    after = last_look(session, TICK) or at - timedelta(minutes=1)
    if at <= after:
        return
    remember_look(session, TICK, at)
    _welcome(session, parts, at)
    for run in open_runs(session):
        if run.closes_at <= at:
            _close(session, parts, run, at)
    for flow in sorted(parts.flows.values(), key=lambda flow: get_args(Priority).index(flow.priority)):
        for unit in find_units(session, flow):
            missed = find_occurrences(flow.schedule, unit.zone or parts.settings.zone, after, at)
            if missed and find_deadline(parts, flow, missed[-1]) > at:
                open_runs_of(session, parts, flow, unit, missed[-1], at)
    open_due_waves(session, parts, at)
    end_series_that_are_over(session, parts, at)
    for run in open_runs(session):
        if run.remind_at is not None and run.remind_at <= at:
            remind(session, parts, run, at)
    digest_days = find_occurrences(digest_schedule(parts), parts.settings.zone, after, at)
    if digest_days:
        make_digests(session, parts, digest_days[-1].local_date, at)
    if find_occurrences(NIGHTLY, parts.settings.zone, after, at):
        delete_what_is_over(session, parts, at)
        ask_about_offers(session, parts, at)


def _close(session: Session, parts: Parts, run: Run, at: datetime) -> None:
    """Close a run in a savepoint: one that cannot be closed keeps nothing else from happening, and is tried again."""
    savepoint = session.begin_nested()
    try:
        close_run(session, parts, run, at)
        savepoint.commit()
    except Exception as error:
        if name_trouble(error):  # nothing else would go well either
            raise
        savepoint.rollback()
        log.exception("run %s could not be closed; the next tick tries again", run.id)


def destroy_keys(session: Session, parts: Parts) -> None:
    """Destroy the keys of runs and series that are over. Done after the commit that closed them, and again at every
    tick until the folder says that the key is gone."""
    for run in runs_with_a_key_left(session):
        _destroy(session, run, parts.keys.destroy_run_key)
    for course in series_with_a_key_left(session):
        _destroy(session, course, parts.keys.destroy_series_key)


def _destroy(session: Session, over: Run | Course, destroy: Callable[[int], None]) -> None:
    assert over.id is not None
    try:
        destroy(over.id)
    except OSError:
        log.exception("the key of %s %s is still there; the next tick tries again", over.__tablename__, over.id)
        return
    over.key_destroyed = True
    session.add(over)


def find_next_moment(session: Session, parts: Parts, after: datetime) -> datetime | None:
    """When the next thing happens after `after`: a flow opens, a delivery leaves, a run reminds or closes, a digest."""
    return min(_moments(session, parts, after), default=None)


def _moments(session: Session, parts: Parts, after: datetime) -> Iterator[datetime]:
    for flow in parts.flows.values():
        for unit in find_units(session, flow):
            occurrence = find_next(flow.schedule, unit.zone or parts.settings.zone, after, after + HORIZON)
            if occurrence:
                yield occurrence.at
    yield from (wave.opens_at for wave in find_waves(session, parts) if wave.opens_at > after)
    for run in open_runs(session):
        yield from (moment for moment in (run.remind_at, run.closes_at) if moment and moment > after)
    digest = find_next(digest_schedule(parts), parts.settings.zone, after, after + HORIZON)
    if digest:
        yield digest.at
    delivery = next_due(session, after)
    if delivery:
        yield delivery


def _welcome(session: Session, parts: Parts, at: datetime) -> None:
    """Queue the first message to everybody who has not had it: who this is, how often, who sees, how to stop."""
    welcomed = select(Delivery.person_id).where(Delivery.kind == DeliveryKind.welcome)
    new = session.exec(
        select(Person.id).where(
            col(Person.active).is_(True), col(Person.declined).is_(False), col(Person.id).not_in(welcomed)
        )
    ).all()
    people = [one for one in new if one is not None]
    if not people:
        return
    moments = find_working_moments(session, people, DeliveryKind.welcome, at, at + WELCOME_WITHIN)
    enqueue(session, "welcome", DeliveryKind.welcome, moments, parts.channels)
