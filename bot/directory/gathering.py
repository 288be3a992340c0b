"""Entries are put together into an organisation, and what only shows when they are seen together is found."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from bot.directory.record import Entry, Problem, Source
from bot.directory.spelling import find_other_spellings, find_other_tops
from storage.directory.natural import MAIL, SMS
from storage.directory.records import (
    MembershipRecord,
    Organisation,
    PersonRecord,
    RoleRecord,
    UnitRecord,
    walk_path,
)
from storage.tables.organisation import MembershipKind, RoleName

PERSONAL_FIELDS = ("name", "mail", "mobile", "preferred", "language", "zone", "hours", "leave")
ADDRESS_FIELDS = ("mail", "mobile")
NEEDED_FOR = {MAIL: "mail", SMS: "mobile"}  # to prefer a channel is to have an address there


@dataclass(frozen=True, slots=True)
class Placed:
    """A membership and the line that gave it."""

    line: int
    record: MembershipRecord


def gather(
    source: Source, entries: Sequence[Entry], unsound: Collection[str] = ()
) -> tuple[Organisation, list[Problem]]:
    """The organisation that the entries make, and what is wrong between them: use it only if nothing is.

    `unsound` holds the numbers of people with a line that could not be read: what they lack is not reported.
    """
    problems = [*find_other_spellings(source, entries), *find_other_tops(source, entries)]
    by_number: dict[str, list[Entry]] = {}
    for entry in entries:
        by_number.setdefault(entry.number, []).append(entry)
    groups = _find_groups(source, entries, problems)
    people = []
    memberships: list[MembershipRecord] = []
    for number, own in by_number.items():
        people.append(_merge_person(source, own, problems, may_lack=number in unsound))
        memberships += _merge_memberships(source, own, problems, may_lack=number in unsound)
    for field in ADDRESS_FIELDS:
        problems += _find_shared(source, by_number, field)
    roles = (
        RoleRecord(entry.number, entry.unit, entry.role, entry.starts_on, entry.ends_on)
        for entry in entries
        if entry.role is not None
    )
    paths = {path for unit in {entry.unit for entry in entries} for path in walk_path(unit)}
    return Organisation(
        units=tuple(UnitRecord(path, path in groups) for path in sorted(paths)),
        people=tuple(people),
        memberships=tuple(memberships),
        roles=tuple(dict.fromkeys(roles)),
    ), problems


def _find_groups(source: Source, entries: Sequence[Entry], problems: list[Problem]) -> set[str]:
    """The units that are groups: those with group members or a coordinator of a group. Where a unit is both, the lines
    that are fewer are the slip of the pen."""
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.membership is MembershipKind.group or entry.role is RoleName.group_coordinator:
            groups.setdefault(entry.unit, []).append(entry)
    units: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.unit in groups and entry.kind in (MembershipKind.home, MembershipKind.other):
            units.setdefault(entry.unit, []).append(entry)
    for path, own in units.items():
        if len(groups[path]) < len(own):
            wrong = groups[path]
            trouble = (
                f"is a unit that people belong to, by line {own[0].line}{_and_more(own)}, and no group that cuts "
                "across; write home or other in membership here, or the group's own path"
            )
        else:
            wrong = own
            trouble = (
                f"is a group that cuts across, by line {groups[path][0].line}{_and_more(groups[path])}, and nobody has "
                "a home or a position in a group; write group in membership here, or another unit"
            )
        problems += (source.problem(entry.line, "unit", path, trouble) for entry in wrong)
    return set(groups)


def _and_more(entries: Sequence[Entry]) -> str:
    return f" and {len(entries) - 1} more" if len(entries) > 1 else ""


def _merge_person(source: Source, own: list[Entry], problems: list[Problem], may_lack: bool) -> PersonRecord:
    """One person from all own lines: a later line may leave out what an earlier one said, not deny it. Of two things
    said, that on fewer lines is the slip of the pen; where they are as many, the later."""
    known: dict[str, Entry] = {}
    for field in PERSONAL_FIELDS:
        said: dict[object, list[Entry]] = {}
        for entry in own:
            if getattr(entry, field) is not None:
                said.setdefault(getattr(entry, field), []).append(entry)
        if not said:
            continue
        usual = max(said.values(), key=len)
        known[field] = usual[0]
        for value, lines in said.items():
            if lines is not usual:
                trouble = (
                    f"is not what line {usual[0].line} says about the same person {usual[0].number}: "
                    f"«{_show(getattr(usual[0], field))}»; write it once, or the same"
                )
                problems += (source.problem(entry.line, field, _show(value), trouble) for entry in lines)
    if "name" not in known and not may_lack:
        trouble = f"the person {own[0].number} has no name on any line"
        problems.append(source.problem(own[0].line, "name", None, trouble, "Ada Berg"))
    values = {field: getattr(entry, field) for field, entry in known.items()}
    needed = NEEDED_FOR.get(values.get("preferred", ""))
    if needed is not None and needed not in values and not may_lack:
        trouble = f"cannot come first: nothing is written in the column {needed}"
        problems.append(source.problem(known["preferred"].line, "preferred", values["preferred"], trouble))
    return PersonRecord(number=own[0].number, **{"name": "", **values})


def _show(value: object) -> str:
    if isinstance(value, tuple):
        return "; ".join(f"{first}/{last}" for first, last in value)
    return str(value)


def _merge_memberships(
    source: Source, own: list[Entry], problems: list[Problem], may_lack: bool
) -> list[MembershipRecord]:
    """The memberships of one person, each once; exactly one of them is the home at any time."""
    placed: dict[tuple[str, MembershipKind, str], Placed] = {}
    for entry in own:
        if entry.kind is None:
            continue
        record = MembershipRecord(entry.number, entry.unit, entry.kind, entry.works_for, entry.starts_on, entry.ends_on)
        key = (record.path, record.kind, record.employer)
        first = placed.setdefault(key, Placed(entry.line, record))
        if first.record != record:
            trouble = (
                f"is the same membership as on line {first.line} with other dates; "
                "keep the line that counts now or next"
            )
            problems.append(source.problem(entry.line, "unit", entry.unit, trouble))
    homes = [each for each in placed.values() if each.record.kind is MembershipKind.home]
    if not homes and not may_lack:
        trouble = f"the person {own[0].number} has no home; write home on the line with the unit where they belong"
        problems.append(source.problem(own[0].line, "membership", None, trouble))
    problems += _find_homes_at_once(source, homes)
    return [each.record for each in placed.values()]


def _find_homes_at_once(source: Source, homes: list[Placed]) -> Iterator[Problem]:
    homes = sorted(homes, key=lambda home: (home.record.starts_on or date.min, home.line))
    for place, home in enumerate(homes[1:], start=1):
        lasting = max(homes[:place], key=lambda earlier: earlier.record.ends_on or date.max)
        if (home.record.starts_on or date.min) <= (lasting.record.ends_on or date.max):
            first, second = sorted((lasting, home), key=lambda each: each.line)
            trouble = (
                f"is a second home at the same time for the person {second.record.number}, beside "
                f"«{first.record.path}» on line {first.line}; write other in membership on one of the lines, "
                "or dates that do not overlap"
            )
            yield source.problem(second.line, "unit", second.record.path, trouble)


def _find_shared(source: Source, by_number: dict[str, list[Entry]], field: str) -> Iterator[Problem]:
    owners: dict[str, Entry] = {}
    for number, own in by_number.items():
        for entry in own:
            address = getattr(entry, field)
            if address and owners.setdefault(address, entry).number != number:
                other = owners[address]
                trouble = (
                    f"belongs to the person {other.number} on line {other.line} too; an address reaches "
                    "one person: correct it, or leave it empty"
                )
                yield source.problem(entry.line, field, address, trouble)
                break
