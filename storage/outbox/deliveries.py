"""Deliveries: the outbox as rows. Claimed, sent, remembered; storage.outbox.planning queues them."""

import secrets
from collections.abc import Collection
from datetime import datetime

from sqlmodel import Session, col, delete, func, select, update

from storage.addresses import next_address
from storage.inserting import insert_missing
from storage.outbox.pausing import is_held_back
from storage.tables import Delivery, Lane
from storage.tables.sending import DeliveryKind, DeliveryState

HAS_LEFT = (DeliveryState.sent, DeliveryState.uncertain)


def claim(session: Session, lane: str, at: datetime, most: int) -> list[Delivery]:
    """Up to `most` deliveries of the lane whose time has come, now `sending`: replies first, then what has waited
    longest; those of paused runs are passed over. The rows are locked by the SELECT itself: on PostgreSQL an UPDATE
    over a subquery with SKIP LOCKED may run the subquery again and hang."""
    due = session.exec(
        select(Delivery)
        .where(Delivery.state == DeliveryState.queued, Delivery.lane == lane, col(Delivery.not_before) <= at)
        .where(~is_held_back())
        .order_by(col(Delivery.priority), col(Delivery.not_before), col(Delivery.id))
        .limit(most)
        .with_for_update(skip_locked=True)
    ).all()
    for delivery in due:
        delivery.state = DeliveryState.sending
        delivery.attempts += 1
        delivery.reference = delivery.reference or secrets.token_hex(16)
        session.add(delivery)
    return list(due)


def pass_on(session: Session, delivery: Delivery, channels: Collection[str], at: datetime) -> None:
    """Queue the same message to the person's next best address on `channels`, where there is one, so that what one
    address did not take is not lost."""
    address = next_address(session, delivery.person_id, delivery.channel, delivery.address, channels)
    if address is not None:
        again = {name: getattr(delivery, name) for name in ("about", "person_id", "kind", "ordinal", "priority")}
        again |= {"channel": address.channel, "address": address.value, "lane": address.lane}
        again |= {"state": DeliveryState.queued, "not_before": at, "attempts": 0}
        insert_missing(session, Delivery, [again])


def cancel_about(session: Session, about: str, kinds: Collection[DeliveryKind]) -> None:
    """What is still queued about something that is over is not sent; reminders go altogether, also those of which the
    platform has not said yet whether they arrived."""
    queued = (col(Delivery.about) == about) & (col(Delivery.state) == DeliveryState.queued)
    unknown = (col(Delivery.about) == about) & (col(Delivery.state) == DeliveryState.uncertain)
    session.exec(delete(Delivery).where(queued | unknown, col(Delivery.kind) == DeliveryKind.reminder))
    session.execute(
        update(Delivery).where(queued, col(Delivery.kind).in_(list(kinds))).values(state=DeliveryState.cancelled)
    )


def sent_to(session: Session, person_id: int, most: int = 50) -> list[Delivery]:
    """What has left to one person, newest first: each message once, whichever channel carried it, since the own page
    shows them all. What may have arrived stands there too."""
    rows = session.exec(
        select(Delivery)
        .where(
            Delivery.person_id == person_id,
            col(Delivery.state).in_(HAS_LEFT),
            col(Delivery.kind) != DeliveryKind.edit,
        )
        .order_by(func.coalesce(Delivery.sent_at, Delivery.not_before).desc(), col(Delivery.id).desc())
        .limit(most)
    )
    return list({(one.about, one.kind, one.ordinal): one for one in reversed(rows.all())}.values())[::-1]


def next_due(session: Session, after: datetime) -> datetime | None:
    """When something may next leave, or be asked about: its time comes, or the pause of its lane ends. What a paused
    run holds back has no such time."""
    is_queued = col(Delivery.state) == DeliveryState.queued
    waits = (col(Delivery.state) == DeliveryState.uncertain) | (is_queued & ~is_held_back())
    later = select(Delivery.not_before).where(waits, col(Delivery.not_before) > after)
    first = session.exec(later.order_by(col(Delivery.not_before)).limit(1)).first()
    moments = [] if first is None else [first]
    for lane in session.exec(select(Lane).where(col(Lane.paused_until) > after)):
        queued = select(Delivery.id).where(is_queued, Delivery.lane == lane.name, ~is_held_back())
        if lane.paused_until and session.exec(queued.where(col(Delivery.not_before) <= lane.paused_until)).first():
            moments.append(lane.paused_until)
    return min(moments, default=None)
