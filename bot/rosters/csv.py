"""A roster as a CSV file: a line for each shift, by local wall clock."""

import re
from datetime import datetime, time, timedelta
from functools import partial
from io import BytesIO
from typing import Any

from bot.directory import values
from bot.directory.columns import Column, number_column
from bot.directory.csv import read_cell, read_cells, split_lines, split_rows
from bot.directory.header import read_header
from bot.directory.record import DirectoryError, Problem
from bot.rosters.record import Entry, RosterFile, find_trouble
from flows.schedule import find_moment

MOMENT = re.compile(rf"{values.DATE}[\sT]+(?:kl\.?\s*)?(\S+)")
CLOCK = re.compile(r"(\d{1,2})[.:](\d{2})(?:[.:]00)?")


def read_moment(text: str) -> datetime:
    """A day and a clock (naive), such as 2027-01-04 22:00 or 04.01.2027 22.00; 24:00 is the midnight after."""
    found = MOMENT.fullmatch(text)
    if found is None:
        raise ValueError("is not a day and a time")
    midnight = datetime.combine(values.read_date(found[1]), time())
    return midnight + _read_clock(found[2])


def read_end(text: str) -> datetime | timedelta:
    """As `read_moment`; or a clock alone, as time after midnight."""
    return _read_clock(text) if CLOCK.fullmatch(text) else read_moment(text)


COLUMNS = (
    number_column("the person's number, as in the directory file"),
    Column(
        "starts",
        ("starts", "start", "fra", "frå"),
        "when the shift begins, by the clock on the wall",
        "2027-01-04 22:00",
        read_moment,
        required=True,
    ),
    Column(
        "ends",
        ("ends", "slutt", "til"),
        "when it ends; a time alone is the next time the clock shows it",
        "07:15",
        read_end,
        required=True,
    ),
    Column(
        "zone",
        ("zone", "tidssone"),
        "time zone of the two; empty: the installation's",
        "Europe/Oslo",
        values.read_zone,
        longest=64,
    ),
)
REQUIRED = [column.field for column in COLUMNS if column.required]


def read(file: str, content: bytes, zone: str, at: datetime) -> tuple[RosterFile | None, list[Problem]]:
    """The shifts in a file called `file`, and all that is wrong with it: use it only if nothing is."""
    rest = split_lines(BytesIO(content))
    try:
        header = read_header(file, rest, COLUMNS)
    except DirectoryError as error:
        return None, error.problems
    problems = [
        header.source.problem(header.line, name, None, f"is no column of a roster: {name}; delete it")
        for name in header.unread
    ]
    readers = [partial(read_cell, column) for column in header.columns]
    entries: list[Entry] = []
    for line, cells in split_rows(header, rest, problems):
        found, wrong = read_cells(header, line, cells, readers, REQUIRED)
        entry = None if wrong else _make_entry(line, found, zone)
        if entry and (trouble := find_trouble(entry, at)):
            wrong.append(header.source.problem(line, "ends", None, f"the shift {trouble}"))
        elif entry:
            entries.append(entry)
        problems += wrong
    if not entries and not problems:
        problems.append(header.source.problem(header.line, None, None, "no shift comes after the header line"))
    return (RosterFile(header.source, entries) if entries else None), problems


def _make_entry(line: int, found: dict[str, Any], default_zone: str) -> Entry:
    zone, starts, ends = found.get("zone", default_zone), found["starts"], found["ends"]
    if isinstance(ends, timedelta):
        midnight = datetime.combine(starts.date(), time())
        ends = midnight + ends + timedelta(days=1 if midnight + ends <= starts else 0)
    return Entry(line, found["number"], "number", find_moment(starts, zone), find_moment(ends, zone), zone)


def _read_clock(text: str) -> timedelta:
    found = CLOCK.fullmatch(text)
    after_midnight = timedelta(hours=int(found[1]), minutes=int(found[2])) if found else timedelta(days=2)
    if found is None or int(found[2]) > 59 or after_midnight > timedelta(days=1):
        raise ValueError("has no time of day such as 22:00")
    return after_midnight
