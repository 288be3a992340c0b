"""The difference between what a directory tells and what is kept, found without changing anything."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from sqlmodel import Session

from storage.directory import natural
from storage.directory.natural import (
    AbsenceKey,
    AddressKey,
    AddressRow,
    ChatProfile,
    MembershipKey,
    PersonRow,
    RoleKey,
    Span,
    UnitRow,
)
from storage.directory.records import (
    DEFAULT_LANGUAGE,
    DEFAULT_ZONE,
    MembershipRecord,
    Organisation,
    PersonRecord,
    parent_of,
)
from storage.tables.organisation import MembershipKind

K = TypeVar("K")
V = TypeVar("V")

MOST_GONE_UNASKED = 0.1


@dataclass(frozen=True)
class Change(Generic[V]):
    """A row that stays and gets new values."""

    id: int
    old: V
    new: V


@dataclass(frozen=True)
class Rows(Generic[K, V]):
    """What must happen to the rows of one table, by their natural key. `removed` gives ids."""

    added: dict[K, V]
    changed: dict[K, Change[V]]
    removed: dict[K, int]

    @property
    def is_empty(self) -> bool:
        return not (self.added or self.changed or self.removed)


@dataclass(frozen=True)
class Difference:
    """All that an import would change.

    Units and people are never removed: they become inactive, and the same row is active again if they return.
    `names` has the name for every number.
    """

    units: Rows[str, UnitRow]
    people: Rows[str, PersonRow]
    memberships: Rows[MembershipKey, Span]
    roles: Rows[RoleKey, None]
    absences: Rows[AbsenceKey, None]
    addresses: Rows[AddressKey, AddressRow]
    names: dict[str, str]
    active_people_before: int

    @property
    def is_empty(self) -> bool:
        parts = (self.units, self.people, self.memberships, self.roles, self.absences, self.addresses)
        return all(part.is_empty for part in parts)

    @property
    def gone(self) -> dict[str, Change[PersonRow]]:
        """The people who become inactive, by number."""
        return {n: c for n, c in self.people.changed.items() if c.old.active and not c.new.active}

    @property
    def back(self) -> dict[str, Change[PersonRow]]:
        """The people who were inactive and return, by number."""
        return {n: c for n, c in self.people.changed.items() if c.new.active and not c.old.active}

    @property
    def takes_many_away(self) -> bool:
        """More than a tenth of the active people would become inactive: it may be half a file."""
        return len(self.gone) > MOST_GONE_UNASKED * self.active_people_before


def find_difference(session: Session, records: Organisation, on: date) -> Difference:
    """What must change for the store to say what `records` says on the local date `on`.

    A person is there while a home lasts or is still to come; a role counts on the days it covers. What people
    chose is left out: a chosen language stays, and a pause or "don't ask me" is not even looked at. Where the directory
    tells no language or time zone, a chat's word holds.
    """
    connection = session.connection()
    there = {each.number for each in records.memberships if _is_home_to_have(each, on)}
    people = [person for person in records.people if person.number in there]
    stored = natural.load_people(connection)
    keep_language = natural.load_numbers_with_chosen_language(connection)
    return Difference(
        units=_compare_units(natural.load_units(connection), records),
        people=_compare_people(stored, people, keep_language, natural.load_chat_profiles(connection)),
        memberships=_compare(
            natural.load_memberships(connection),
            {
                MembershipKey(each.number, each.path, each.kind.value, each.employer): Span(
                    each.starts_on, each.ends_on
                )
                for each in records.memberships
                if each.number in there
            },
        ),
        roles=_compare(
            natural.load_roles(connection),
            {
                RoleKey(role.number, role.path, role.name.value): None
                for role in records.roles
                if role.number in there and role.covers(on)
            },
        ),
        absences=_compare(
            natural.load_absences(connection),
            {AbsenceKey(person.number, *span): None for person in people for span in person.leave},
        ),
        addresses=_compare_addresses(natural.load_addresses(connection), people, there),
        names={number: row.name for number, (_, row) in stored.items()}
        | {person.number: person.name for person in people},
        active_people_before=sum(row.active for _, row in stored.values()),
    )


def _is_home_to_have(membership: MembershipRecord, on: date) -> bool:
    is_over = membership.ends_on is not None and membership.ends_on < on
    return membership.kind is MembershipKind.home and not is_over


def _compare(stored: dict[K, tuple[int, V]], wanted: dict[K, V]) -> Rows[K, V]:
    return Rows(
        added={key: row for key, row in wanted.items() if key not in stored},
        changed={
            key: Change(id_, old, wanted[key])
            for key, (id_, old) in stored.items()
            if key in wanted and wanted[key] != old
        },
        removed={key: id_ for key, (id_, _) in stored.items() if key not in wanted},
    )


def _compare_units(stored: dict[str, tuple[int, UnitRow]], records: Organisation) -> Rows[str, UnitRow]:
    wanted = {path: row._replace(active=False) for path, (_, row) in stored.items()}
    wanted |= {unit.path: UnitRow(parent_of(unit.path), unit.is_group, active=True) for unit in records.units}
    return _compare(stored, wanted)


def _compare_people(
    stored: dict[str, tuple[int, PersonRow]],
    people: list[PersonRecord],
    keep_language: set[str],
    profiles: dict[str, ChatProfile],
) -> Rows[str, PersonRow]:
    wanted = {number: row._replace(active=False) for number, (_, row) in stored.items()}
    for person in people:
        told = profiles.get(person.number, ChatProfile())
        chosen = stored[person.number][1].language if person.number in keep_language else None
        wanted[person.number] = PersonRow(
            person.name,
            person.mail,
            person.mobile,
            person.preferred,
            chosen or person.language or told.language or DEFAULT_LANGUAGE,
            person.zone or told.zone or DEFAULT_ZONE,
            person.hours,
            active=True,
        )
    return _compare(stored, wanted)


def _compare_addresses(
    stored: dict[AddressKey, tuple[int, AddressRow]], people: list[PersonRecord], there: set[str]
) -> Rows[AddressKey, AddressRow]:
    # Whoever is gone keeps the address until somebody else needs it, so the way back is the same.
    wanted = {key: row for key, (_, row) in stored.items() if row.number not in there}
    wanted |= {
        key: AddressRow(person.number, preferred=key.channel == _find_preferred(person))
        for person in people
        for key in _find_addresses(person)
    }
    return _compare(stored, wanted)


def _find_addresses(person: PersonRecord) -> Iterator[AddressKey]:
    """The own page, which everybody has, and what reaches the person where they are."""
    yield AddressKey(natural.WEB, person.number)
    if person.mail:
        yield AddressKey(natural.MAIL, person.mail)
    if person.mobile:
        yield AddressKey(natural.SMS, person.mobile)


def _find_preferred(person: PersonRecord) -> str:
    """The channel that the directory names, or the first that calls on the person."""
    calling = natural.MAIL if person.mail else natural.SMS if person.mobile else natural.WEB
    return person.preferred or calling
