"""Pausing: nothing about an open run leaves until it is resumed. It closes when it should all the same."""

from datetime import datetime

from sqlmodel import Session

from storage import log
from storage.tables import Run
from storage.tables.asking import RunState


class CannotPause(ValueError):
    """The run is not open, or stands already as it should."""


def pause_run(session: Session, run: Run, at: datetime) -> None:
    """Hold back its questions and reminders: what is not in the hand already does not leave. Raises CannotPause."""
    _stop_unless_open(run)
    if run.paused_at is not None:
        raise CannotPause(f"run {run.id} is paused already")
    run.paused_at = at
    session.add(run)
    log.append(session, at, "administrator", "run paused", f"run:{run.id}")


def resume_run(session: Session, run: Run, at: datetime) -> None:
    """Let it go on: what has become due meanwhile leaves at each person's next working moment, which the outbox looks
    for anyway. Raises CannotPause."""
    _stop_unless_open(run)
    if run.paused_at is None:
        raise CannotPause(f"run {run.id} is not paused")
    run.paused_at = None
    session.add(run)
    log.append(session, at, "administrator", "run resumed", f"run:{run.id}")


def _stop_unless_open(run: Run) -> None:
    if run.state != RunState.open:
        raise CannotPause(f"run {run.id} is {run.state}; only an open run can be paused or resumed")
