"""Deliveries: the outbox as rows. Claimed, sent, remembered; storage.planning queues them."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlmodel import Session, col, delete, func, select, update

from storage.addresses import next_address
from storage.inserting import insert_missing
from storage.tables import Delivery
from storage.tables.sending import DeliveryKind, DeliveryState

MOST_ATTEMPTS = 12
HAS_LEFT = (DeliveryState.sent, DeliveryState.uncertain)
FIRST_WAIT = timedelta(minutes=1)  # doubled at each try: a platform may be down for more than a day before we give up


def claim(session: Session, at: datetime, most: int) -> list[Delivery]:
    """Up to `most` deliveries whose time has come, now `sending`. Two that drain at once never get the same one."""
    due = session.exec(
        select(Delivery)
        .where(Delivery.state == DeliveryState.queued, col(Delivery.not_before) <= at)
        .order_by(col(Delivery.not_before), col(Delivery.id))
        .limit(most)
        .with_for_update(skip_locked=True)
    ).all()
    for delivery in due:
        delivery.state = DeliveryState.sending
        delivery.attempts += 1
        session.add(delivery)
    return list(due)


def mark(
    session: Session, delivery_id: int, state: DeliveryState, *, at: datetime, external_id: str = "", trouble: str = ""
) -> None:
    """Remember how a delivery ended. A reminder that has ended is deleted: it would say who had not answered."""
    delivery = session.get(Delivery, delivery_id)
    if delivery is None:
        return
    if delivery.kind == DeliveryKind.reminder and state is not DeliveryState.queued:
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


def put_off(session: Session, delivery_id: int, not_before: datetime) -> None:
    """Let a claimed delivery wait for a better moment. That was no try."""
    delivery = session.get(Delivery, delivery_id)
    if delivery is not None:
        delivery.state = DeliveryState.queued
        delivery.attempts -= 1
        delivery.not_before = not_before
        session.add(delivery)


def pass_on(session: Session, delivery: Delivery, channels: Collection[str], at: datetime) -> None:
    """Queue the same message to the person's next best address on `channels`, where there is one, so that what one
    address did not take is not lost."""
    address = next_address(session, delivery.person_id, delivery.channel, delivery.address, channels)
    if address is not None:
        again = {name: getattr(delivery, name) for name in ("about", "person_id", "kind", "ordinal")}
        again |= {"channel": address.channel, "address": address.value}
        again |= {"state": DeliveryState.queued, "not_before": at, "attempts": 0}
        insert_missing(session, Delivery, [again])


def recover(session: Session, channels_safe_to_repeat: Collection[str]) -> None:
    """After a crash: what was in the hand may have arrived. It is queued again only where twice does no harm. Other
    reminders are deleted, as when they end: they would say who had not answered."""
    in_hand = col(Delivery.state) == DeliveryState.sending
    safe = col(Delivery.channel).in_(list(channels_safe_to_repeat))
    session.execute(update(Delivery).where(in_hand, safe).values(state=DeliveryState.queued))
    session.exec(delete(Delivery).where(in_hand, col(Delivery.kind) == DeliveryKind.reminder))
    handed_over = {"state": DeliveryState.uncertain, "sent_at": Delivery.not_before}
    session.execute(update(Delivery).where(in_hand).values(handed_over))


def cancel_about(session: Session, about: str, kinds: Collection[DeliveryKind]) -> None:
    """What is still queued about something that is over is not sent; reminders go altogether."""
    queued = (col(Delivery.about) == about) & (col(Delivery.state) == DeliveryState.queued)
    session.exec(delete(Delivery).where(queued, col(Delivery.kind) == DeliveryKind.reminder))
    session.execute(
        update(Delivery).where(queued, col(Delivery.kind).in_(list(kinds))).values(state=DeliveryState.cancelled)
    )


def sent_to(session: Session, person_id: int, most: int = 50) -> list[Delivery]:
    """What has left to one person, newest first: each message once, whichever channel carried it, since the own page
    shows them all. What may have arrived stands there too."""
    rows = session.exec(
        select(Delivery)
        .where(Delivery.person_id == person_id, col(Delivery.state).in_(HAS_LEFT))
        .order_by(func.coalesce(Delivery.sent_at, Delivery.not_before).desc(), col(Delivery.id).desc())
        .limit(most)
    )
    return list({(one.about, one.kind, one.ordinal): one for one in reversed(rows.all())}.values())[::-1]


def next_due(session: Session, after: datetime) -> datetime | None:
    """When the next queued delivery may leave."""
    return session.exec(
        select(Delivery.not_before)
        .where(Delivery.state == DeliveryState.queued, col(Delivery.not_before) > after)
        .order_by(col(Delivery.not_before))
        .limit(1)
    ).first()
