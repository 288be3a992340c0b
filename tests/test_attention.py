"""Whether and when Ada may be asked, and why she is left alone."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.attention import Asked, Budget, LeftAlone, decide_when
from flows.calendars import Calendar
from flows.hours import WorkingHours
from flows.schedule import read_local

OSLO = "Europe/Oslo"
Lately = tuple[tuple[datetime, float], ...]


def oslo(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=ZoneInfo(OSLO)).astimezone(UTC)


def moments(first: datetime, days: int) -> st.SearchStrategy[datetime]:
    return st.integers(0, days * 86_400).map(lambda seconds: first + timedelta(seconds=seconds))


ADA = Calendar(zone=OSLO)
OPENS = oslo(2027, 1, 11, 9)  # a Monday
CLOSES = oslo(2027, 1, 22, 9)  # the second Friday


def decide(
    calendar: Calendar = ADA,
    at: datetime = OPENS,
    deadline: datetime = CLOSES,
    lately: Lately = (),
    minutes: float = 1.0,
    if_over_budget: Literal["wait", "skip"] = "skip",
) -> datetime | LeftAlone:
    return decide_when(at, deadline, calendar, lately, Budget(), minutes, if_over_budget)


def test_ada_is_asked_at_once_when_she_is_at_work() -> None:
    assert decide() == OPENS


def test_ada_is_asked_when_her_next_working_day_begins() -> None:
    assert decide(at=oslo(2027, 1, 15, 16)) == oslo(2027, 1, 18, 8)


def test_nobody_is_asked_at_the_weekend_unless_their_hours_include_it() -> None:
    saturday = oslo(2027, 1, 16, 11)
    assert decide(at=saturday) == oslo(2027, 1, 18, 8)
    assert decide(replace(ADA, hours=WorkingHours.parse("lør 10-14")), at=saturday) == saturday


def test_nobody_is_asked_on_a_day_off() -> None:
    off = frozenset({date(2027, 1, 11), date(2027, 1, 12)})
    assert decide(replace(ADA, days_off=off)) == oslo(2027, 1, 13, 8)


def test_ada_is_asked_when_she_is_back_from_leave() -> None:
    assert decide(replace(ADA, away=((date(2027, 1, 4), date(2027, 1, 13)),))) == oslo(2027, 1, 14, 8)


def test_leaves_that_follow_each_other_are_one_absence() -> None:
    leaves = ((date(2027, 1, 13), date(2027, 1, 14)), (date(2027, 1, 4), date(2027, 1, 12)))
    assert decide(replace(ADA, away=leaves)) == oslo(2027, 1, 15, 8)


@pytest.mark.parametrize("last", [date(2027, 1, 22), date(2027, 3, 1), date.max])
def test_leave_until_the_deadline_leaves_ada_alone_as_away(last: date) -> None:
    assert decide(replace(ADA, away=((date(2027, 1, 4), last),))) is LeftAlone.away


def test_a_pause_ends_on_its_date() -> None:
    assert decide(replace(ADA, paused_until=date(2027, 1, 14))) == oslo(2027, 1, 14, 8)
    assert decide(replace(ADA, paused_until=date(2027, 1, 11))) == OPENS


@pytest.mark.parametrize("until", [date(2027, 1, 23), date(2027, 6, 1), date.max])
def test_a_pause_beyond_the_deadline_leaves_ada_alone_as_paused(until: date) -> None:
    assert decide(replace(ADA, paused_until=until)) is LeftAlone.paused


def test_whoever_declined_is_never_asked_whatever_else_holds() -> None:
    for calendar in (ADA, replace(ADA, paused_until=date.max), replace(ADA, away=((date.min, date.max),))):
        assert decide(replace(calendar, declined=True)) is LeftAlone.declined


def test_hours_that_open_only_after_the_deadline_leave_no_time() -> None:
    assert decide(at=oslo(2027, 1, 15, 16), deadline=oslo(2027, 1, 18, 8)) is LeftAlone.no_time_before_deadline
    assert decide(at=CLOSES, deadline=CLOSES) is LeftAlone.no_time_before_deadline
    away = replace(ADA, away=((date(2027, 1, 1), date(2027, 2, 1)),), paused_until=date(2027, 2, 1))
    assert decide(away, at=oslo(2027, 1, 15, 16), deadline=oslo(2027, 1, 18)) is LeftAlone.no_time_before_deadline


def test_a_pause_and_a_leave_that_only_together_fill_the_time_are_told_as_away() -> None:
    both = replace(ADA, paused_until=date(2027, 1, 15), away=((date(2027, 1, 15), date(2027, 1, 30)),))
    assert decide(both) is LeftAlone.away


def asked(*days_ago: float, minutes: float = 1.0) -> Lately:
    return tuple((OPENS - timedelta(days=days), minutes) for days in days_ago)


def test_a_fourth_question_in_thirty_days_is_skipped() -> None:
    assert decide(lately=asked(1, 2)) == OPENS
    assert decide(lately=asked(1, 2, 3)) is LeftAlone.asked_enough
    assert decide(lately=asked(1, 2, 31)) == OPENS


def test_five_minutes_in_thirty_days_are_enough() -> None:
    assert decide(lately=asked(1, minutes=4)) == OPENS
    assert decide(lately=asked(1, minutes=4), minutes=1.5) is LeftAlone.asked_enough
    rounded = asked(1, minutes=0.9) + asked(2, minutes=3.2)  # with 0.9 more, 5.000000000000001
    assert decide(lately=rounded, minutes=0.9) == OPENS


def test_a_question_counts_until_it_is_thirty_days_old() -> None:
    budget = Budget(questions=1)
    old = asked(30)
    assert budget.count_asked(old, OPENS - timedelta(microseconds=1)) == Asked(lately=1, minutes=1.0)
    assert budget.count_asked(old, OPENS) == Asked(lately=0, minutes=0)


def test_what_is_planned_for_later_counts_too() -> None:
    assert decide(lately=asked(-1, -2, -3)) is LeftAlone.asked_enough


def test_a_flow_that_waits_comes_when_the_oldest_question_is_thirty_days_old() -> None:
    friday_noon = oslo(2026, 12, 18, 12)  # forgotten on Sunday the 17th
    lately = ((friday_noon + timedelta(days=4), 1.0), (friday_noon, 1.0), (OPENS - timedelta(days=1), 1.0))
    assert decide(lately=lately, if_over_budget="skip") is LeftAlone.asked_enough
    assert decide(lately=lately, if_over_budget="wait") == oslo(2027, 1, 18, 8)


def test_a_flow_that_waits_waits_until_enough_minutes_are_free() -> None:
    lately = asked(28, minutes=1) + asked(25, minutes=3.5)
    assert decide(lately=lately, minutes=1.5, if_over_budget="wait") == OPENS + timedelta(days=2)
    assert decide(lately=lately, minutes=2.5, if_over_budget="wait") == oslo(2027, 1, 18, 8)


def test_a_flow_that_waits_leaves_a_day_to_answer() -> None:
    lately = asked(27, 26, 25)  # the first is forgotten on Thursday at 09:00
    friday = oslo(2027, 1, 15, 9)
    assert decide(deadline=friday, lately=lately, if_over_budget="wait") == oslo(2027, 1, 14, 9)
    earlier = friday - timedelta(minutes=1)
    assert decide(deadline=earlier, lately=lately, if_over_budget="wait") is LeftAlone.asked_enough


def test_a_day_to_answer_is_a_day_by_the_wall_clock() -> None:
    forgotten_at, deadline = oslo(2027, 3, 27, 10), oslo(2027, 3, 28, 10)  # 23 hours apart
    weekend = replace(ADA, hours=WorkingHours.parse("helg 10-14"))
    lately = ((forgotten_at - timedelta(days=30), 5.0),)
    week_before = oslo(2027, 3, 21, 10)
    assert decide(weekend, week_before, deadline, lately, if_over_budget="wait") == forgotten_at


def test_a_flow_larger_than_the_whole_budget_is_never_asked() -> None:
    assert decide(minutes=6, if_over_budget="wait") is LeftAlone.asked_enough


def test_the_budget_is_judged_when_ada_is_back_and_not_when_the_flow_opens() -> None:
    away = replace(ADA, away=((date(2027, 1, 1), date(2027, 1, 17)),))
    assert decide(away, lately=asked(29, 28, 27)) == oslo(2027, 1, 18, 8)


def test_a_leave_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValueError, match="from 2027-01-13 to 2027-01-04 end before they begin"):
        replace(ADA, away=((date(2027, 1, 13), date(2027, 1, 4)),))


def test_people_with_equal_calendars_share_a_slot() -> None:
    same = Calendar(zone=OSLO, hours=WorkingHours.parse("man-fre 08:00-15:30"))
    assert len({ADA, same}) == 1


DAYS = st.dates(date(2027, 10, 15), date(2027, 11, 15))
CALENDARS = st.builds(
    Calendar,
    zone=st.sampled_from([OSLO, "America/New_York"]),
    hours=st.sampled_from(
        ["mon-fri 08:00-15:30", "alle dager 21:30-07:30", "lør 10-14", "sun 02-03", "every day 00-24"]
    ).map(WorkingHours.parse),
    away=st.lists(st.tuples(DAYS, DAYS).map(lambda pair: (min(pair), max(pair))), max_size=3).map(tuple),
    paused_until=st.none() | DAYS,
    days_off=st.frozensets(DAYS, max_size=5),
)
MOMENTS = moments(oslo(2027, 10, 10), 40)
LATELY = st.lists(
    st.tuples(moments(oslo(2027, 9, 5), 55), st.floats(0.5, 3)),
    max_size=5,
).map(tuple)


@settings(deadline=None, max_examples=400)
@given(CALENDARS, MOMENTS, MOMENTS, LATELY, st.floats(0.5, 4), st.sampled_from(["wait", "skip"]))
def test_nobody_is_asked_in_leave_in_a_pause_outside_hours_or_over_the_budget(
    calendar: Calendar,
    at: datetime,
    deadline: datetime,
    lately: Lately,
    minutes: float,
    if_over_budget: Literal["wait", "skip"],
) -> None:
    decided = decide(calendar, at, deadline, lately, minutes, if_over_budget)
    if isinstance(decided, LeftAlone):
        assert decided is not LeftAlone.declined
        return
    day = read_local(decided, calendar.zone).date()
    assert at <= decided < deadline
    assert calendar.hours.contains(decided, calendar.zone)
    assert not any(first <= day <= last for first, last in calendar.away)
    assert calendar.paused_until is None or day >= calendar.paused_until
    assert day not in calendar.days_off
    counted = [spent for asked_at, spent in lately if decided - asked_at < timedelta(days=30)]
    assert len(counted) < 3
    assert sum(counted) + minutes <= 5.001


@settings(deadline=None, max_examples=200)
@given(CALENDARS, MOMENTS, st.integers(1, 20))
def test_no_working_hour_is_passed_over(calendar: Calendar, at: datetime, days: int) -> None:
    decided = decide(calendar, at, at + timedelta(days=days))
    ends = at + timedelta(days=days) if isinstance(decided, LeftAlone) else decided
    for step in range(int((ends - at) / timedelta(minutes=30))):
        moment = at + step * timedelta(minutes=30)
        day = read_local(moment, calendar.zone).date()
        is_free = (
            any(first <= day <= last for first, last in calendar.away)
            or (calendar.paused_until is not None and day < calendar.paused_until)
            or day in calendar.days_off
        )
        assert is_free or not calendar.hours.contains(moment, calendar.zone)
