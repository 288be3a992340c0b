"""When a flow opens, and when deadlines and reminders fall, also on the nights when clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from cronsim import CronSim
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from flows.schedule import (
    Schedule,
    add_days,
    add_working_days,
    find_moment,
    find_next,
    find_occurrences,
    find_zone,
    move_off_weekend,
    read_local,
)

OSLO = "Europe/Oslo"
SPRING = datetime(2027, 3, 28, tzinfo=UTC)  # 02:00 to 03:00 is left out
AUTUMN = datetime(2027, 10, 31, tzinfo=UTC)  # 02:00 to 03:00 comes twice


def oslo(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=ZoneInfo(OSLO)).astimezone(UTC)


def moments(first: datetime, days: int) -> st.SearchStrategy[datetime]:
    return st.integers(0, days * 86_400).map(lambda seconds: first + timedelta(seconds=seconds))


def on(*days: str, at: str = "09:00") -> Schedule:
    return Schedule.model_validate({"on": days, "time": at})


def slots(schedule: Schedule, after: datetime, until: datetime) -> list[str]:
    return [f"{one.local_date} {one.slot}" for one in find_occurrences(schedule, OSLO, after, until)]


def test_the_first_monday_keeps_nine_o_clock_in_winter_and_in_summer() -> None:
    found = find_occurrences(Schedule(cron="0 9 * * mon#1"), OSLO, oslo(2027, 3, 1), oslo(2027, 5, 1))
    assert [(one.local_date, one.slot, one.zone) for one in found] == [
        (date(2027, 3, 1), "09:00", OSLO),
        (date(2027, 4, 5), "09:00", OSLO),
    ]
    assert [one.at for one in found] == [
        datetime(2027, 3, 1, 8, tzinfo=UTC),
        datetime(2027, 4, 5, 7, tzinfo=UTC),
    ]


def test_half_past_two_in_autumn_comes_once_and_the_first_time() -> None:
    found = find_occurrences(Schedule(cron="30 2 * * *"), OSLO, AUTUMN - timedelta(hours=12), oslo(2027, 11, 1))
    assert [(one.local_date, one.slot, one.at) for one in found] == [
        (date(2027, 10, 31), "02:30", datetime(2027, 10, 31, 0, 30, tzinfo=UTC))
    ]


def test_half_past_two_in_spring_is_due_after_the_gap_under_its_own_slot() -> None:
    found = find_occurrences(Schedule(cron="30 2,3 * * *"), OSLO, oslo(2027, 3, 28), oslo(2027, 3, 29))
    assert [(one.slot, one.at) for one in found] == [
        ("02:30", datetime(2027, 3, 28, 1, 0, tzinfo=UTC)),
        ("03:30", datetime(2027, 3, 28, 1, 30, tzinfo=UTC)),
    ]


def test_a_window_that_ends_inside_the_repeated_hour_still_holds_what_came_before() -> None:
    second_ten_past_two = datetime(2027, 10, 31, 1, 10, tzinfo=UTC)
    half_past_two = Schedule(cron="30 2 * * *")
    assert slots(half_past_two, oslo(2027, 10, 31), second_ten_past_two) == ["2027-10-31 02:30"]
    assert slots(half_past_two, second_ten_past_two, oslo(2027, 11, 1)) == []


def test_the_29th_of_february_comes_in_leap_years_only() -> None:
    leap = slots(Schedule(cron="0 9 29 2 *"), oslo(2026, 1, 1), oslo(2033, 1, 1))
    assert leap == ["2028-02-29 09:00", "2032-02-29 09:00"]
    assert slots(Schedule(cron="0 9 L 2 *"), oslo(2027, 1, 1), oslo(2029, 1, 1)) == [
        "2027-02-28 09:00",
        "2028-02-29 09:00",
    ]
    assert slots(on("2028-02-29"), oslo(2028, 2, 28), oslo(2028, 3, 1)) == ["2028-02-29 09:00"]


def test_dates_come_in_order_at_their_time() -> None:
    twice = Schedule.model_validate({"on": ["2027-08-16", "2027-01-12"], "time": "10:30"})
    assert slots(twice, oslo(2027, 1, 1), oslo(2027, 12, 31)) == ["2027-01-12 10:30", "2027-08-16 10:30"]
    nine = Schedule.model_validate({"on": ["2027-01-12"]})
    assert slots(nine, oslo(2027, 1, 1), oslo(2027, 12, 31)) == ["2027-01-12 09:00"]


def test_a_flow_on_demand_never_opens_by_itself() -> None:
    assert slots(Schedule(on_demand=True), oslo(2020, 1, 1), oslo(2030, 1, 1)) == []
    assert find_next(Schedule(on_demand=True), OSLO, oslo(2020, 1, 1), oslo(2030, 1, 1)) is None


def test_the_window_holds_its_end_and_not_its_beginning() -> None:
    nine = oslo(2027, 1, 12, 9)
    for schedule in (on("2027-01-12"), Schedule(cron="0 9 12 1 *")):
        assert slots(schedule, nine - timedelta(microseconds=1), nine) == ["2027-01-12 09:00"]
        assert slots(schedule, nine, nine + timedelta(days=1)) == []


def test_the_next_occurrence_is_the_first_within_the_horizon() -> None:
    mondays = Schedule(cron="0 9 * * mon")
    found = find_next(mondays, OSLO, oslo(2027, 1, 4, 9), oslo(2027, 3, 1))
    assert found is not None
    assert found.at == oslo(2027, 1, 11, 9)
    assert find_next(mondays, OSLO, oslo(2027, 1, 4, 9), oslo(2027, 1, 11, 8)) is None


LOOKS_NEAR_A_CHANGE = st.sampled_from([SPRING, AUTUMN]).flatmap(
    lambda night: st.lists(moments(night - timedelta(days=1), 3), min_size=2, max_size=8)
)
SCHEDULES = st.one_of(
    st.sampled_from(["30 2 * * *", "*/15 * * * *", "0,59 1-3 * * *", "5 2 * * sun", "0 0 L * *"]).map(
        lambda cron: Schedule(cron=cron)
    ),
    st.sampled_from(["02:00", "02:30", "02:59", "03:00", "09:00"]).map(
        lambda at: on("2027-03-27", "2027-03-28", "2027-10-30", "2027-10-31", at=at)
    ),
)


@settings(deadline=None, max_examples=150)
@given(SCHEDULES, LOOKS_NEAR_A_CHANGE)
@example(Schedule(cron="30 2 * * *"), [AUTUMN + timedelta(minutes=minutes) for minutes in (0, 35, 70, 95, 200)])
@example(Schedule(cron="30 2 * * *"), [SPRING + timedelta(minutes=minutes) for minutes in (0, 59, 60, 61)])
def test_windows_that_abut_find_together_what_one_window_finds(schedule: Schedule, looks: list[datetime]) -> None:
    looks = sorted(looks)
    parts = [one for after, until in pairwise(looks) for one in find_occurrences(schedule, OSLO, after, until)]
    whole = find_occurrences(schedule, OSLO, looks[0], looks[-1])
    assert parts == whole
    assert len({(one.local_date, one.slot) for one in whole}) == len(whole)
    assert [one.at for one in whole] == sorted(one.at for one in whole)
    assert all(looks[0] < one.at <= looks[-1] for one in whole)


@settings(deadline=None, max_examples=50)
@given(
    st.sampled_from(["30 2 * * *", "0 9 * * mon#1", "0 9 LW * *", "45 23 29 2 *", "0 12 * * 5L"]),
    moments(oslo(2024, 1, 1), 1_500),
    st.integers(1, 400),
)
def test_every_wall_clock_that_the_cron_names_is_found_once(cron: str, after: datetime, days: int) -> None:
    until = after + timedelta(days=days)
    named = []
    for local in CronSim(cron, read_local(after, OSLO) - timedelta(days=2)):
        if local > read_local(until, OSLO) + timedelta(days=2):
            break
        named.append(local)
    found = find_occurrences(Schedule(cron=cron), OSLO, after, until)
    expected = [local for local in named if after < find_moment(local, OSLO) <= until]
    assert [(one.local_date, one.slot) for one in found] == [(one.date(), f"{one:%H:%M}") for one in expected]


@pytest.mark.parametrize(
    ("zone", "evening"),
    [
        (OSLO, "2027-03-27 23:00"),
        (OSLO, "2027-10-30 23:00"),
        (OSLO, "2027-06-15 23:00"),
        ("Australia/Lord_Howe", "2027-10-02 23:00"),  # half an hour
        ("America/Santiago", "2027-09-04 20:00"),  # at midnight
        ("Pacific/Apia", "2011-12-29 22:00"),  # a whole day left out
    ],
)
def test_a_wall_clock_means_the_first_moment_at_which_the_clock_has_come_so_far(zone: str, evening: str) -> None:
    night = datetime.fromisoformat(evening)
    begins = night.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    shown = [begins + timedelta(minutes=minutes) for minutes in range(8 * 60)]
    clocks = [read_local(moment, zone).replace(fold=0) for moment in shown]
    for minutes in range(5 * 60):
        local = night + timedelta(minutes=minutes)
        first = next(moment for moment, clock in zip(shown, clocks, strict=True) if clock >= local)
        assert find_moment(local, zone) == first


def test_a_deadline_of_seven_days_keeps_the_wall_clock_over_both_changes() -> None:
    assert add_days(oslo(2027, 3, 25, 9), 7, OSLO) == oslo(2027, 4, 1, 9)
    assert add_days(oslo(2027, 10, 28, 9), 7, OSLO) == oslo(2027, 11, 4, 9)
    assert add_days(oslo(2028, 2, 25, 9), 7, OSLO) == oslo(2028, 3, 3, 9)
    assert add_days(oslo(2027, 4, 1, 9), -7, OSLO) == oslo(2027, 3, 25, 9)


def test_a_deadline_may_have_its_own_time_of_day() -> None:
    assert add_days(oslo(2027, 1, 12, 9), 3, OSLO, time(15, 30)) == oslo(2027, 1, 15, 15, 30)
    assert add_days(oslo(2027, 1, 12, 9), 3, OSLO, time(0, 0)) == oslo(2027, 1, 15)


def test_no_days_later_is_the_same_moment_also_in_the_repeated_hour() -> None:
    for minutes in (0, 30, 60, 90):
        at = AUTUMN + timedelta(minutes=minutes)
        assert add_days(at, 0, OSLO) == at
        assert add_working_days(at, 0, OSLO) == at


def test_a_deadline_in_the_hour_that_spring_leaves_out_falls_after_it() -> None:
    assert add_days(oslo(2027, 3, 27, 2, 30), 1, OSLO) == oslo(2027, 3, 28, 3)


def test_working_days_pass_over_weekends_and_days_off() -> None:
    thursday = oslo(2027, 3, 25, 9)
    assert add_working_days(thursday, 2, OSLO) == oslo(2027, 3, 29, 9)
    assert add_working_days(oslo(2027, 3, 27, 9), 1, OSLO) == oslo(2027, 3, 29, 9)
    assert add_working_days(oslo(2027, 3, 29, 9), -1, OSLO) == oslo(2027, 3, 26, 9)
    easter = frozenset({date(2027, 3, 25), date(2027, 3, 26), date(2027, 3, 29)})
    assert add_working_days(oslo(2027, 3, 24, 9), 1, OSLO, time(12), easter) == oslo(2027, 3, 30, 12)


def test_a_reminder_at_the_weekend_moves_to_monday_at_the_same_time() -> None:
    assert move_off_weekend(oslo(2027, 3, 27, 9), OSLO) == oslo(2027, 3, 29, 9)
    assert move_off_weekend(oslo(2027, 3, 28, 9), OSLO) == oslo(2027, 3, 29, 9)
    assert move_off_weekend(oslo(2027, 3, 26, 9), OSLO) == oslo(2027, 3, 26, 9)


def test_the_weekend_is_the_one_of_the_zone() -> None:
    friday_night_in_utc = datetime(2027, 1, 8, 23, 30, tzinfo=UTC)
    assert move_off_weekend(friday_night_in_utc, OSLO) == oslo(2027, 1, 11, 0, 30)
    assert move_off_weekend(friday_night_in_utc, "UTC") == friday_night_in_utc


@pytest.mark.parametrize(
    ("written", "remedy"),
    [
        ({}, "exactly one of"),
        ({"cron": "0 9 * * mon", "on_demand": True}, "exactly one of"),
        ({"on": []}, "exactly one of"),
        ({"on_demand": False}, "exactly one of"),
        ({"cron": "0 9 * *"}, "has 4 fields, but five are needed"),
        ({"cron": "0 0 9 * * mon"}, "has 6 fields, but five are needed"),
        ({"cron": "@daily"}, "has 1 fields, but five are needed"),
        ({"cron": "0 9 * * man"}, "English names"),
        ({"cron": "0 25 * * mon"}, r"cannot be read \(Bad hour\)"),
        ({"cron": "0 9 1-7 * mon"}, 'write the first Monday as "0 9 \\* \\* mon#1"'),
        ({"cron": "0 9 31 2 *"}, "Bad day-of-month"),
        ({"cron": "0 9 */31 2 mon#5"}, "never comes"),
        ({"cron": "0 9 * * mon", "time": "09:00"}, 'time belongs to "on"'),
        ({"on": ["2027-02-29"]}, 'a list of dates such as \\["2027-01-12"\\]'),
        ({"on": "2027-01-12"}, "a list of dates"),
        ({"on": [1799712000]}, "a list of dates"),
        ({"on": ["2027-01-12 09:00"]}, 'put the time in "time"'),
        ({"on": [datetime.fromisoformat("2027-01-12")]}, 'put the time in "time"'),
        ({"on": ["2027-01-12", "2027-01-12"]}, "names 2027-01-12 twice"),
        ({"on": ["2027-01-12"], "time": "24:00"}, 'such as "09:00"'),
        ({"on": ["2027-01-12"], "time": "9"}, 'such as "09:00"'),
        ({"on": ["2027-01-12"], "time": 630}, 'such as "09:00"'),
        ({"on": ["2027-01-12"], "at": "09:00"}, "at\n.*not permitted"),
    ],
)
def test_a_schedule_that_cannot_be_is_refused_with_what_to_write_instead(
    written: dict[str, object], remedy: str
) -> None:
    with pytest.raises(ValidationError, match=remedy):
        Schedule.model_validate(written)


@pytest.mark.parametrize(
    "schedule",
    [Schedule(cron="0 9 * * mon#1,mon#3"), on("2027-08-16", "2027-01-12"), Schedule(on_demand=True)],
)
def test_a_frozen_schedule_is_read_back_as_it_was(schedule: Schedule) -> None:
    assert Schedule.model_validate_json(schedule.model_dump_json(exclude_none=True)) == schedule
    with pytest.raises(ValidationError, match="frozen"):
        schedule.cron = "0 9 * * *"  # type: ignore[misc]


@pytest.mark.parametrize("name", ["Oslo", "", "../etc/passwd", "Europe", "Europe/Oslo\0"])
def test_an_unknown_zone_is_refused_with_a_remedy(name: str) -> None:
    with pytest.raises(ValueError, match=r'is not known; write an IANA name such as "Europe/Oslo"'):
        find_zone(name)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="has no time zone"):
        add_days(datetime.fromisoformat("2027-01-12 09:00"), 1, OSLO)
