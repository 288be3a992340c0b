"""Working hours as people write them, and when they are open."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.hours import DAY, WEEK, WorkingHours

OSLO = "Europe/Oslo"
MONDAY = datetime(2027, 1, 11, tzinfo=ZoneInfo(OSLO))  # a week in which no clock changes


def oslo(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=ZoneInfo(OSLO)).astimezone(UTC)


def moments(first: datetime, days: int) -> st.SearchStrategy[datetime]:
    return st.integers(0, days * 86_400).map(lambda seconds: first + timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("mon-fri 08:00-15:30", "mon-fri 08:00-15:30"),
        ("man-fre 08:00-15:30; lør 10-14", "mon-fri 08:00-15:30; sat 10:00-14:00"),
        ("man-fre 08:00-15:30, lør 10-14", "mon-fri 08:00-15:30; sat 10:00-14:00"),
        ("Mandag til fredag kl. 8.30 til 15", "mon-fri 08:30-15:00"),
        ("måndag-fredag 8-15.30", "mon-fri 08:00-15:30"),
        ("tys 8-16; laurdag 10-14; sundag 12-18", "tue 08:00-16:00; sat 10:00-14:00; sun 12:00-18:00"),
        ("tysdag, tors og fre 0800–1530", "tue,thu-fri 08:00-15:30"),
        ("tir tor 8-16", "tue,thu 08:00-16:00"),
        ("Monday to Thursday 9-17; Friday 9-15", "mon-thu 09:00-17:00; fri 09:00-15:00"),
        ("alle dager 7-15", "mon-sun 07:00-15:00"),
        ("kvar dag 7-15", "mon-sun 07:00-15:00"),
        ("every day 21:30-07:30", "mon-sun 21:30-07:30"),
        ("every day 00:00-24:00", "mon-sun 00:00-24:00"),
        ("hverdager 8-16; helg 10-14", "mon-fri 08:00-16:00; sat-sun 10:00-14:00"),
        ("søn 21:30-07:30", "sun 21:30-07:30"),
        ("fre-man 15-23", "mon,fri-sun 15:00-23:00"),
        ("mon 16-24", "mon 16:00-24:00"),
        ("sun 20-24; mon 8-10", "mon 08:00-10:00; sun 20:00-24:00"),
        ("sun 20-23; mon 0-10", "mon 00:00-10:00; sun 20:00-23:00"),
        ("mon 16-0", "mon 16:00-24:00"),
        ("mon 8-12 13-16", "mon 08:00-12:00; mon 13:00-16:00"),
        ("mon 08:00-24:00; tue 00:00-08:00", "mon 08:00-24:00; tue 00:00-08:00"),
        ("man.-fre. 8-15.", "mon-fri 08:00-15:00"),
        ("ma\u030andag 8-15", "mon 08:00-15:00"),  # å as two characters, as some systems write it
    ],
)
def test_hours_are_read_in_three_languages_and_written_in_one_form(text: str, canonical: str) -> None:
    hours = WorkingHours.parse(text)
    assert str(hours) == canonical
    assert WorkingHours.parse(canonical) == hours


@pytest.mark.parametrize(
    ("names", "canonical"),
    [
        ("man tir ons tor fre lør søn", "mon tue wed thu fri sat sun"),
        ("man tirs ons tors fre lør søn", "mon tue wed thu fri sat sun"),
        ("mån tys ons tor fre lau sun", "mon tue wed thu fri sat sun"),
        ("måndag tysdag onsdag torsdag fredag laurdag sundag", "mon tue wed thu fri sat sun"),
        ("mandag tirsdag onsdag torsdag fredag lørdag søndag", "mon tue wed thu fri sat sun"),
        ("mon tues wed thurs fri sat sun", "mon tue wed thu fri sat sun"),
        ("Mondays Tuesdays Wednesdays Thursdays Fridays Saturdays Sundays", "mon tue wed thu fri sat sun"),
    ],
)
def test_every_name_of_a_day_means_that_day(names: str, canonical: str) -> None:
    for name, day in zip(names.split(), canonical.split(), strict=True):
        assert str(WorkingHours.parse(f"{name} 8-15")) == f"{day} 08:00-15:00"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "nothing is written there"),
        (" ; ", "nothing is written there"),
        ("sometimes", '"sometimes" is not the name of a day'),
        ("ma-fr 8-15", '"ma" is not the name of a day'),
        ("man-fre", '"man-fre" names days without times'),
        ("man; tir 8-15", '"man" names days without times'),
        ("man 8-15, tir", "names days without times"),
        ("8-15", '"8-15" comes without a day before it'),
        ("man 8", '"8" is neither a day nor a span of time'),
        ("man 8-25", '"25" is not a time of day'),
        ("man 8.75-15", '"8.75" is not a time of day'),
        ("man 24-08", '"24-08" does not last'),
        ("man 08:00-08:00", "a whole day is 00:00-24:00"),
        ("man 8-15 (ikke i ferien)", "is neither a day nor a span of time"),
        ("man 108-15", '"1" is neither a day nor a span of time'),
    ],
)
def test_what_cannot_be_read_is_told_with_an_example(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match="cannot be read") as refused:
        WorkingHours.parse(text)
    assert f'the working hours "{text}"' in str(refused.value)
    assert problem in str(refused.value)
    assert 'mon-fri 08:00-15:30; sat 10:00-14:00"' in str(refused.value)


def test_the_usual_hours_are_monday_to_friday_from_eight_to_half_past_three() -> None:
    assert str(WorkingHours()) == "mon-fri 08:00-15:30"
    assert WorkingHours() == WorkingHours.parse("man-fre 8-15.30")


def test_equal_hours_are_equal_however_they_were_written() -> None:
    assert WorkingHours.parse("mon 8-12; mon 12-16") == WorkingHours.parse("mon 10-16, mon 8-11")
    assert WorkingHours.parse("sun 22-06") == WorkingHours.parse("mon 0-6; sun 22-24")
    assert hash(WorkingHours.parse("mon 8-12; mon 12-16")) == hash(WorkingHours.parse("mon 8-16"))
    assert WorkingHours.parse("mon 8-16") != WorkingHours.parse("tue 8-16")


def test_hours_without_any_time_cannot_be() -> None:
    for spans in ((), ((60, 60),), ((-1, 60),), ((WEEK, WEEK + 60),)):
        with pytest.raises(ValueError, match="spans of the week's minutes"):
            WorkingHours(spans)


def test_the_end_of_a_span_is_not_inside_it() -> None:
    hours = WorkingHours()
    assert hours.contains(oslo(2027, 1, 11, 8), OSLO)
    assert not hours.contains(oslo(2027, 1, 11, 15, 30), OSLO)
    assert hours.next_open(oslo(2027, 1, 15, 15, 30), OSLO) == oslo(2027, 1, 18, 8)


def test_a_night_shift_goes_on_into_the_next_morning_and_the_next_week() -> None:
    nights = WorkingHours.parse("søn 21:30-07:30")
    assert nights.contains(oslo(2027, 1, 18, 7, 29), OSLO)
    assert not nights.contains(oslo(2027, 1, 18, 7, 30), OSLO)
    assert nights.next_open(oslo(2027, 1, 18, 3), OSLO) == oslo(2027, 1, 18, 3)
    assert nights.next_open(oslo(2027, 1, 18, 8), OSLO) == oslo(2027, 1, 24, 21, 30)


def test_hours_follow_the_wall_clock_of_the_zone() -> None:
    hours = WorkingHours()
    assert hours.next_open(oslo(2027, 3, 26, 16), OSLO) == datetime(2027, 3, 29, 6, tzinfo=UTC)
    assert hours.next_open(oslo(2027, 10, 29, 16), OSLO) == datetime(2027, 11, 1, 7, tzinfo=UTC)
    assert hours.contains(datetime(2027, 1, 11, 7, tzinfo=UTC), OSLO)
    assert not hours.contains(datetime(2027, 1, 11, 7, tzinfo=UTC), "Europe/London")


def test_a_night_shift_is_an_hour_shorter_in_spring_and_longer_in_autumn() -> None:
    nights = WorkingHours.parse("sat 21:30-07:30")
    for evening, hours_open in ((oslo(2027, 3, 27, 21, 30), 9), (oslo(2027, 10, 30, 21, 30), 11)):
        closes_at = evening + timedelta(hours=hours_open)
        inside = [evening + timedelta(minutes=10 * step) for step in range(hours_open * 6)]
        assert all(nights.contains(at, OSLO) for at in inside)
        assert not nights.contains(closes_at, OSLO)


def test_a_span_inside_the_hour_that_spring_leaves_out_waits_for_the_next_week() -> None:
    short = WorkingHours.parse("sun 02:10-02:50")
    assert short.next_open(oslo(2027, 3, 28, 0), OSLO) == oslo(2027, 4, 4, 2, 10)
    cut = WorkingHours.parse("sun 02:30-06:00")
    assert cut.next_open(oslo(2027, 3, 28, 0), OSLO) == oslo(2027, 3, 28, 3)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="has no time zone"):
        WorkingHours().next_open(datetime.fromisoformat("2027-01-12 09:00"), OSLO)


SPANS = st.tuples(st.integers(0, WEEK - 1), st.integers(1, 2 * DAY)).map(lambda span: (span[0], sum(span)))
HOURS = st.lists(SPANS, min_size=1, max_size=6).map(lambda spans: WorkingHours(tuple(spans)))
ZONES = st.sampled_from([OSLO, "UTC", "Australia/Lord_Howe", "America/Santiago", "America/Havana"])
MOMENTS = st.one_of(moments(oslo(2024, 1, 1), 3_000), moments(oslo(2027, 3, 27), 3), moments(oslo(2027, 10, 30), 3))


@settings(deadline=None, max_examples=200)
@given(HOURS)
def test_what_is_written_reads_back_equal(hours: WorkingHours) -> None:
    assert WorkingHours.parse(str(hours)) == hours


@settings(deadline=None, max_examples=200)
@given(st.lists(SPANS, min_size=1, max_size=6), st.integers(0, WEEK - 1))
def test_hours_contain_the_minutes_of_their_spans_and_no_others(spans: list[tuple[int, int]], minute: int) -> None:
    at = (MONDAY + timedelta(minutes=minute)).astimezone(UTC)
    inside = any(opens <= again < closes for opens, closes in spans for again in (minute, minute + WEEK))
    assert WorkingHours(tuple(spans)).contains(at, OSLO) == inside


@settings(deadline=None, max_examples=300)
@given(HOURS, MOMENTS, ZONES, st.floats(0, 1, exclude_max=True))
def test_the_next_open_moment_is_never_before_is_inside_and_is_the_first(
    hours: WorkingHours, at: datetime, zone: str, share: float
) -> None:
    opens_at = hours.next_open(at, zone)
    assert opens_at >= at
    assert hours.contains(opens_at, zone)
    assert opens_at.tzinfo is UTC
    between = at + (opens_at - at) * share
    assert between == opens_at or not hours.contains(between, zone)
