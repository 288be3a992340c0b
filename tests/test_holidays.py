"""Norwegian public holidays, fixed and movable."""

from datetime import date, timedelta

import pytest

from flows.holidays import find_holidays


@pytest.mark.parametrize(
    "day",
    [
        "2027-01-01",
        "2027-03-25",  # Maundy Thursday
        "2027-03-26",
        "2027-03-28",
        "2027-03-29",  # Easter Monday
        "2027-05-01",
        "2027-05-06",  # Ascension Day
        "2027-05-17",  # Constitution Day, and Whit Monday that year
        "2027-12-25",
        "2027-12-26",
        "2028-04-13",  # Maundy Thursday, in the second year asked about
        "2028-05-17",
        "2028-06-05",  # Whit Monday
    ],
)
def test_a_public_holiday_is_found(day: str) -> None:
    assert date.fromisoformat(day) in find_holidays(2027, 2028)


@pytest.mark.parametrize(
    "day", ["2027-01-03", "2027-03-24", "2027-03-27", "2027-05-18", "2027-12-24", "2027-12-31", "2028-02-29"]
)
def test_other_days_are_none_not_even_ordinary_sundays_and_the_eves(day: str) -> None:
    assert date.fromisoformat(day) not in find_holidays(2027, 2028)


@pytest.mark.parametrize("year", range(2026, 2060))
def test_easter_and_whitsun_move_together(year: int) -> None:
    found = find_holidays(year, year)
    easter = next(day for day in sorted(found) if day.weekday() == 6 and day + timedelta(days=-3) in found)

    assert date(year, 3, 22) <= easter <= date(year, 4, 25)
    assert {easter + timedelta(days=days) for days in (-3, -2, 0, 1, 39, 49, 50)} <= found
    assert {day.year for day in found} == {year}
