"""The organisation's rows by their natural keys: what a directory calls people and units, beside our own ids.

Rows are read as plain tuples, since a whole municipality is read at once.
"""

from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, Table, or_, select
from sqlmodel import SQLModel

from storage.tables.organisation import Absence, Address, Membership, MembershipKind, Person, Role, Unit

WEB = "web"
MAIL = "mail"
SMS = "sms"
SLACK = "slack"
TEAMS = "teams"  # its addresses are tenant:object, by which Teams knows a person in Entra
CHANNELS_FROM_DIRECTORIES = (WEB, MAIL, SMS)


class UnitRow(NamedTuple):
    parent: str | None
    is_group: bool
    active: bool


class PersonRow(NamedTuple):
    name: str
    mail: str | None
    mobile: str | None
    preferred: str | None
    language: str
    zone: str
    hours: str | None
    active: bool


class ChatProfile(NamedTuple):
    """How somebody has a chat: its language and time zone; None where it tells nothing that we know."""

    language: str | None = None
    zone: str | None = None


class MembershipKey(NamedTuple):
    number: str
    path: str
    kind: str
    employer: str


class Span(NamedTuple):
    starts_on: date | None
    ends_on: date | None


class RoleKey(NamedTuple):
    number: str
    path: str
    name: str


class AbsenceKey(NamedTuple):
    number: str
    starts_on: date
    ends_on: date


class AddressKey(NamedTuple):
    channel: str
    value: str


class AddressRow(NamedTuple):
    """Whose it is, by the person's number, and whether it is the one to use first."""

    number: str
    preferred: bool


def table_of(model: type[SQLModel]) -> Table:
    """The table behind a model, for statements about many rows at once."""
    return SQLModel.metadata.tables[str(model.__tablename__)]


def load_units(connection: Connection) -> dict[str, tuple[int, UnitRow]]:
    """All units, active or not: path -> (id, row)."""
    unit = table_of(Unit)
    above = unit.alias()
    query = select(unit.c.id, unit.c.path, above.c.path, unit.c.is_group, unit.c.active)
    rows = connection.execute(query.outerjoin_from(unit, above, above.c.id == unit.c.parent_id))
    return {path: (id_, UnitRow(*row)) for id_, path, *row in rows}


def load_people(connection: Connection) -> dict[str, tuple[int, PersonRow]]:
    """All people, active or not: number -> (id, row)."""
    person = table_of(Person).c
    rows = connection.execute(select(person.id, person.number, *(person[name] for name in PersonRow._fields)))
    return {number: (id_, PersonRow(*row)) for id_, number, *row in rows}


def load_numbers_with_chosen_language(connection: Connection) -> set[str]:
    """The numbers of those who chose their language themselves."""
    person = table_of(Person).c
    return set(connection.scalars(select(person.number).where(person.language_chosen)))


def load_chat_profiles(connection: Connection) -> dict[str, ChatProfile]:
    """How people have their chat, by number; of several, the one that reaches the person first."""
    person, address = table_of(Person), table_of(Address)
    query = select(person.c.number, address.c.language, address.c.zone).select_from(address.join(person))
    told_any = query.where(or_(address.c.language.is_not(None), address.c.zone.is_not(None)))
    rows = connection.execute(told_any.order_by(address.c.preferred, address.c.id.desc()))
    return {number: ChatProfile(language, zone) for number, language, zone in rows}


def load_memberships(connection: Connection) -> dict[MembershipKey, tuple[int, Span]]:
    """Those that come from directories; what a chat says of groups is the chat's to change."""
    person, unit, membership = table_of(Person), table_of(Unit), table_of(Membership)
    kept = membership.c
    query = select(kept.id, person.c.number, unit.c.path, kept.kind, kept.employer, kept.starts_on, kept.ends_on)
    query = query.where(kept.kind != MembershipKind.chat.value)
    rows = connection.execute(query.select_from(membership.join(person).join(unit)))
    return {MembershipKey(*key): (id_, Span(first, last)) for id_, *key, first, last in rows}


def load_roles(connection: Connection) -> dict[RoleKey, tuple[int, None]]:
    person, unit, role = table_of(Person), table_of(Unit), table_of(Role)
    query = select(role.c.id, person.c.number, unit.c.path, role.c.name)
    rows = connection.execute(query.select_from(role.join(person).join(unit)))
    return {RoleKey(*key): (id_, None) for id_, *key in rows}


def load_absences(connection: Connection) -> dict[AbsenceKey, tuple[int, None]]:
    person, absence = table_of(Person), table_of(Absence)
    query = select(absence.c.id, person.c.number, absence.c.starts_on, absence.c.ends_on)
    rows = connection.execute(query.select_from(absence.join(person)))
    return {AbsenceKey(*key): (id_, None) for id_, *key in rows}


def load_addresses(connection: Connection) -> dict[AddressKey, tuple[int, AddressRow]]:
    """The addresses that come from directories: (channel, value) -> (id, row)."""
    person, address = table_of(Person), table_of(Address)
    query = select(address.c.id, address.c.channel, address.c.value, person.c.number, address.c.preferred)
    query = query.where(address.c.channel.in_(CHANNELS_FROM_DIRECTORIES))
    rows = connection.execute(query.select_from(address.join(person)))
    return {AddressKey(channel, value): (id_, AddressRow(*row)) for id_, channel, value, *row in rows}
