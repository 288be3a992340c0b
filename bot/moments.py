"""When people may be written to: each at a working moment of their own."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlmodel import Session

from flows.attention import Calendar, find_working_moment
from flows.schedule import SATURDAY
from storage.people import calendars
from storage.tables.sending import DeliveryKind


def find_working_moments(
    session: Session, people: Collection[int], kind: DeliveryKind, at: datetime, until: datetime
) -> dict[int, datetime]:
    """For each of these people the first moment from `at` and before `until` for a message of this kind. Those for
    whom there is none are left out."""
    return {
        person_id: moment
        for person_id, calendar in calendars(session, people, at.date()).items()
        if (moment := find_moment(calendar, kind, at, until)) is not None
    }


def find_moment(calendar: Calendar, kind: DeliveryKind, at: datetime, until: datetime) -> datetime | None:
    """The first working moment (UTC, at <= moment < until) for a message of this kind; None where there is none, or
    where the person said "don't ask me". A digest is somebody's work: it comes all the same, also in a pause from
    being asked. A reminder never comes at a weekend (the asking rules), not even to those who work then."""
    if kind is DeliveryKind.digest:
        calendar = replace(calendar, declined=False, paused_until=None)
    if kind is DeliveryKind.reminder:
        calendar = replace(calendar, days_off=calendar.days_off | _weekends(at, until))
    return None if calendar.declined else find_working_moment(calendar, at, until)


def _weekends(at: datetime, until: datetime) -> frozenset[date]:
    """The Saturdays and Sundays there, with a day on either side, since it is another day elsewhere."""
    days = (at.date() + timedelta(days=i) for i in range(-1, (until - at).days + 3))
    return frozenset(day for day in days if day.weekday() >= SATURDAY)
