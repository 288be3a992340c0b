"""Edits: what lies in somebody's chat is shown anew there, as things stand when the edit leaves."""

from collections.abc import Collection
from datetime import datetime
from functools import cache

from sqlalchemy import Delete, Insert, bindparam, delete, literal, select
from sqlmodel import Session

from storage.directory.natural import table_of
from storage.inserting import missing_into
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
    session.flush()
    connection = session.connection()
    told = {"of": about, "by_channels": list(channels), "at": at, "as_priority": priority.value, "to": person_id}
    for statement in _statements(connection.dialect.name, is_of_one=person_id is not None):
        connection.execute(statement, told)


@cache
def _statements(dialect: str, *, is_of_one: bool) -> tuple[Delete, Insert]:
    """Put together once: they go with each answer that is given by name."""
    table = table_of(Delivery)
    sent = table.c
    whose = [sent.about == bindparam("of")] + ([sent.person_id == bindparam("to")] if is_of_one else [])
    query = select(
        sent.about,
        sent.person_id,
        sent.channel,
        sent.address,
        literal(DeliveryKind.edit.value).label("kind"),
        sent.ordinal,
        literal(DeliveryState.queued.value).label("state"),
        bindparam("at", type_=sent.not_before.type).label("not_before"),
        literal(0).label("attempts"),
        sent.external_id,
        sent.lane,
        bindparam("as_priority", type_=sent.priority.type).label("priority"),
    ).where(
        sent.kind.in_(SHOWN_ANEW),
        sent.state == DeliveryState.sent.value,
        sent.channel.in_(bindparam("by_channels", expanding=True)),
        sent.external_id.is_not(None),
        *whose,
    )
    names = query.selected_columns.keys()
    earlier = delete(table).where(sent.kind == DeliveryKind.edit.value, *whose)
    return earlier, missing_into(table, dialect).from_select(names, query, include_defaults=False)
