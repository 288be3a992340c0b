"""When people may be written to: each at a working moment of their own."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlmodel import Session

from flows.calendars import Calendar, find_working_moment
from flows.schedule import SATURDAY
from storage.people import people_by_calendar
from storage.tables.sending import DeliveryKind


def find_working_moments(
    session: Session, people: Collection[int], kind: DeliveryKind, at: datetime, until: datetime
) -> dict[int, datetime]:
    """For each of these people the first moment from `at` and before `until` for a message of this kind. Those for
    whom there is none are left out."""
    return {
        person_id: moment
        for calendar, alike in people_by_calendar(session, people, at.date()).items()
        if (moment := find_moment(calendar, kind, at, until)) is not None
        for person_id in alike
    }


def find_moment(calendar: Calendar, kind: DeliveryKind, at: datetime, until: datetime) -> datetime | None:
    """The first working moment (UTC, at <= moment < until) for a message of this kind; None where there is none, or
    where the person said "don't ask me". A digest is somebody's work: it comes all the same, also in a pause from
    being asked; so does what whoever looks after Medvirk must know. An edit disturbs nobody. A reminder never comes at
    a weekend (the asking rules), not even to those who are on shift then."""
    if kind is DeliveryKind.edit:
        return at
    if kind in (DeliveryKind.digest, DeliveryKind.put_out):
        calendar = replace(calendar, declined=False, paused_until=None)
    if kind is DeliveryKind.reminder:
        calendar = replace(calendar, away=(*calendar.away, *_weekends(at, until)))
    return None if calendar.declined else find_working_moment(calendar, at, until)


def _weekends(at: datetime, until: datetime) -> list[tuple[date, date]]:
    """Saturday and Sunday of each week there, and of the weeks around, since it is another day elsewhere."""
    saturday = at.date() + timedelta(days=SATURDAY - at.date().weekday() - 7)
    weeks = (until - at).days // 7 + 3
    return [(saturday + timedelta(days=7 * i), saturday + timedelta(days=7 * i + 1)) for i in range(weeks)]
