"""What a roster file yields while it is read: shifts with the line they stood on, and the days the file is about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from bot.directory.record import Source
from flows.schedule import read_local

LONGEST_SHIFT = timedelta(hours=16)
FURTHEST_AHEAD = timedelta(days=400)
FURTHEST_BACK = timedelta(days=400)  # what is older is told: most often the year is wrong
LOOKS_BACK = timedelta(days=35)
LOOKS_AHEAD = timedelta(days=190)  # no round is open for longer, so nobody is asked later than that

By = Literal["number", "mail"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One shift: whose it is, by number or by mail address, and from when to when by the clock of `zone`."""

    line: int
    who: str
    by: By
    starts_at: datetime  # UTC, as the end
    ends_at: datetime
    zone: str

    @property
    def first_day(self) -> date:
        return read_local(self.starts_at, self.zone).date()

    @property
    def last_day(self) -> date:
        """The local date of the last moment: a shift until midnight ends on the day before."""
        return read_local(self.ends_at - timedelta.resolution, self.zone).date()


@dataclass(frozen=True)
class RosterFile:
    """A file with at least one shift. It says everything about its people from its first shift to its last."""

    source: Source
    entries: Sequence[Entry]

    @property
    def days(self) -> tuple[date, date]:
        return min(one.first_day for one in self.entries), max(one.last_day for one in self.entries)

    @property
    def last_start(self) -> date:
        return max(one.first_day for one in self.entries)


def find_trouble(entry: Entry, at: datetime) -> str | None:
    """What is wrong with a shift; None where it may be stored. Its length is what the wall clock says, also in the
    nights when clocks change."""
    starts, ends = read_local(entry.starts_at, entry.zone), read_local(entry.ends_at, entry.zone)
    if entry.ends_at <= entry.starts_at:
        return f"ends at {ends:%Y-%m-%d %H:%M}, not after it begins; correct one of the two"
    if ends - starts > LONGEST_SHIFT:
        return (
            f"lasts from {starts:%Y-%m-%d %H:%M} to {ends:%Y-%m-%d %H:%M}, more than 16 hours; correct the times, "
            "write duty round the clock as two shifts, the second from where the first ends, and no times for days off"
        )
    if entry.starts_at - at > FURTHEST_AHEAD:
        return f"begins on {starts:%Y-%m-%d}, more than a year ahead; correct the year"
    return None
