"""When somebody is at work: own hours, shifts, public holidays, leave, pause, and what suits them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.attention import Budget, LeftAlone, decide_when
from flows.calendars import HANDOVER, Calendar, Shift, find_working_moment
from flows.holidays import find_holidays
from flows.hours import WorkingHours
from flows.schedule import read_local
from flows.suiting import HOURS, Suits
from tests.office_words import oslo

ZONE = "Europe/Oslo"
ADA = Calendar(ZONE, days_off=find_holidays(2027, 2028))
FOUR_WEEKS = (date(2027, 1, 4), date(2027, 1, 31))


def shift(starts: str, ends: str) -> Shift:
    return oslo(starts), oslo(ends)


def rostered(*shifts: Shift, days: tuple[date, date] = FOUR_WEEKS, **more: Any) -> Calendar:
    return replace(ADA, rostered=(days,), shifts=shifts, **more)


def first(calendar: Calendar, at: str, deadline: str) -> datetime | None:
    return find_working_moment(calendar, oslo(at), oslo(deadline))


def why_not(calendar: Calendar, at: str, deadline: str) -> datetime | LeftAlone:
    return decide_when(oslo(at), oslo(deadline), calendar, (), Budget(), 1.0, "skip")


NIGHT = shift("2027-01-06 22:00", "2027-01-07 07:15")


# Holidays


@pytest.mark.parametrize(
    ("at", "asked"),
    [
        ("2027-03-25 09:00", "2027-03-30 08:00"),  # from Maundy Thursday past Easter Monday
        ("2027-05-06 09:00", "2027-05-07 08:00"),  # Ascension Day
        ("2027-05-17 09:00", "2027-05-18 08:00"),  # Constitution Day and Whit Monday
        ("2028-06-05 09:00", "2028-06-06 08:00"),  # Whit Monday
        ("2027-12-24 09:00", "2027-12-24 09:00"),
        ("2028-02-29 09:00", "2028-02-29 09:00"),
        ("2028-02-28 16:00", "2028-02-29 08:00"),
    ],
)
def test_ordinary_hours_pass_over_public_holidays(at: str, asked: str) -> None:
    assert first(ADA, at, "2029-01-01 00:00") == oslo(asked)


def test_who_is_on_shift_on_a_holiday_is_at_work_then() -> None:
    easter = (date(2027, 3, 22), date(2027, 4, 4))
    on_shift = rostered(shift("2027-03-26 07:00", "2027-03-26 14:45"), days=easter)

    assert first(on_shift, "2027-03-25 09:00", "2027-04-10 09:00") == oslo("2027-03-26 07:30")


def test_only_holidays_before_the_deadline_are_told_as_holidays() -> None:
    assert why_not(ADA, "2027-03-25 09:00", "2027-03-29 09:00") is LeftAlone.holiday
    weekend = replace(ADA, days_off=frozenset())
    assert why_not(weekend, "2027-03-27 09:00", "2027-03-28 09:00") is LeftAlone.no_time_before_deadline


# Rosters


def test_somebody_on_shift_is_asked_when_the_handover_is_over() -> None:
    calendar = rostered(NIGHT)

    assert first(calendar, "2027-01-04 09:00", "2027-01-15 09:00") == oslo("2027-01-06 22:30")
    assert first(calendar, "2027-01-06 22:10", "2027-01-15 09:00") == oslo("2027-01-06 22:30")
    assert first(calendar, "2027-01-07 03:00", "2027-01-15 09:00") == oslo("2027-01-07 03:00")
    assert first(calendar, "2027-01-07 07:15", "2027-01-15 09:00") is None


def test_a_shift_hardly_longer_than_a_handover_is_used_from_its_beginning() -> None:
    short = rostered(shift("2027-01-06 12:00", "2027-01-06 13:00"))

    assert first(short, "2027-01-04 09:00", "2027-01-15 09:00") == oslo("2027-01-06 12:00")


def test_a_day_without_a_shift_is_a_day_off_whatever_the_own_hours_say() -> None:
    calendar = rostered(NIGHT, shift("2027-01-20 22:00", "2027-01-21 07:15"))

    assert first(calendar, "2027-01-07 09:00", "2027-01-31 09:00") == oslo("2027-01-20 22:30")


def test_own_hours_hold_where_the_roster_does_not_reach() -> None:
    calendar = rostered(NIGHT, days=(date(2027, 1, 6), date(2027, 1, 7)))

    assert first(calendar, "2027-01-05 09:00", "2027-01-15 09:00") == oslo("2027-01-05 09:00")
    assert first(calendar, "2027-01-07 08:00", "2027-01-15 09:00") == oslo("2027-01-08 08:00")


def test_no_shift_before_the_deadline_is_told_as_that() -> None:
    assert why_not(rostered(NIGHT), "2027-01-07 09:00", "2027-01-18 09:00") is LeftAlone.no_shift
    assert why_not(rostered(), "2027-01-09 09:00", "2027-01-10 09:00") is LeftAlone.no_time_before_deadline


def test_leave_and_pause_beat_a_shift() -> None:
    away = rostered(NIGHT, away=((date(2027, 1, 6), date(2027, 1, 6)),))

    assert first(away, "2027-01-04 09:00", "2027-01-15 09:00") == oslo("2027-01-07 00:00")
    assert why_not(replace(away, away=(FOUR_WEEKS,)), "2027-01-04 09:00", "2027-01-15 09:00") is LeftAlone.away
    paused = rostered(NIGHT, paused_until=date(2027, 2, 1))
    assert why_not(paused, "2027-01-04 09:00", "2027-01-15 09:00") is LeftAlone.paused


def test_shifts_that_overlap_or_touch_are_one() -> None:
    double = [shift("2027-01-06 07:00", "2027-01-06 15:00"), shift("2027-01-06 14:30", "2027-01-06 22:00")]
    calendar = rostered(*reversed(double), shift("2027-01-06 22:00", "2027-01-07 07:00"))

    assert calendar.shifts == (shift("2027-01-06 07:00", "2027-01-07 07:00"),)
    assert first(calendar, "2027-01-06 14:40", "2027-01-15 09:00") == oslo("2027-01-06 14:40")
    assert calendar == rostered(shift("2027-01-06 07:00", "2027-01-07 07:00"))
    assert len({calendar, rostered(shift("2027-01-06 07:00", "2027-01-07 07:00"))}) == 1


@pytest.mark.parametrize(
    ("starts", "ends", "hours"),
    [("2027-03-27 22:00", "2027-03-28 07:15", 8.25), ("2027-10-30 22:00", "2027-10-31 07:15", 10.25)],
)
def test_a_night_in_which_clocks_change_is_as_long_as_it_is(starts: str, ends: str, hours: float) -> None:
    night = shift(starts, ends)
    calendar = rostered(night, days=(date(2027, 3, 1), date(2027, 12, 1)))

    assert night[1] - night[0] == timedelta(hours=hours)
    inside = [night[0] + HANDOVER + timedelta(minutes=15 * i) for i in range(int((hours - 0.5) * 4))]
    assert all(find_working_moment(calendar, at, oslo("2027-12-01 00:00")) == at for at in inside)
    assert find_working_moment(calendar, night[1], oslo("2027-12-01 00:00")) is None


# What suits


def test_what_suits_goes_before_other_time_at_work() -> None:
    afternoons = replace(ADA, suits=HOURS[Suits.afternoon])

    assert first(afternoons, "2027-01-11 09:00", "2027-01-22 09:00") == oslo("2027-01-11 13:00")
    assert first(afternoons, "2027-01-11 14:00", "2027-01-22 09:00") == oslo("2027-01-11 14:00")
    assert first(afternoons, "2027-01-11 16:00", "2027-01-22 09:00") == oslo("2027-01-12 13:00")


def test_what_suits_waits_for_a_shift_at_that_time() -> None:
    early, late = shift("2027-01-06 07:00", "2027-01-06 14:45"), shift("2027-01-08 14:30", "2027-01-08 22:15")
    evenings = rostered(early, late, suits=HOURS[Suits.evening])

    assert first(evenings, "2027-01-06 09:00", "2027-01-22 09:00") == oslo("2027-01-08 17:00")
    assert first(evenings, "2027-01-06 09:00", "2027-01-08 17:00") == oslo("2027-01-06 09:00")


def test_a_wish_that_never_fits_keeps_nobody_from_being_asked() -> None:
    nights = replace(ADA, suits=HOURS[Suits.night])

    assert first(nights, "2027-01-11 09:00", "2027-01-22 09:00") == oslo("2027-01-11 09:00")


def test_a_wish_does_not_cost_somebody_who_waits_for_room_the_question() -> None:
    """The afternoon after there is room again would leave less than a day to answer; the morning does not."""
    evenings = replace(ADA, suits=HOURS[Suits.afternoon])
    lately = tuple((oslo("2027-01-14 08:30") - timedelta(days=30), 1.0) for _ in range(3))

    asked = decide_when(oslo("2027-01-11 09:00"), oslo("2027-01-15 09:00"), evenings, lately, Budget(), 1.0, "wait")

    assert asked == oslo("2027-01-14 08:30")


# Whatever the calendar

BEGINS = oslo("2027-10-20 00:00")
DAYS = st.dates(date(2027, 10, 20), date(2027, 11, 20))
SPANS = st.lists(st.tuples(DAYS, DAYS).map(lambda pair: (min(pair), max(pair))), max_size=3).map(tuple)
MOMENTS = st.integers(0, 30 * 24 * 12).map(lambda steps: BEGINS + steps * timedelta(minutes=5))
SHIFTS = st.lists(
    st.tuples(MOMENTS, st.integers(1, 150)).map(lambda pair: (pair[0], pair[0] + pair[1] * timedelta(minutes=5))),
    max_size=8,
).map(tuple)
CALENDARS = st.builds(
    Calendar,
    zone=st.sampled_from([ZONE, "America/New_York"]),
    hours=st.sampled_from(["mon-fri 08:00-15:30", "alle dager 21:30-07:30", "lør 10-14", "sun 02-03"]).map(
        WorkingHours.parse
    ),
    away=SPANS,
    paused_until=st.none() | DAYS,
    days_off=st.frozensets(DAYS, max_size=5),
    rostered=SPANS,
    shifts=SHIFTS,
    suits=st.none() | st.sampled_from(list(HOURS.values())),
)


def covers(days: Iterable[tuple[date, date]], day: date) -> bool:
    return any(first <= day <= last for first, last in days)


def is_at_work(calendar: Calendar, at: datetime) -> bool:
    """The same rules, said for one moment."""
    day = read_local(at, calendar.zone).date()
    is_paused = calendar.paused_until is not None and day < calendar.paused_until
    if covers(calendar.away, day) or is_paused:
        return False
    if any(
        (starts_at + HANDOVER if ends_at - starts_at > 2 * HANDOVER else starts_at) <= at < ends_at
        for starts_at, ends_at in calendar.shifts
    ):
        return True
    is_free = covers(calendar.rostered, day) or day in calendar.days_off
    return not is_free and calendar.hours.contains(at, calendar.zone)


@settings(deadline=None, max_examples=400)
@given(CALENDARS, MOMENTS, st.integers(1, 12))
def test_a_moment_is_at_work_whatever_the_calendar_and_none_before_it_is(
    calendar: Calendar, at: datetime, days: int
) -> None:
    deadline = at + timedelta(days=days)

    found = find_working_moment(calendar, at, deadline)

    plainly = find_working_moment(replace(calendar, suits=None), at, deadline)
    assert (found is None) == (plainly is None)
    if found is not None:
        assert at <= found < deadline
        assert found.tzinfo is UTC
        assert is_at_work(calendar, found)
    for step in range(0, int(((plainly or deadline) - at) / timedelta(minutes=5)), 3):
        assert not is_at_work(calendar, at + step * timedelta(minutes=5))


@settings(deadline=None, max_examples=200)
@given(CALENDARS, MOMENTS, st.integers(1, 12))
def test_the_first_moment_that_suits_is_taken_where_there_is_one(calendar: Calendar, at: datetime, days: int) -> None:
    if calendar.suits is None:
        return
    deadline = at + timedelta(days=days)
    steps = (at + step * timedelta(minutes=5) for step in range(int((deadline - at) / timedelta(minutes=5))))
    suiting = next((m for m in steps if calendar.suits.contains(m, calendar.zone) and is_at_work(calendar, m)), None)

    found = find_working_moment(calendar, at, deadline)

    if suiting is not None:
        assert found == suiting
