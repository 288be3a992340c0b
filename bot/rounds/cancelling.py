"""Cancelling: an open run that is given up is deleted unread, and those who were asked are told."""

from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from bot.parts import Parts
from bot.rounds.moments import find_working_moments
from bot.rounds.waves import end_series_that_are_over
from flows.model import Kind
from storage import log
from storage.answers import forget_answers, forget_envelopes
from storage.courses import mark_cancelled, runs_of_course
from storage.outbox.deliveries import cancel_about
from storage.outbox.edits import queue_edits
from storage.outbox.planning import enqueue
from storage.runs import forget_participation
from storage.tables import Course, Delivery, Run
from storage.tables.asking import RunState
from storage.tables.sending import DeliveryKind, DeliveryState

TOLD_WITHIN = timedelta(days=30)


class CannotCancel(ValueError):
    """The run is not open, or what came in was shown at once and cannot be given up unread."""


def cancel_run(session: Session, parts: Parts, run: Run, at: datetime) -> None:
    """Give up an open run: envelopes and named answers are deleted unread, nothing more is sent about it, and all who
    got the question hear that it is over, whether or not they answered. Its key is destroyed by the tick. Raises
    CannotCancel."""
    assert run.id is not None
    if run.state != RunState.open:
        raise CannotCancel(f"run {run.id} is {run.state}; only an open run can be cancelled")
    if run.kind == Kind.contribution:
        raise CannotCancel(f"what came in run {run.id} was shown at once; it can be withdrawn one by one, not unread")
    about = f"run:{run.id}"
    asked = session.exec(
        select(Delivery.person_id).where(
            Delivery.about == about,
            Delivery.kind == DeliveryKind.question,
            col(Delivery.state).in_([DeliveryState.sent, DeliveryState.sending, DeliveryState.uncertain]),
        )
    ).all()
    cancel_about(session, about, [DeliveryKind.question, DeliveryKind.reminder])
    forget_envelopes(session, run.id)
    forget_answers(session, run.id)
    forget_participation(session, run.id)
    run.state = RunState.cancelled
    run.closed_at = at
    session.add(run)
    moments = find_working_moments(session, set(asked), DeliveryKind.result, at, at + TOLD_WITHIN)
    enqueue(session, about, DeliveryKind.result, moments, parts.channels)
    queue_edits(session, about, parts.editing, at)
    log.append(session, at, "administrator", "run cancelled, deleted unread", about)


def cancel_course(session: Session, parts: Parts, course: Course, at: datetime) -> int:
    """Call a course off: no wave of it opens any more, and those that are open are given up. How many were open comes
    back. A second time changes nothing."""
    assert course.id is not None
    if course.cancelled_at is not None:
        return 0
    mark_cancelled(session, course, at)
    runs = runs_of_course(session, course.id, RunState.open)
    for run in runs:
        cancel_run(session, parts, run, at)
    end_series_that_are_over(session, parts, at)
    log.append(session, at, "administrator", "course cancelled", f"course:{course.id}")
    return len(runs)
