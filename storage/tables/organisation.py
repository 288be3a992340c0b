"""The organisation: a tree of units, the people, where they belong, what they answer for, when they are away."""

from datetime import date
from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel


class MembershipKind(StrEnum):
    """How a person belongs to a unit. Exactly one home counts in figures; the others widen who may be asked."""

    home = "home"
    other = "other"
    group = "group"
    chat = "chat"  # in a group by a chat's user group: may be asked with it, and has no part in it beside that


class RoleName(StrEnum):
    """What somebody answers for in a unit and everything below it (trust rules, roles)."""

    leader = "leader"  # own branch: figures, own named answers, decisions
    superior = "superior"  # figures only
    representative = "representative"  # union representative: the leader's figures, never names
    safety = "safety"  # safety representative: the same
    coordinator = "coordinator"  # runs flows for a sector
    group_coordinator = "group_coordinator"  # own polls
    administrator = "administrator"  # installs; no results
    protection_officer = "protection_officer"  # the log and requests


class Unit(SQLModel, table=True):
    """A node of the organisation, or a group that cuts across it. `path` is its name from the top, with ' / '."""

    __tablename__ = "unit"

    id: int | None = Field(default=None, primary_key=True)
    path: str = Field(unique=True)
    name: str
    parent_id: int | None = Field(default=None, foreign_key="unit.id", index=True)
    is_group: bool = False
    zone: str | None = None
    active: bool = True


class UnitBelow(SQLModel, table=True):
    """The closure of the tree: every unit with itself and each unit below it, made anew at import."""

    __tablename__ = "unit_below"

    above_id: int = Field(foreign_key="unit.id", primary_key=True, ondelete="CASCADE")
    below_id: int = Field(foreign_key="unit.id", primary_key=True, index=True, ondelete="CASCADE")
    depth: int


class Person(SQLModel, table=True):
    """An employee. `number` is the key in the organisation's own systems, `preferred` the channel it names to reach
    the person by first. What the person chose (`paused_until`, `declined`, `language_chosen`, `suits`) is never
    overwritten by an import. `hours` and `suits` are written as `WorkingHours` writes them."""

    __tablename__ = "person"

    id: int | None = Field(default=None, primary_key=True)
    number: str = Field(unique=True)
    name: str
    mail: str | None = None
    mobile: str | None = None
    preferred: str | None = None
    language: str = "nb"
    language_chosen: bool = False
    zone: str = "Europe/Oslo"
    hours: str | None = None
    active: bool = True
    paused_until: date | None = None
    suits: str | None = None
    declined: bool = False


class Membership(SQLModel, table=True):
    """A person in a unit, for an employer, from a date to a date (both included; open where empty). Where a chat says
    so, its workspace stands in the place of the employer."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("person_id", "unit_id", "kind", "employer"),)

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", ondelete="CASCADE")
    unit_id: int = Field(foreign_key="unit.id", index=True)
    kind: str
    employer: str
    starts_on: date | None = None
    ends_on: date | None = None


class Role(SQLModel, table=True):
    """What a person answers for in a unit: all rights in the product come from this table."""

    __tablename__ = "role"
    __table_args__ = (UniqueConstraint("person_id", "unit_id", "name"),)

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", ondelete="CASCADE")
    unit_id: int = Field(foreign_key="unit.id", index=True)
    name: str


class Absence(SQLModel, table=True):
    """Days a person is away, both included. Why is not stored."""

    __tablename__ = "absence"
    __table_args__ = (UniqueConstraint("person_id", "starts_on", "ends_on"),)

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", ondelete="CASCADE")
    starts_on: date
    ends_on: date


class Address(SQLModel, table=True):
    """Where a person can be reached: a channel and what that channel calls the person. `workspace` is the part of the
    platform that the address belongs to, where limits hold for each; empty for web, mail and SMS. `conversation` is
    what a chat calls its conversation with the person, and `service_url` where it is spoken to, as the chat told last;
    None where it has not. `language` and `zone` are those the person has there, where the organisation wants to know:
    they hold where its directory tells none."""

    __tablename__ = "address"
    __table_args__ = (UniqueConstraint("channel", "value"),)

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True, ondelete="CASCADE")
    channel: str
    value: str
    preferred: bool = True
    unreachable_because: str | None = None
    workspace: str = Field(default="", sa_column_kwargs={"server_default": ""})
    conversation: str | None = None
    service_url: str | None = None
    language: str | None = None
    zone: str | None = None

    @property
    def lane(self) -> str:
        """The lane by which a delivery to this address leaves."""
        return f"{self.channel}:{self.workspace}" if self.workspace else self.channel
