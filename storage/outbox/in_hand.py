"""In the hand: what becomes of a delivery that was claimed, and of what a former holder of its lane left behind."""

from datetime import datetime, timedelta

from sqlmodel import Session, col, delete, select, update

from storage.outbox.deliveries import HAS_LEFT
from storage.tables import Delivery
from storage.tables.sending import DeliveryKind, DeliveryState

MOST_ATTEMPTS = 12
FIRST_WAIT = timedelta(minutes=1)  # doubled at each try: a platform may be down for more than a day before we give up


def is_as_claimed(session: Session, claimed: Delivery) -> bool:
    """Is it still in the hand of who claimed it? Not where the lane was taken over meanwhile, and somebody else has
    decided what becomes of it."""
    row = session.get(Delivery, claimed.id)
    return row is not None and (row.state, row.attempts, row.reference) == (
        claimed.state,
        claimed.attempts,
        claimed.reference,
    )


def mark(
    session: Session,
    delivery_id: int,
    state: DeliveryState,
    *,
    at: datetime,
    external_id: str = "",
    trouble: str = "",
    ask_at: datetime | None = None,
) -> None:
    """Remember how a delivery ended. A reminder that has ended is deleted: it would say who had not answered. With
    `ask_at` it has not ended: it is uncertain until the platform is asked, from then on."""
    delivery = session.get(Delivery, delivery_id)
    if delivery is None:
        return
    if ask_at is not None:
        delivery.not_before = ask_at
    elif delivery.kind == DeliveryKind.reminder:
        session.delete(delivery)
        return
    delivery.state = state
    delivery.sent_at = at if state in HAS_LEFT else None
    delivery.external_id = external_id or None
    delivery.trouble = trouble or None
    session.add(delivery)


def put_back(session: Session, delivery_id: int, at: datetime, retry_after: timedelta, trouble: str) -> bool:
    """Try again after `retry_after`, or later the more often it was tried. False after MOST_ATTEMPTS tries: then
    nothing is changed."""
    delivery = session.get(Delivery, delivery_id)
    if delivery is None:
        return True
    if delivery.attempts >= MOST_ATTEMPTS:
        return False
    delivery.state = DeliveryState.queued
    delivery.not_before = at + max(retry_after, FIRST_WAIT * 2 ** (delivery.attempts - 1))
    delivery.trouble = trouble
    session.add(delivery)
    return True


def put_off(session: Session, delivery_id: int, not_before: datetime | None = None) -> None:
    """Let a claimed delivery wait for a better moment, or only for its next turn. That was no try."""
    delivery = session.get(Delivery, delivery_id)
    if delivery is not None:
        delivery.state = DeliveryState.queued
        delivery.attempts -= 1
        delivery.not_before = not_before or delivery.not_before
        session.add(delivery)


def queue_again(session: Session, delivery_id: int, not_before: datetime) -> None:
    """It is known not to have arrived."""
    delivery = session.get(Delivery, delivery_id)
    if delivery is not None:
        delivery.state = DeliveryState.queued
        delivery.sent_at = None
        delivery.not_before = not_before
        session.add(delivery)


def settle_left(session: Session, lane: str, at: datetime, *, is_safe_to_repeat: bool, can_ask: bool) -> None:
    """What the former holder of a lane left in its hand may have arrived. Where twice does no harm it is queued again,
    and so is an edit; otherwise it is uncertain, and where the platform can be asked, that comes next. Where it cannot,
    a reminder is deleted, as when it ends: it would say who had not answered."""
    left = (col(Delivery.state) == DeliveryState.sending) & (col(Delivery.lane) == lane)
    if is_safe_to_repeat:
        session.execute(update(Delivery).where(left).values(state=DeliveryState.queued))
        return
    session.execute(
        update(Delivery).where(left, col(Delivery.kind) == DeliveryKind.edit).values(state=DeliveryState.queued)
    )
    if not can_ask:
        session.exec(delete(Delivery).where(left, col(Delivery.kind) == DeliveryKind.reminder))
    handed_over = {"state": DeliveryState.uncertain, "sent_at": Delivery.not_before}
    session.execute(update(Delivery).where(left).values({**handed_over, "not_before": at} if can_ask else handed_over))


def to_ask_about(session: Session, lane: str, at: datetime, most: int) -> list[Delivery]:
    """What may have arrived, and about which the platform can be asked now. Rows are not locked: only who holds the
    lane changes them."""
    return list(
        session.exec(
            select(Delivery)
            .where(
                Delivery.state == DeliveryState.uncertain,
                Delivery.lane == lane,
                col(Delivery.not_before) <= at,
                col(Delivery.reference).is_not(None),
                col(Delivery.attempts) < MOST_ATTEMPTS,
            )
            .order_by(col(Delivery.priority), col(Delivery.not_before), col(Delivery.id))
            .limit(most)
        )
    )


def ask_about(session: Session, lane: str, at: datetime, most: int, again_after: timedelta) -> list[Delivery]:
    """Up to `most` of them, to be asked about by the caller. Where nothing comes of it, they are asked about again
    after `again_after`, and later the more often that was tried."""
    due = to_ask_about(session, lane, at, most)
    for delivery in due:
        delivery.not_before = at + again_after * 2**delivery.attempts
        delivery.attempts += 1
        session.add(delivery)
    return due
