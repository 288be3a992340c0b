"""What importing rosters would change, in plain words."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from bot.counting import count
from flows.schedule import read_local
from storage.rosters import RosterChange
from storage.tables import Person


def summarise(change: RosterChange) -> str:
    """One line of counts: '5 people: 42 shifts new, 3 taken away'."""
    if change.is_empty:
        return "nothing has changed"
    people = len(change.added.keys() | change.removed.keys() | change.days.keys())
    added, removed = (sum(map(len, one.values())) for one in (change.added, change.removed))
    return f"{count(people, 'person', 'people')}: {count(added, 'shift')} new, {removed} taken away"


def describe(change: RosterChange, people: Mapping[int, Person]) -> Iterator[str]:
    """Everybody whose roster would change, with the shifts that come and go, by the person's own clock."""
    touched = change.added.keys() | change.removed.keys() | change.days.keys()
    for person_id in sorted(touched, key=lambda one: people[one].name.casefold()):
        person = people[person_id]
        yield f"{person.name} ({person.number}), times in {person.zone}"
        for first, last in change.days.get(person_id, ()):
            yield f"  the roster speaks about {first} to {last}"
        for sign, shifts in (("new", change.added), ("gone", change.removed)):
            for starts_at, ends_at in shifts.get(person_id, ()):
                yield f"  {sign}: {_show(starts_at, person.zone)} to {_show(ends_at, person.zone)}"


def _show(at: datetime, zone: str) -> str:
    return f"{read_local(at, zone):%Y-%m-%d %H:%M}"
