"""When one person is at work: own hours or a roster, public holidays, leave, pause, and what suits the person."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from flows.hours import WorkingHours
from flows.schedule import find_moment, local_day

ONE_DAY = timedelta(days=1)
HANDOVER = timedelta(minutes=30)  # the report from those who go home; nobody has two minutes to spare then

Days = tuple[date, date]  # first and last, both included
Shift = tuple[datetime, datetime]  # starts at, ends at (UTC, the end not included)


@dataclass(frozen=True)
class Calendar:
    """When one person is at work and may be written to. Equal calendars have the same working moments.

    zone: an IANA name; hours: own working hours, which hold on days about which no roster speaks; rostered: the
    local dates about which a roster says everything; shifts: what it says, joined where they touch or overlap;
    away: leave; paused_until: the first local date on which the person may be asked again; days_off: local dates,
    such as public holidays, on which those without a roster are not at work; suits: the times of the week that the
    person prefers.
    """

    zone: str
    hours: WorkingHours = field(default_factory=WorkingHours)
    away: tuple[Days, ...] = ()
    paused_until: date | None = None
    declined: bool = False
    days_off: frozenset[date] = frozenset()
    rostered: tuple[Days, ...] = ()
    shifts: tuple[Shift, ...] = ()
    suits: WorkingHours | None = None

    def __post_init__(self) -> None:
        for first, last in (*self.away, *self.rostered):
            if last < first:
                raise ValueError(f"the days from {first} to {last} end before they begin; correct the dates")
        object.__setattr__(self, "shifts", _join(self.shifts))

    def find_last_day_away(self, day: date) -> date | None:
        """The last day of the leave or pause that covers the local date `day`, or None."""
        ends = [last for first, last in self.away if first <= day <= last]
        if self.paused_until is not None and day < self.paused_until:
            ends.append(self.paused_until - ONE_DAY)
        return max(ends, default=None)

    def find_next_at_work(self, at: datetime) -> datetime:
        """The first moment (UTC) at or after `at` (aware) inside a shift or own hours, leave and pause apart."""
        moments = [self._find_next_own_hour(at)]
        # The shifts are in order, so the first that is not over is the next.
        for starts_at, ends_at in self.shifts:
            if ends_at > at:
                moments.append(max(at.astimezone(UTC), _find_first_quiet(starts_at, ends_at)))
                break
        return min(moments)

    def _find_next_own_hour(self, at: datetime) -> datetime:
        """The first moment inside own hours on a day that is no day off and about which no roster speaks."""
        moment = self.hours.next_open(at, self.zone)
        while (last := self._find_last_day_without_hours(local_day(moment, self.zone))) is not None:
            moment = self.hours.next_open(_find_midnight_after(last, self.zone), self.zone)
        return moment

    def _find_last_day_without_hours(self, day: date) -> date | None:
        ends = [last for first, last in self.rostered if first <= day <= last]
        return max(ends, default=day if day in self.days_off else None)


def find_working_moment(calendar: Calendar, at: datetime, deadline: datetime) -> datetime | None:
    """The first moment (UTC, at <= moment < deadline) at which the person is at work, or None.

    What suits the person goes first; but where that leaves no moment before the deadline, any moment at work counts:
    a wish for another time is no wish to be left out.
    """
    suited = None if calendar.suits is None else _find(calendar, at, deadline, calendar.suits)
    return suited or _find(calendar, at, deadline, None)


def _find(calendar: Calendar, at: datetime, deadline: datetime, suits: WorkingHours | None) -> datetime | None:
    """The first moment before the deadline at which nothing moves it on: neither days away, nor hours, nor wishes."""
    zone, last_day = calendar.zone, local_day(deadline, calendar.zone)
    moment = calendar.find_next_at_work(at)
    while moment < deadline:
        last_away = calendar.find_last_day_away(local_day(moment, zone))
        if last_away is not None and last_away >= last_day:
            return None
        later = _find_midnight_after(last_away, zone) if last_away else moment
        if suits is not None:
            later = suits.next_open(later, zone)
        if later == moment:
            return moment
        moment = calendar.find_next_at_work(later)
    return None


def _find_first_quiet(starts_at: datetime, ends_at: datetime) -> datetime:
    """When a shift's handover is over; the beginning of one that is hardly longer than that."""
    return starts_at + HANDOVER if ends_at - starts_at > 2 * HANDOVER else starts_at


def _find_midnight_after(day: date, zone: str) -> datetime:
    return find_moment(datetime.combine(day + ONE_DAY, time()), zone)


def _join(shifts: Iterable[Shift]) -> tuple[Shift, ...]:
    """The same time as shifts in order that neither overlap nor touch."""
    joined: list[Shift] = []
    for starts_at, ends_at in sorted(shifts):
        if joined and starts_at <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], ends_at))
        else:
            joined.append((starts_at, ends_at))
    return tuple(joined)
