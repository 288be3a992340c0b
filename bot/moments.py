"""When people may be written to: each at a working moment of their own."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel import Session

from flows.attention import find_working_moment
from storage.people import calendars


def find_working_moments(
    session: Session, people: Collection[int], at: datetime, until: datetime, *, even_if_declined: bool = False
) -> dict[int, datetime]:
    """For each of these people the first working moment from `at` and before `until`. Those who said "don't ask me",
    and those who are away all the while, are left out; `even_if_declined` is for what somebody's work needs."""
    return {
        person_id: moment
        for person_id, calendar in calendars(session, people, at.date()).items()
        if (even_if_declined or not calendar.declined)
        and (moment := find_working_moment(calendar, at, until)) is not None
    }
