"""When a group may ask: one poll at a time, and two a month."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from flows.values import Unreadable
from storage.polls import polls_of
from storage.tables.asking import RunState

MOST_A_MONTH = 2
MONTH = timedelta(days=30)


@dataclass(frozen=True)
class Wait:
    """Why a group may not ask now, and from when it may, if nothing comes between."""

    problem: Unreadable
    until: datetime


def find_wait(session: Session, group_id: int, at: datetime) -> Wait | None:
    """What a group must wait for before it asks again; None where it may ask now."""
    runs = [run for _, run in polls_of(session, group_id) if run.state != RunState.cancelled]
    waits: list[Wait] = []
    if len(runs) >= MOST_A_MONTH:  # the newest come first
        enough = Unreadable("poll.problem.enough", count=MOST_A_MONTH)
        waits.append(Wait(enough, runs[MOST_A_MONTH - 1].opens_at + MONTH))
    one_open = [run.closes_at for run in runs if run.state == RunState.open]
    if one_open:
        problem = Unreadable("poll.problem.one_open")
        return Wait(problem, max(one_open + [one.until for one in waits]))
    return next((one for one in waits if one.until > at), None)
