"""When rounds close: never just after the digest that is to tell about them."""

import pytest

from tests.office import MakeOffice, oslo, said, shipped
from tests.office_courses import FLOWS, TITLE, both_wards, bring, lines_of

A_FORTNIGHT = {"schedule": {"cron": "0 9 * * mon#1"}, "deadline_days": 14}


def test_a_course_round_that_closes_on_a_monday_is_in_the_digest_of_that_monday(make_office: MakeOffice) -> None:
    office = make_office(flows=FLOWS)
    bring(office, lines_of(both_wards()))  # asked on a Wednesday; ten days later is a Saturday

    office.pass_time("2027-01-18 12:00")

    assert office.runs("course_reaction")[0].closed_at == oslo("2027-01-18 08:00")
    week = office.week("Grace").text
    assert f"KURSET «{TITLE.upper()}»" in week
    assert said("course.see") in week


@pytest.mark.parametrize(
    ("digest_cron", "closes_at"),
    [
        ("0 8 * * mon", "2027-01-18 08:00"),  # the digest an hour before its usual clock
        ("0 12 * * mon", "2027-01-18 09:00"),  # before the digest already
        ("0 8 * * tue", "2027-01-18 09:00"),  # the digest is on another day
    ],
)
def test_a_round_closes_with_the_digest_of_its_last_day_where_its_clock_is_later(
    make_office: MakeOffice, digest_cron: str, closes_at: str
) -> None:
    office = make_office(flows=[shipped("pulse", **A_FORTNIGHT)], digest_cron=digest_cron)

    office.pass_time("2027-01-04 12:00")

    assert [run.closes_at for run in office.runs()] == [oslo(closes_at)]
