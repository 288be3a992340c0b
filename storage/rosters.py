"""Rosters: which shifts people have, what a new roster changes, and what is over."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, delete, select
from sqlmodel import Session

from storage import log
from storage.directory.natural import table_of
from storage.inserting import insert_missing
from storage.loading import is_among
from storage.tables.organisation import Person
from storage.tables.rosters import RosteredDays, Shift

Times = tuple[datetime, datetime]  # starts at, ends at
Days = tuple[date, date]  # first and last, both included


class Roster(NamedTuple):
    """What one roster says about one person. `begins_at` and `until` frame the starts of all that it replaces;
    `days` are those about which it says everything."""

    person_id: int
    days: Days
    begins_at: datetime
    until: datetime
    shifts: frozenset[Times]


@dataclass(frozen=True)
class RosterChange:
    """What importing rosters would change, by person id."""

    added: Mapping[int, Sequence[Times]]
    removed: Mapping[int, Sequence[Times]]
    days: Mapping[int, Sequence[Days]]  # said for the first time

    @property
    def is_empty(self) -> bool:
        return not (self.added or self.removed or self.days)


def find_shifts(
    connection: Connection, person_ids: Collection[int], on: date
) -> tuple[dict[int, list[Days]], dict[int, list[Times]]]:
    """The rostered days, and the shifts, of these people, as far as they are not over on `on`."""
    rostered, shift = table_of(RosteredDays).c, table_of(Shift).c
    days = select(rostered.person_id, rostered.starts_on, rostered.ends_on).where(
        is_among(connection, rostered.person_id, person_ids), rostered.ends_on >= on - timedelta(days=1)
    )
    times = select(shift.person_id, shift.starts_at, shift.ends_at).where(
        is_among(connection, shift.person_id, person_ids)
    )
    return (
        _group(connection.execute(days.order_by(rostered.starts_on, rostered.ends_on))),
        _group(connection.execute(times.order_by(shift.starts_at, shift.ends_at))),
    )


def find_roster_change(session: Session, rosters: Collection[Roster], at: datetime) -> RosterChange:
    """What must change for the store to say what the rosters say. A roster replaces the shifts of a person that start
    while it lasts; what is over at `at` is neither stored nor looked for."""
    people = {roster.person_id for roster in rosters}
    # Read whole: a roster is about many of those who have shifts at all.
    rostered, shift, connection = table_of(RosteredDays).c, table_of(Shift).c, session.connection()
    kept_days = _group(connection.execute(select(rostered.person_id, rostered.starts_on, rostered.ends_on)))
    kept = _group(connection.execute(select(shift.person_id, shift.starts_at, shift.ends_at)))
    wanted: dict[int, set[Times]] = {}
    replaced: dict[int, set[Times]] = {}
    days: dict[int, set[Days]] = {}
    for roster in rosters:
        one = roster.person_id
        wanted.setdefault(one, set()).update(times for times in roster.shifts if times[1] > at)
        replaced.setdefault(one, set()).update(
            times for times in kept.get(one, ()) if roster.begins_at <= times[0] < roster.until and times[1] > at
        )
        if roster.days not in kept_days.get(one, ()):
            days.setdefault(one, set()).add(roster.days)
    return RosterChange(
        added=_sort({one: wanted[one] - set(kept.get(one, ())) for one in people}),
        removed=_sort({one: replaced[one] - wanted[one] for one in people}),
        days=_sort(days),
    )


def apply_roster_change(session: Session, change: RosterChange, at: datetime) -> None:
    """Store a `change` that was found in this transaction, and log that it was."""
    if change.is_empty:
        return
    shift = table_of(Shift)
    gone = [{"one": one, "first": first, "last": last} for one, all_ in change.removed.items() for first, last in all_]
    if gone:
        session.connection().execute(
            delete(shift).where(
                shift.c.person_id == bindparam("one"),
                shift.c.starts_at == bindparam("first"),
                shift.c.ends_at == bindparam("last"),
            ),
            gone,
        )
    insert_missing(
        session,
        Shift,
        [
            {"person_id": one, "starts_at": first, "ends_at": last}
            for one, all_ in change.added.items()
            for first, last in all_
        ],
    )
    insert_missing(
        session,
        RosteredDays,
        [
            {"person_id": one, "starts_on": first, "ends_on": last}
            for one, all_ in change.days.items()
            for first, last in all_
        ],
    )
    people = change.added.keys() | change.removed.keys() | change.days.keys()
    log.append(session, at, "administrator", "roster imported", f"people:{len(people)}")


def forget_roster(session: Session, person_id: int, at: datetime) -> None:
    """Delete all shifts and rostered days of one person, whose own hours hold from now on; and log it."""
    for table in (table_of(Shift), table_of(RosteredDays)):
        session.connection().execute(delete(table).where(table.c.person_id == person_id))
    log.append(session, at, "administrator", "roster forgotten", f"person:{person_id}")


def delete_shifts_over_before(session: Session, at: datetime) -> None:
    """Shifts that ended before `at`, and rostered days that are all over then, wherever on earth the day is."""
    shift, rostered = table_of(Shift), table_of(RosteredDays)
    session.connection().execute(delete(shift).where(shift.c.ends_at <= at))
    session.connection().execute(delete(rostered).where(rostered.c.ends_on < at.date() - timedelta(days=1)))


def find_rostered_people(session: Session) -> tuple[dict[str, int], dict[str, int]]:
    """The ids of the active people by their numbers, and by their mail addresses in small letters."""
    person = table_of(Person).c
    rows = session.connection().execute(select(person.id, person.number, person.mail).where(person.active)).all()
    return {number: id_ for id_, number, _ in rows}, {mail.lower(): id_ for id_, _, mail in rows if mail}


def _group(rows: Iterable[Any]) -> dict[int, list[Any]]:
    """(person id, first, last) -> the pairs of each person, in the same order."""
    grouped: dict[int, list[Any]] = {}
    for person_id, first, last in rows:
        grouped.setdefault(person_id, []).append((first, last))
    return grouped


def _sort(found: Mapping[int, Collection[Any]]) -> dict[int, list[Any]]:
    return {person_id: sorted(pairs) for person_id, pairs in found.items() if pairs}
