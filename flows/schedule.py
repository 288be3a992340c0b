"""When a flow opens, and the dates of deadlines and reminders: all of it by the wall clock of a zone."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from math import ceil, floor
from typing import Any, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

SLOT = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
DEFAULT_SLOT = "09:00"
SATURDAY = 5


class Schedule(BaseModel):
    """When a flow opens: exactly one of `cron`, `on` (dates, at `time`), `on_demand` and `after_course`.

    cron: minute, hour, day, month, weekday by the unit's wall clock, as "0 9 * * mon#1" (the first Monday at
    09:00), "0 9 L * *" (the last day of the month) or "0 9 * * 5L" (the last Friday).
    on: dates such as "2027-01-12"; time: the wall clock there, "09:00" where nothing is said.
    after_course: days after the last day of a course; 0 is the next working day. A wave for each course.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    cron: str | None = Field(default=None, max_length=100)
    on: tuple[date, ...] = ()
    time: str | None = None
    on_demand: bool = False
    after_course: int | None = Field(default=None, ge=0, le=400)

    @field_validator("cron")
    @classmethod
    def _check_cron(cls, cron: str | None) -> str | None:
        problem = None if cron is None else _find_cron_problem(cron)
        if problem:
            raise ValueError(f'cron "{cron}" {problem}')
        return cron

    @field_validator("on", mode="before")
    @classmethod
    def _read_days(cls, days: Any) -> tuple[date, ...]:
        # Left to itself, pydantic takes a number for seconds since 1970 and drops a midnight.
        try:
            read = sorted(day if type(day) is date else date.fromisoformat(day) for day in days)
        except (TypeError, ValueError):
            remedy = 'write a list of dates such as ["2027-01-12"], and put the time in "time"'
            raise ValueError(f"on cannot be {days!r}; {remedy}") from None
        if twice := [day for day, following in pairwise(read) if day == following]:
            raise ValueError(f"on names {twice[0]} twice; a flow opens once at each moment, so remove one")
        return tuple(read)

    @field_validator("time", mode="before")
    @classmethod
    def _check_time(cls, slot: Any) -> Any:
        if slot is not None and not SLOT.fullmatch(str(slot)):
            raise ValueError(f'time is a wall clock with two digits each, such as "09:00"; it cannot be {slot!r}')
        return slot

    @model_validator(mode="after")
    def _check_one_kind(self) -> Self:
        said = [self.cron is not None, bool(self.on), self.on_demand, self.after_course is not None]
        if said.count(True) != 1:
            raise ValueError(
                "a schedule says exactly one of four things: cron (a rhythm), on (dates), on_demand: true "
                "(somebody starts it) or after_course (days after a course)"
            )
        if self.time is not None and not self.on:
            raise ValueError('time belongs to "on"; a cron says the time itself, and on demand has none')
        return self

    def walk_local(self, after: datetime) -> Iterator[datetime]:
        """The wall clocks it names, naive and in order; a cron begins after `after` and has no end."""
        if self.cron is not None:
            yield from CronSim(self.cron, after.replace(fold=0))
        for day in self.on:
            yield datetime.combine(day, time.fromisoformat(self.time or DEFAULT_SLOT))


@dataclass(frozen=True)
class Occurrence:
    """One opening of a flow: its key (local date, slot such as "09:00" as written, zone), and when (UTC)."""

    local_date: date
    slot: str
    zone: str
    at: datetime


def find_occurrences(schedule: Schedule, zone: str, after: datetime, until: datetime) -> list[Occurrence]:
    """What falls due with after < at <= until, in order; windows that abut lose nothing and repeat nothing.

    A wall clock that comes twice in autumn counts the first time; one that never comes in spring is due at
    the first moment after the gap, under its own slot. ValueError for an unknown zone or a naive `after`.
    """
    return list(_walk(schedule, zone, after, until))


def find_next(schedule: Schedule, zone: str, after: datetime, horizon: datetime) -> Occurrence | None:
    """The first occurrence with after < at <= horizon (both aware), or None."""
    return next(_walk(schedule, zone, after, horizon), None)


def add_days(at: datetime, days: int, zone: str, time_of_day: time | None = None) -> datetime:
    """The moment (UTC) `days` days after `at` at the same wall clock in `zone`, or at `time_of_day`."""
    return _move(at, read_local(at, zone).date() + timedelta(days=days), zone, time_of_day)


def add_working_days(
    at: datetime,
    days: int,
    zone: str,
    time_of_day: time | None = None,
    days_off: frozenset[date] = frozenset(),
) -> datetime:
    """As `add_days`, counting only Monday to Friday outside `days_off`; negative `days` count backwards."""
    day = read_local(at, zone).date()
    step = timedelta(days=1 if days > 0 else -1)
    left = abs(days)
    while left:
        day += step
        left -= day.weekday() < SATURDAY and day not in days_off
    return _move(at, day, zone, time_of_day)


def move_off_weekend(at: datetime, zone: str, days_off: frozenset[date] = frozenset()) -> datetime:
    """`at` in UTC; from a weekend in `zone`, or a day off, the same wall clock on the next day that is neither (the
    asking rules on reminders)."""
    first = day = local_day(at, zone)
    while day.weekday() >= SATURDAY or day in days_off:
        day += timedelta(days=1)
    return add_days(at, (day - first).days, zone)


def find_zone(name: str) -> ZoneInfo:
    """The IANA zone of that name; ValueError with a remedy where there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        remedy = 'write an IANA name such as "Europe/Oslo"'
        raise ValueError(f'the time zone "{name}" is not known; {remedy}') from None


def read_local(at: datetime, zone: str) -> datetime:
    """What a wall clock in `zone` shows at the moment `at` (aware): naive, with fold=1 in a repeated hour."""
    if at.utcoffset() is None:
        raise ValueError(f"{at} has no time zone; a moment is an aware datetime in UTC")
    return at.astimezone(find_zone(zone)).replace(tzinfo=None)


def local_day(at: datetime, zone: str) -> date:
    """The date on the wall of `zone` at the moment `at`."""
    return read_local(at, zone).date()


def find_moment(local: datetime, zone: str) -> datetime:
    """The moment (UTC) at which a wall clock in `zone` shows `local` (naive).

    A clock that comes twice means the first time (the second with fold=1); one that a gap swallows means the
    end of the gap. Of two clocks without fold, the later never gives the earlier moment.
    """
    before, after = (local.replace(tzinfo=find_zone(zone), fold=fold) for fold in (0, 1))
    if _offset(before) >= _offset(after):
        return (after if local.fold else before).astimezone(UTC)
    # In a gap the two readings lie on either side of the change (PEP 495), which falls on a whole second.
    seconds = range(floor(after.timestamp()), ceil(before.timestamp()) + 1)
    change = bisect_left(
        seconds, _offset(after), key=lambda second: _offset(datetime.fromtimestamp(second, after.tzinfo))
    )
    return datetime.fromtimestamp(seconds[change], UTC)


def _offset(at: datetime) -> timedelta:
    return at.utcoffset() or timedelta()


def _move(at: datetime, day: date, zone: str, time_of_day: time | None) -> datetime:
    clock = read_local(at, zone).time() if time_of_day is None else time_of_day
    return find_moment(datetime.combine(day, clock), zone)


def _walk(schedule: Schedule, zone: str, after: datetime, until: datetime) -> Iterator[Occurrence]:
    # Moments never go back when wall clocks go forward (find_moment), so the walk may begin at the local
    # `after` and end at the first moment beyond `until`.
    for local in schedule.walk_local(read_local(after, zone)):
        at = find_moment(local, zone)
        if at > until:
            return
        if at > after:
            yield Occurrence(local.date(), f"{local:%H:%M}", zone, at)


def _find_cron_problem(cron: str) -> str | None:
    fields = cron.split()
    if len(fields) != 5:
        return (
            f"has {len(fields)} fields, but five are needed: minute, hour, day of the month, month, weekday; "
            'for example "0 9 * * mon#1", the first Monday of the month at 09:00'
        )
    if not fields[2].startswith("*") and not fields[4].startswith("*"):
        return (
            "names both a day of the month and a weekday, and cron then takes every day that is either; "
            'keep one of them as *, and write the first Monday as "0 9 * * mon#1"'
        )
    try:
        next(CronSim(cron, datetime.combine(date(2000, 1, 1), time())))
    except CronSimError as error:
        return (
            f"cannot be read ({error}); use numbers, * , - / and English names (mon, jan), mon#1 for "
            "the first Monday, 5L for the last Friday, L or LW for the month's last day or last working day"
        )
    except StopIteration:
        return "never comes: no date fits all its fields; change the day, the month or the weekday"
    return None
