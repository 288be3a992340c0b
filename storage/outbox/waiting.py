"""How much of the outbox waits, by lane and state: one question, whatever the number of deliveries."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import case, select
from sqlmodel import Session, col, func

from storage.outbox.pausing import is_held_back
from storage.tables import Delivery
from storage.tables.sending import DeliveryKind, DeliveryState

NOT_SENT = [state for state in DeliveryState if state is not DeliveryState.sent]


class Waiting(NamedTuple):
    """Deliveries of one lane in one state: all, those whose time has come, and since when the first of these waits.
    What a paused run holds back is in the first alone: it is not late."""

    lane: str
    state: DeliveryState
    number: int
    due: int
    oldest_due: datetime | None


def find_waiting(session: Session, kinds: Collection[DeliveryKind], at: datetime) -> list[Waiting]:
    """Of `kinds`, all that has not been sent. What was sent is left out: it is most of the table, and never waits."""
    delivery = col(Delivery.lane), col(Delivery.state)
    is_due = (col(Delivery.not_before) <= at) & ~is_held_back()
    rows = session.execute(
        select(
            *delivery,
            func.count(),
            func.sum(case((is_due, 1), else_=0)),
            func.min(case((is_due, col(Delivery.not_before)))),
        )
        .where(col(Delivery.state).in_(NOT_SENT), col(Delivery.kind).in_(list(kinds)))
        .group_by(*delivery)
        .order_by(*delivery)
    )
    return [Waiting(lane, DeliveryState(state), count, due, oldest) for lane, state, count, due, oldest in rows]
