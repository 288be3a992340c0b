"""How far the sending of a run has come: its questions by state, each person counted once.

Reminders are left out altogether: only who has not answered gets one, so their number would tell how many have.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, case, select
from sqlmodel import Session, col, func

from storage.outbox.lanes import channel_of
from storage.tables import Delivery, Lane, LeftAlonePerson
from storage.tables.sending import DeliveryKind, DeliveryState


class Stage(StrEnum):
    """Where the question to a person stands. What waits in the outbox is told apart by whether its time has come."""

    later = "later"
    due = "due"
    on_the_way = "on_the_way"
    sent = "sent"
    uncertain = "uncertain"
    failed = "failed"  # at the last of the person's addresses; what one of them did not take goes to the next
    never_asked = "never_asked"  # no longer wanted before it left: the run was over, or the person not to be asked


STAGES = {
    DeliveryState.sending: Stage.on_the_way,
    DeliveryState.sent: Stage.sent,
    DeliveryState.uncertain: Stage.uncertain,
    DeliveryState.failed: Stage.failed,
    DeliveryState.cancelled: Stage.never_asked,
}


@dataclass(frozen=True)
class Progress:
    """People, by where the question to each stands. `by_channel` are those reached; `not_reached`, `unsure` and
    `again` (refused, and tried once more) are told by what was said then; `left_alone` by the reason. A lane in
    `held_up` takes nothing until then; `next_at` is when the first of those that wait may leave."""

    stages: Mapping[Stage, int]
    by_channel: Mapping[str, int]
    not_reached: Mapping[str, int]
    unsure: Mapping[str, int]
    again: Mapping[str, int]
    left_alone: Mapping[str, int]
    held_up: Mapping[str, datetime]
    next_at: datetime | None
    first_sent_at: datetime | None
    last_sent_at: datetime | None

    def count(self, *stages: Stage) -> int:
        return sum(self.stages.get(one, 0) for one in stages or Stage)


def find_progress(session: Session, run_id: int, at: datetime) -> Progress:
    """How the run with this id stands at `at`."""
    stages, reached, not_reached, unsure, again = Counter[Stage](), *(Counter[str]() for _ in range(4))
    lanes, waits, first, last = set[str](), set[datetime](), set[datetime](), set[datetime]()
    for lane, state, is_due, trouble, count, next_at, first_at, last_at in _find_rows(session, run_id, at):
        stage = STAGES.get(state) or (Stage.due if is_due else Stage.later)
        stages[stage] += count
        said = trouble or "no reason is known"
        if stage is Stage.sent:
            reached[channel_of(lane)] += count
            first.add(first_at)
            last.add(last_at)
        elif stage is Stage.failed:
            not_reached[said] += count
        elif stage is Stage.uncertain:
            unsure[said] += count
        elif state == DeliveryState.queued:
            again[said] += count if trouble else 0
            lanes.add(lane)
            if stage is Stage.later:
                waits.add(next_at)
    return Progress(
        stages,
        _sort(reached),
        _sort(not_reached),
        _sort(unsure),
        _sort(again),
        _count_left_alone(session, run_id),
        _find_held_up(session, lanes, at),
        min(waits, default=None),
        min(first, default=None),
        max(last, default=None),
    )


def _find_rows(session: Session, run_id: int, at: datetime) -> list[Row[*tuple[Any, ...]]]:
    """The newest question to each person, grouped: what one address did not take has gone to the next since."""
    newest = (
        select(func.max(col(Delivery.id)))
        .where(col(Delivery.about) == f"run:{run_id}", col(Delivery.kind) == DeliveryKind.question)
        .group_by(col(Delivery.person_id))
    )
    lane = case((col(Delivery.lane) == "", Delivery.channel), else_=Delivery.lane)
    by = lane, col(Delivery.state), case((col(Delivery.not_before) <= at, 1), else_=0), col(Delivery.trouble)
    figures = (
        func.count(),
        func.min(col(Delivery.not_before)),
        func.min(col(Delivery.sent_at)),
        func.max(col(Delivery.sent_at)),
    )
    query = select(*by, *figures).where(col(Delivery.id).in_(newest)).group_by(*by)
    return list(session.execute(query))


def _count_left_alone(session: Session, run_id: int) -> dict[str, int]:
    reason = col(LeftAlonePerson.reason)
    rows = session.execute(select(reason, func.count()).where(col(LeftAlonePerson.run_id) == run_id).group_by(reason))
    return _sort(Counter(dict(rows.all())))


def _find_held_up(session: Session, lanes: set[str], at: datetime) -> dict[str, datetime]:
    found = select(Lane).where(col(Lane.name).in_(lanes), col(Lane.paused_until) > at).order_by(col(Lane.name))
    return {one.name: one.paused_until for one in session.execute(found).scalars() if one.paused_until is not None}


def _sort(counted: Counter[str]) -> dict[str, int]:
    """Most first; those that are as many by their words, so that two looks tell the same."""
    return dict(sorted(((one, n) for one, n in counted.items() if n), key=lambda pair: (-pair[1], pair[0])))
