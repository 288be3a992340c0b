"""Questions about people: where they belong, who answers for a unit, when they are at work."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Integer, Select, String, bindparam, literal, or_, select
from sqlmodel import Session, col
from sqlmodel import select as select_model

from flows.calendars import Calendar
from flows.holidays import find_holidays
from flows.hours import WorkingHours
from storage.directory.natural import table_of
from storage.loading import gathered, is_among
from storage.rosters import find_shifts
from storage.tables.organisation import (
    Absence,
    Membership,
    MembershipKind,
    Person,
    Role,
    RoleName,
    Unit,
    UnitBelow,
)


class Home(NamedTuple):
    """The one membership in which a person counts."""

    person_id: int
    unit_id: int
    employer: str


def home_memberships(session: Session, on: date) -> list[Home]:
    """The home on the local date `on` of every active person who has one then, in the order of person ids."""
    person, unit, membership = table_of(Person), table_of(Unit), table_of(Membership)
    kept = membership.c
    connection = session.connection()
    query = (
        select(kept.unit_id, kept.employer, gathered(connection, kept.person_id))
        .select_from(membership.join(person).join(unit))
        .where(
            person.c.active,
            unit.c.active,
            kept.kind == MembershipKind.home.value,
            or_(kept.starts_on.is_(None), kept.starts_on <= on),
            or_(kept.ends_on.is_(None), kept.ends_on >= on),
        )
        .group_by(kept.unit_id, kept.employer)
    )
    rows = connection.execute(query)
    return sorted(Home(person_id, unit_id, employer) for unit_id, employer, people in rows for person_id in people)


def leader_of(session: Session, unit_id: int) -> Person | None:
    """The active leader of the unit, or of the nearest unit above with one; of several the first by name."""
    return next(iter(_find_answering(session, unit_id, RoleName.leader)), None)


def leader_name_of(unit: ColumnElement[int]) -> ColumnElement[str | None]:
    """The name of `leader_of`, as a part of a statement about rows that name a unit."""
    return _answering(col(Person.name), unit, literal(RoleName.leader.value)).limit(1).scalar_subquery()


def representatives_of(session: Session, unit_id: int, employer: str | None = None) -> list[Person]:
    """The active union representatives of the unit and the units above it, nearest first, then by name.

    With `employer`, only those whose own home is with that employer: two employers have two sets.
    """
    people = _find_answering(session, unit_id, RoleName.representative)
    if employer is None or not people:
        return people
    membership = table_of(Membership).c
    query = select(membership.person_id).where(
        membership.kind == MembershipKind.home.value,
        membership.employer == employer,
        membership.person_id.in_([person.id for person in people]),
    )
    with_employer = set(session.connection().scalars(query))
    return [person for person in people if person.id in with_employer]


def people_answering(session: Session, unit_id: int, name: RoleName) -> list[Person]:
    """The active people with this role in the unit or above it, nearest first, then by name."""
    return _find_answering(session, unit_id, name)


def has_role(session: Session, person_id: int, unit_id: int, name: RoleName) -> bool:
    """Whether the person answers for this very unit in that way."""
    query = select_model(Role.id).where(Role.person_id == person_id, Role.unit_id == unit_id, Role.name == name.value)
    return session.exec(query).first() is not None


def people_with_role(session: Session, name: RoleName) -> set[int]:
    """The active people who have the role anywhere."""
    having = select_model(Role.person_id).join(Person, col(Person.id) == col(Role.person_id))
    return set(session.exec(having.where(Role.name == name.value, col(Person.active).is_(True))))


def calendars(session: Session, person_ids: Collection[int], on: date) -> dict[int, Calendar]:
    """When each of these people is at work: person id -> calendar (see `people_by_calendar`)."""
    alike = people_by_calendar(session, person_ids, on)
    return {person_id: calendar for calendar, people in alike.items() for person_id in people}


def people_by_calendar(session: Session, person_ids: Collection[int], on: date) -> dict[Calendar, list[int]]:
    """These people by when they are at work, with the leave and the rosters that are not over on `on`, and the public
    holidays of that year and the next. Thousands share a few calendars, so what follows from one is found once.

    A person without own hours has the ordinary ones.
    """
    connection = session.connection()
    person, absence = table_of(Person).c, table_of(Absence).c
    away: dict[int, list[tuple[date, date]]] = {}
    spans = select(absence.person_id, absence.starts_on, absence.ends_on).where(
        is_among(connection, absence.person_id, person_ids), absence.ends_on >= on
    )
    for person_id, first, last in connection.execute(spans.order_by(absence.starts_on, absence.ends_on)):
        away.setdefault(person_id, []).append((first, last))
    rostered, shifts = find_shifts(connection, person_ids, on)
    days_off = find_holidays(on.year, on.year + 1)
    have_days_of_their_own = away.keys() | rostered.keys() | shifts.keys()
    shared = (person.zone, person.hours, person.paused_until, person.declined, person.suits)
    rows = connection.execute(
        select(*shared, gathered(connection, person.id))
        .where(is_among(connection, person.id, person_ids))
        .group_by(*shared)
    )
    found: dict[Calendar, list[int]] = {}
    for zone, hours, paused_until, declined, suits, people in rows:
        calendar = Calendar(
            zone=zone,
            hours=WorkingHours() if hours is None else _read_hours(hours),
            paused_until=paused_until,
            declined=declined,
            days_off=days_off,
            suits=None if suits is None else _read_hours(suits),
        )
        if alike := [one for one in people if one not in have_days_of_their_own]:
            found.setdefault(calendar, []).extend(alike)
        for one in have_days_of_their_own.intersection(people):
            own = replace(
                calendar,
                away=tuple(away.get(one, ())),
                rostered=tuple(rostered.get(one, ())),
                shifts=tuple(shifts.get(one, ())),
            )
            found.setdefault(own, []).append(one)
    return found


def _find_answering(session: Session, unit_id: int, role: RoleName) -> list[Person]:
    """The active people with this role in the unit or above it, nearest first, each once."""
    found = session.scalars(ANSWERING, {"unit": unit_id, "role": role.value})
    return list({person.id: person for person in found}.values())


def _answering(what: Any, unit: ColumnElement[int], role: ColumnElement[str]) -> Select[Any]:
    return (
        select(what)
        .join(Role, col(Role.person_id) == col(Person.id))
        .join(UnitBelow, col(UnitBelow.above_id) == col(Role.unit_id))
        .where(col(UnitBelow.below_id) == unit, col(Role.name) == role, col(Person.active))
        .order_by(col(UnitBelow.depth), col(Person.name), col(Person.id))
    )


# Building a statement anew takes several times as long as running it.
ANSWERING = _answering(Person, bindparam("unit", type_=Integer), bindparam("role", type_=String))


@lru_cache(maxsize=4096)
def _read_hours(text: str) -> WorkingHours:
    # Thousands of people share a few hours, and reading them costs more than the row they stand in.
    return WorkingHours.parse(text)


def home_of(session: Session, person_id: int, on: date) -> Home | None:
    """The membership in which one person counts on the local date `on`; None where there is none."""
    query = (
        select_model(Membership)
        .where(Membership.person_id == person_id, Membership.kind == MembershipKind.home.value)
        .order_by(col(Membership.id))
    )
    for one in session.exec(query):
        if (one.starts_on is None or one.starts_on <= on) and (one.ends_on is None or on <= one.ends_on):
            return Home(person_id, one.unit_id, one.employer)
    return None


def change_choices(session: Session, person_id: int, **choices: Any) -> None:
    """Change what the person decides alone: `paused_until`, `declined`, `suits`, `language` with
    `language_chosen`."""
    person = session.get(Person, person_id)
    if person is not None:
        for name, value in choices.items():
            setattr(person, name, value)
        session.add(person)
        session.flush()


def leader_of_person(session: Session, person_id: int, on: date) -> Person | None:
    """The leader of the unit where the person has their home on that day."""
    home = home_of(session, person_id, on)
    return leader_of(session, home.unit_id) if home else None


def people_by_id(session: Session, person_ids: Collection[int]) -> dict[int, Person]:
    """These people by id, in one question for many."""
    is_one = is_among(session.connection(), col(Person.id), person_ids)
    people = session.exec(select_model(Person).where(is_one))
    return {person.id: person for person in people if person.id is not None}
