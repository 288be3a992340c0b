"""Edits: what lies in somebody's chat is shown anew there, as things stand when the edit leaves."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import literal, select
from sqlmodel import Session, col, delete

from storage.inserting import insert_missing_from
from storage.natural import table_of
from storage.tables import Delivery
from storage.tables.sending import DeliveryKind, DeliveryPriority, DeliveryState

SHOWN_ANEW = (DeliveryKind.question.value, DeliveryKind.digest.value)


def queue_edits(
    session: Session,
    about: str,
    channels: Collection[str],
    at: datetime,
    person_id: int | None = None,
    priority: DeliveryPriority = DeliveryPriority.other,
) -> None:
    """Queue an edit of each question or digest about this that has arrived by one of `channels`: of everybody's, or of
    one person's. An earlier edit of the same makes room."""
    if not channels:
        return
    sent = table_of(Delivery).c
    whose = [] if person_id is None else [sent.person_id == person_id]
    session.execute(delete(Delivery).where(sent.about == about, sent.kind == DeliveryKind.edit.value, *whose))
    query = select(
        sent.about,
        sent.person_id,
        sent.channel,
        sent.address,
        literal(DeliveryKind.edit.value).label("kind"),
        sent.ordinal,
        literal(DeliveryState.queued.value).label("state"),
        literal(at, sent.not_before.type).label("not_before"),
        literal(0).label("attempts"),
        sent.external_id,
        sent.lane,
        literal(priority.value).label("priority"),
    ).where(
        sent.about == about,
        sent.kind.in_(SHOWN_ANEW),
        sent.state == DeliveryState.sent.value,
        col(Delivery.channel).in_(list(channels)),
        sent.external_id.is_not(None),
        *whose,
    )
    insert_missing_from(session, Delivery, query)
