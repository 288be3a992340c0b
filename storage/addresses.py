"""Addresses: which of a person's addresses comes first, which reach nobody, and whom nothing calls on."""

from collections.abc import Collection
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, SQLColumnExpression, Table, and_, case, literal, tuple_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select, update

from storage.directory.natural import MAIL, SMS, WEB
from storage.loading import gathered, is_among
from storage.outbox.stopping import stopped_lanes
from storage.tables import Address, Lane, Person, Role, Unit
from storage.tables.organisation import RoleName


def _rank(address: type[Address]) -> tuple[SQLColumnExpression[Any], ...]:
    """The less, the better. The preferred one is best; of several a chat comes before mail, and the web is last: a page
    waits until somebody comes and looks."""
    order = ((MAIL, 1), (SMS, 2), (WEB, 3))
    by_channel = case(*((col(address.channel) == channel, place) for channel, place in order), else_=0)
    return case((col(address.preferred), 0), else_=1), by_channel, col(address.id)


BEST_FIRST = _rank(Address)


class NotReached(StrEnum):
    """Why nothing calls on a person: only the own page is left, and it waits to be looked at."""

    no_address = "no_address"
    refused = "refused"  # all there are have been found to reach nobody
    put_out = "put_out"  # there is one in a chat that lets us in no more, until it does again


class Unreached(NamedTuple):
    person_id: int
    unit_id: int
    why: NotReached


def is_best_address(channels: Collection[str]) -> ColumnElement[bool]:
    """Within a statement about addresses: this one reaches its person on `channels`, and no other does it better."""
    other = aliased(Address)
    is_better = tuple_(*_rank(other)) < tuple_(*_rank(Address))
    better = select(other.id).where(col(other.person_id) == Address.person_id, _reaches(other, channels), is_better)
    return _reaches(Address, channels) & ~better.correlate(Address).exists()


def lane_of(address: Table) -> ColumnElement[str]:
    """The same as `Address.lane`, as a question to the database."""
    return _lane(address.c.channel, address.c.workspace)


def _lane(channel: SQLColumnExpression[str], workspace: SQLColumnExpression[str]) -> ColumnElement[str]:
    return case((workspace == "", channel), else_=channel + literal(":") + workspace)


def people_reached(session: Session, channels: Collection[str]) -> set[int]:
    """The active people whom an address on one of `channels` reaches."""
    ids = gathered(session.connection(), col(Address.person_id))
    reached = select(ids).join(Person, col(Person.id) == col(Address.person_id))
    return set(session.exec(reached.where(_reaches(Address, channels), col(Person.active).is_(True))).one() or ())


def addresses_of(session: Session, person_ids: Collection[int]) -> set[tuple[int, str, str]]:
    """What these people are called now, as (person id, channel, value)."""
    query = select(Address.person_id, Address.channel, Address.value)
    return set(session.exec(query.where(is_among(session.connection(), col(Address.person_id), person_ids))))


def next_address(
    session: Session, person_id: int, channel: str, value: str, channels: Collection[str]
) -> Address | None:
    """The person's best address on `channels` that comes after this one, is not known to reach nobody, and whose lane
    has not stopped. Only ever further down, so that passing on ends."""
    own = session.exec(select(Address).where(Address.person_id == person_id).order_by(*BEST_FIRST)).all()
    tried = [place for place, one in enumerate(own) if (one.channel, one.value) == (channel, value)]
    worse = own[tried[0] + 1 :] if tried else own
    stopped = stopped_lanes(session)
    reaching = (one for one in worse if one.channel in channels and one.unreachable_because is None)
    return next((one for one in reaching if one.lane not in stopped), None)


def mark_unreachable(session: Session, channel: str, value: str, because: str) -> None:
    """The platform said that this address reaches nobody: it is not used again until an import mends it."""
    session.execute(
        update(Address)
        .where(col(Address.channel) == channel, col(Address.value) == value)
        .values(unreachable_because=because)
    )


def leaders_not_reached(session: Session, channels: Collection[str]) -> list[Unreached]:
    """The active leaders on whom no address on `channels` calls, by unit. Where only the web is on, that is the way
    everybody is reached, and nobody is listed."""
    calling = [one for one in channels if one != WEB]
    if not calling:
        return []
    leaders = session.exec(
        select(Role.person_id, Role.unit_id)
        .join(Person, col(Person.id) == col(Role.person_id))
        .join(Unit, col(Unit.id) == col(Role.unit_id))
        .where(col(Role.name) == RoleName.leader, col(Person.active).is_(True), col(Unit.active).is_(True))
        .order_by(col(Unit.path), col(Person.name))
    ).all()
    has_good: set[int] = set()
    why: dict[int, NotReached] = {}
    on_calling = select(Address.person_id, Address.unreachable_because, _reaches(Address, calling))
    for person_id, because, is_good in session.exec(on_calling.where(col(Address.channel).in_(calling))):
        if is_good:
            has_good.add(person_id)
        elif because is None:
            why[person_id] = NotReached.put_out
        else:
            why.setdefault(person_id, NotReached.refused)
    return [
        Unreached(person_id, unit_id, why.get(person_id, NotReached.no_address))
        for person_id, unit_id in leaders
        if person_id not in has_good
    ]


def _reaches(address: type[Address], channels: Collection[str]) -> ColumnElement[bool]:
    """Its lane runs, and it is not known to reach nobody."""
    on_channels, is_good = col(address.channel).in_(list(channels)), col(address.unreachable_because).is_(None)
    stopped = select(Lane.name).where(col(Lane.stopped_at).is_not(None))
    return and_(on_channels, is_good, _lane(col(address.channel), col(address.workspace)).not_in(stopped))
