"""When it suits a person to be asked: a few choices, each a part of the day, and which of them make sense for whom."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from flows.calendars import Calendar
from flows.hours import WorkingHours

LEAST_MINUTES = 60  # of a week: a shift that ends at a quarter past ten is no work at night


class Suits(StrEnum):
    """A part of the day that a person may prefer."""

    always = "always"  # no wish: whenever at work
    morning = "morning"
    midday = "midday"
    afternoon = "afternoon"
    evening = "evening"
    night = "night"


HOURS: Mapping[Suits, WorkingHours] = MappingProxyType(
    {
        Suits.morning: WorkingHours.parse("mon-sun 06:00-10:00"),
        Suits.midday: WorkingHours.parse("mon-sun 10:00-13:00"),
        Suits.afternoon: WorkingHours.parse("mon-sun 13:00-17:00"),
        Suits.evening: WorkingHours.parse("mon-sun 17:00-22:00"),
        Suits.night: WorkingHours.parse("mon-sun 22:00-06:00"),
    }
)


def find_choice(suits: WorkingHours | None) -> Suits:
    """The choice that these hours are; `always` where they are none of ours."""
    return next((choice for choice, hours in HOURS.items() if hours == suits), Suits.always)


def find_choices(calendar: Calendar) -> list[Suits]:
    """The choices for this person: all for who works by a roster, else those in which own hours have at least an hour
    of the week; and what was chosen before."""
    chosen = find_choice(calendar.suits)
    fitting = [
        choice
        for choice, hours in HOURS.items()
        if calendar.rostered or choice is chosen or calendar.hours.count_shared(hours) >= LEAST_MINUTES
    ]
    return [Suits.always, *fitting]
