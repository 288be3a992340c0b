"""Records: the organisation as a directory tells it, before it is compared with what is kept.

Every directory (a CSV file, Microsoft Graph, Slack) yields the same `Organisation`. People are known by
`number` and units by `path`; both are the organisation's own words, so a record carries no id of ours.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from storage.tables.organisation import MembershipKind, RoleName

SEPARATOR = " / "
DEFAULT_LANGUAGE = "nb"
DEFAULT_ZONE = "Europe/Oslo"


@dataclass(frozen=True, slots=True)
class UnitRecord:
    """A unit by its path from the top, such as 'Solvik kommune / NAV Solvik'."""

    path: str
    is_group: bool = False


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """A person. `language` and `zone` are None where the directory tells none: then a chat's word holds, or the usual.
    `hours` is text as `flows.hours` writes it (None: the ordinary hours); `leave` holds spans of days, first and last
    included, sorted. `preferred` is the channel to use first (None: mail, or else SMS)."""

    number: str
    name: str
    mail: str | None = None
    language: str | None = None
    zone: str | None = None
    hours: str | None = None
    leave: tuple[tuple[date, date], ...] = ()
    mobile: str | None = None
    preferred: str | None = None


@dataclass(frozen=True, slots=True)
class MembershipRecord:
    """A person in a unit for an employer; both dates included, None where open."""

    number: str
    path: str
    kind: MembershipKind
    employer: str
    starts_on: date | None = None
    ends_on: date | None = None

    def covers(self, day: date) -> bool:
        return _covers(self.starts_on, self.ends_on, day)


@dataclass(frozen=True, slots=True)
class RoleRecord:
    """What a person answers for in a unit and below; both dates included, None where open."""

    number: str
    path: str
    name: RoleName
    starts_on: date | None = None
    ends_on: date | None = None

    def covers(self, day: date) -> bool:
        return _covers(self.starts_on, self.ends_on, day)


@dataclass(frozen=True, slots=True)
class Organisation:
    """All of it at once: who is not in `people` is no longer there. Units are listed parents first."""

    units: tuple[UnitRecord, ...]
    people: tuple[PersonRecord, ...]
    memberships: tuple[MembershipRecord, ...]
    roles: tuple[RoleRecord, ...]


def name_of(path: str) -> str:
    """The last part of a path: the unit's own name."""
    return path.rpartition(SEPARATOR)[2]


def parent_of(path: str) -> str | None:
    """The path of the unit above, or None at the top."""
    return path.rpartition(SEPARATOR)[0] or None


def walk_path(path: str) -> Iterator[str]:
    """Every unit on the way down: the top, the one below it, and so on to the path itself."""
    parts = path.split(SEPARATOR)
    return (SEPARATOR.join(parts[:length]) for length in range(1, len(parts) + 1))


def _covers(starts_on: date | None, ends_on: date | None, day: date) -> bool:
    return (starts_on is None or starts_on <= day) and (ends_on is None or day <= ends_on)
