"""Deliveries: the outbox as rows. Enqueued with what they are about, claimed, sent, remembered."""

import secrets
from collections.abc import Collection, Mapping
from datetime import datetime

from sqlmodel import Session, col, delete, func, select, update

from storage.addresses import WORST_FIRST, next_address
from storage.inserting import insert_missing
from storage.tables import Address, Delivery, Lane, Person
from storage.tables.sending import DeliveryKind, DeliveryPriority, DeliveryState

HAS_LEFT = (DeliveryState.sent, DeliveryState.uncertain)


def addresses_by_person(session: Session, channels: Collection[str]) -> dict[int, Address]:
    """For each active person the best address that reaches them on one of `channels` (see storage.addresses)."""
    rows = session.exec(
        select(Address)
        .join(Person, col(Person.id) == col(Address.person_id))
        .where(
            col(Address.channel).in_(list(channels)),
            col(Address.unreachable_because).is_(None),
            col(Person.active).is_(True),
        )
        .order_by(*WORST_FIRST)
    )
    return {address.person_id: address for address in rows}


def enqueue(
    session: Session,
    about: str,
    kind: DeliveryKind,
    when: Mapping[int, datetime],
    addresses: Mapping[int, Address],
    ordinal: int = 0,
    priority: DeliveryPriority = DeliveryPriority.other,
) -> None:
    """Queue one delivery for each person in `when` (person id -> not before) who has an address. Safe to repeat."""
    insert_missing(
        session,
        Delivery,
        [
            {
                "about": about,
                "person_id": person_id,
                "channel": addresses[person_id].channel,
                "address": addresses[person_id].value,
                "kind": kind,
                "ordinal": ordinal,
                "state": DeliveryState.queued,
                "not_before": not_before,
                "attempts": 0,
                "lane": addresses[person_id].lane,
                "priority": priority,
            }
            for person_id, not_before in when.items()
            if person_id in addresses
        ],
    )


def claim(session: Session, lane: str, at: datetime, most: int) -> list[Delivery]:
    """Up to `most` deliveries of the lane whose time has come, now `sending`: replies first, then what has waited
    longest. The rows are locked by the SELECT itself: on PostgreSQL an UPDATE over a subquery with SKIP LOCKED may run
    the subquery again and hang."""
    due = session.exec(
        select(Delivery)
        .where(Delivery.state == DeliveryState.queued, Delivery.lane == lane, col(Delivery.not_before) <= at)
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
        person = delivery.person_id
        kind = DeliveryKind(delivery.kind)
        priority = DeliveryPriority(delivery.priority)
        enqueue(session, delivery.about, kind, {person: at}, {person: address}, delivery.ordinal, priority)


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
        .where(Delivery.person_id == person_id, col(Delivery.state).in_(HAS_LEFT))
        .order_by(func.coalesce(Delivery.sent_at, Delivery.not_before).desc(), col(Delivery.id).desc())
        .limit(most)
    )
    return list({(one.about, one.kind, one.ordinal): one for one in reversed(rows.all())}.values())[::-1]


def next_due(session: Session, after: datetime) -> datetime | None:
    """When something may next leave, or be asked about: its time comes, or the pause of its lane ends."""
    waits = col(Delivery.state).in_((DeliveryState.queued, DeliveryState.uncertain))
    later = select(Delivery.not_before).where(waits, col(Delivery.not_before) > after)
    first = session.exec(later.order_by(col(Delivery.not_before)).limit(1)).first()
    moments = [] if first is None else [first]
    for lane in session.exec(select(Lane).where(col(Lane.paused_until) > after)):
        queued = select(Delivery.id).where(Delivery.state == DeliveryState.queued, Delivery.lane == lane.name)
        if lane.paused_until and session.exec(queued.where(col(Delivery.not_before) <= lane.paused_until)).first():
            moments.append(lane.paused_until)
    return min(moments, default=None)
