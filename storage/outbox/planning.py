"""Planning: what is written for everybody at once, who is asked, who is left alone, what leaves and when."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Column, Integer, String, literal, select
from sqlmodel import Session

from storage.addresses import is_best_address, lane_of
from storage.columns import moment
from storage.directory.natural import table_of
from storage.inserting import count_anew, insert_missing_from
from storage.loading import loaded
from storage.tables import Address, Delivery, LeftAlonePerson, Participation, Person
from storage.tables.sending import DeliveryKind, DeliveryPriority, DeliveryState

T = TypeVar("T")

MANY = 5_000  # rows; with so many new ones PostgreSQL's picture of a table is out of date


class Place(NamedTuple):
    """What is frozen about a person in a run: the home, the group they count in, and who reads their named answer."""

    unit_id: int
    bucket: int | None
    reader_id: int | None


def plan_run(
    session: Session,
    run_id: int,
    when: Mapping[int, datetime],
    places: Mapping[int, Place],
    left_alone: Mapping[int, str],
    channels: Collection[str],
) -> None:
    """Freeze the audience of a run, and queue its questions. `when`: person id -> not before, `places` of the same
    people; `left_alone`: the others of the audience, each with the reason."""
    run = literal(run_id).label("run_id")
    columns = [Column(name, Integer) for name in Place._fields]
    groups = [(place._asdict(), people) for place, people in _group(places).items()]
    with loaded(session, columns, groups) as asked:
        insert_missing_from(session, Participation, select(run, *asked.c, literal(False).label("answered")))
    reasons = [({"reason": reason}, people) for reason, people in _group(left_alone).items()]
    with loaded(session, [Column("reason", String)], reasons) as alone:
        insert_missing_from(session, LeftAlonePerson, select(run, *alone.c))
    enqueue(session, f"run:{run_id}", DeliveryKind.question, when, channels)
    if len(when) + len(left_alone) >= MANY:
        count_anew(session, Participation, LeftAlonePerson, Delivery)


def enqueue(
    session: Session,
    about: str,
    kind: DeliveryKind,
    when: Mapping[int, datetime],
    channels: Collection[str],
    ordinal: int = 0,
    priority: DeliveryPriority = DeliveryPriority.other,
) -> None:
    """Queue one delivery for each person in `when` (person id -> not before), to the best address that reaches them on
    one of `channels`; who has none gets none. Safe to repeat."""
    slots = [({"about": about, "not_before": at}, people) for at, people in _group(when).items()]
    enqueue_each(session, kind, slots, channels, ordinal, priority)


def enqueue_each(
    session: Session,
    kind: DeliveryKind,
    groups: Iterable[tuple[Mapping[str, Any], Collection[int]]],
    channels: Collection[str],
    ordinal: int = 0,
    priority: DeliveryPriority = DeliveryPriority.other,
) -> None:
    """The same for groups of people, each with what its deliveries share: `about` and `not_before`."""
    address, person = table_of(Address), table_of(Person)
    columns = [Column("about", String), Column("not_before", moment().type)]
    with loaded(session, columns, groups) as due:
        query = (
            select(
                due.c.about,
                due.c.person_id,
                address.c.channel,
                address.c.value.label("address"),
                literal(kind.value).label("kind"),
                literal(ordinal).label("ordinal"),
                literal(DeliveryState.queued.value).label("state"),
                due.c.not_before,
                literal(0).label("attempts"),
                lane_of(address).label("lane"),
                literal(priority.value).label("priority"),
            )
            .join_from(due, person, (person.c.id == due.c.person_id) & person.c.active)
            .join(address, (address.c.person_id == due.c.person_id) & is_best_address(channels))
            .order_by(due.c.person_id)
        )
        insert_missing_from(session, Delivery, query)


def _group(shared: Mapping[int, T]) -> dict[T, list[int]]:
    """person id -> what many share, the other way round."""
    people: dict[T, list[int]] = {}
    for person_id, value in shared.items():
        people.setdefault(value, []).append(person_id)
    return people
