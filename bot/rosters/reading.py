"""Roster files are read and matched with the people there are: rosters come out, or everything that is wrong."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import pairwise
from pathlib import Path

from sqlmodel import Session

from bot.directory.record import DirectoryError, Problem, Source
from bot.rosters import csv, ical
from bot.rosters.record import FURTHEST_BACK, By, Entry, RosterFile
from flows.schedule import find_moment, read_local
from storage.rosters import Roster, RosterChange, find_roster_change, find_rostered_people

READERS = {".csv": csv.read, ".ics": ical.read}
FIELDS: Mapping[By, str] = {"number": "number", "mail": "ATTENDEE"}


def find_files(path: Path) -> list[Path]:
    """The file itself; or of a folder the .csv and .ics files in it. DirectoryError where there is none."""
    files = [path] if path.is_file() else sorted(one for one in path.iterdir() if one.suffix.lower() in READERS)
    if path.is_file() and path.suffix.lower() not in READERS:
        raise DirectoryError([Source(path.name).problem(1, None, None, "is neither a .csv nor an .ics file")])
    if not files:
        raise DirectoryError([Source(path.name).problem(1, None, None, "there is no .csv or .ics file in this folder")])
    return files


@dataclass(frozen=True)
class Reading:
    """What files said, as far as they could be read, and what is wrong with them. `zone` is that of times without."""

    files: Sequence[RosterFile]
    problems: Sequence[Problem]
    zone: str


def read_files(files: Sequence[Path], zone: str, at: datetime) -> Reading:
    """What these files say, with times by the clock of `zone` where a file names none."""
    read: list[RosterFile] = []
    problems: list[Problem] = []
    for file in files:
        found, wrong = READERS[file.suffix.lower()](file.name, file.read_bytes(), zone, at)
        problems += wrong
        if found is not None:
            read.append(found)
    return Reading(read, problems, zone)


def find_change(
    session: Session, reading: Reading, at: datetime, *, skip_unknown: bool = False
) -> tuple[RosterChange, int]:
    """What importing these files would change, and how many people in them are not known. DirectoryError with all
    that is wrong, those people among it unless they are to be skipped."""
    numbers, mails = find_rostered_people(session)
    rosters: list[Roster] = []
    placed: dict[int, list[tuple[Source, Entry]]] = {}
    unknown: dict[tuple[str, str], Problem] = {}
    for file in reading.files:
        own: dict[int, list[Entry]] = {}
        for entry in file.entries:
            person_id = (numbers if entry.by == "number" else mails).get(entry.who)
            if person_id is None:
                unknown.setdefault((file.source.file, entry.who), _explain_unknown(file.source, entry))
            else:
                own.setdefault(person_id, []).append(entry)
        for person_id, entries in own.items():
            placed.setdefault(person_id, []).extend((file.source, entry) for entry in entries)
        rosters += (_make_roster(file, person_id, entries, reading.zone) for person_id, entries in own.items())
    overlapping = (one for own in placed.values() for one in _find_overlaps(own))
    problems = [*reading.problems, *(() if skip_unknown else unknown.values()), *overlapping]
    if problems:
        raise DirectoryError(problems)
    return find_roster_change(session, rosters, at), len({who for _, who in unknown})


def find_old(reading: Reading, at: datetime) -> list[str]:
    """The files whose last shift is long over: most often their year is wrong."""
    return [
        f"{one.source.file}: the last shift begins on {one.last_start}, more than a year ago; look at the year"
        for one in reading.files
        if max(entry.starts_at for entry in one.entries) < at - FURTHEST_BACK
    ]


def _find_overlaps(placed: Sequence[tuple[Source, Entry]]) -> Iterator[Problem]:
    """Shifts of one person at the same time. The same shift twice is one."""
    ordered = sorted(placed, key=lambda one: (one[1].starts_at, one[1].ends_at))
    for (first_source, first), (source, second) in pairwise(ordered):
        is_same = (first.starts_at, first.ends_at) == (second.starts_at, second.ends_at)
        if second.starts_at < first.ends_at and not is_same:
            trouble = (
                f"the shift from {read_local(second.starts_at, second.zone):%Y-%m-%d %H:%M} begins before that of line "
                f"{first.line} in {first_source.file} has ended, for the same person; correct one of the two, or mark "
                "what is no shift as free"
            )
            yield source.problem(second.line, None, second.who, trouble)


def _make_roster(file: RosterFile, person_id: int, entries: Sequence[Entry], zone: str) -> Roster:
    first, _ = file.days
    return Roster(
        person_id=person_id,
        days=file.days,
        begins_at=find_moment(datetime.combine(first, time()), zone),
        until=find_moment(datetime.combine(file.last_start + timedelta(days=1), time()), zone),
        shifts=frozenset((entry.starts_at, entry.ends_at) for entry in entries),
    )


def _explain_unknown(source: Source, entry: Entry) -> Problem:
    who = "this number" if entry.by == "number" else "this mail address"
    trouble = f"nobody who is active has {who}; import people first, correct it, or go on with --skip-unknown"
    return source.problem(entry.line, FIELDS[entry.by], entry.who, trouble)
