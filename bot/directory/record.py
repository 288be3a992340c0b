"""What a directory yields while it is read: entries with the line they stood on, and what is wrong there."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from storage.directory.records import walk_path
from storage.tables.organisation import MembershipKind, RoleName

LONGEST_READ_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: a person, and a unit the person belongs to or answers for. None where nothing is said."""

    line: int
    number: str
    unit: str
    name: str | None = None
    mail: str | None = None
    mobile: str | None = None
    preferred: str | None = None
    language: str | None = None
    zone: str | None = None
    hours: str | None = None
    leave: tuple[tuple[date, date], ...] | None = None
    membership: MembershipKind | None = None
    employer: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    role: RoleName | None = None

    @property
    def kind(self) -> MembershipKind | None:
        """A line with neither membership nor role says where the person belongs; a role may stand alone."""
        return self.membership or (None if self.role else MembershipKind.home)

    @property
    def works_for(self) -> str:
        """The employer; where none is written, the organisation at the top of the path."""
        return self.employer or next(walk_path(self.unit))


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong, for whoever can put it right: where, what was read, what to write instead."""

    file: str
    line: int
    field: str | None
    read: str | None
    trouble: str
    instead: str | None = None

    def __str__(self) -> str:
        where = f"{self.file}, line {self.line}" + (f", field {self.field}" if self.field else "")
        what = self.trouble if self.read is None else f"«{_show(self.read)}» {self.trouble}"
        return f"{where}: {what}" + (f"; write e.g. «{self.instead}»" if self.instead else "")


@dataclass(frozen=True)
class Source:
    """A file by its name, and what it calls each of our fields (its own header names)."""

    file: str
    headers: Mapping[str, str] = field(default_factory=dict)

    def problem(
        self, line: int, field_name: str | None, read: str | None, trouble: str, instead: str | None = None
    ) -> Problem:
        header = self.headers.get(field_name, field_name) if field_name else None
        return Problem(self.file, line, header, read, trouble, instead)


class DirectoryError(Exception):
    """All that is wrong, file by file in the order of the lines. Nothing of it may be stored."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(problems, key=lambda problem: (problem.file, problem.line))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def _show(text: str) -> str:
    plain = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text[: LONGEST_READ_SHOWN + 1])
    return plain if len(text) <= LONGEST_READ_SHOWN else plain[:LONGEST_READ_SHOWN] + "…"
