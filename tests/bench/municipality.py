"""A made-up municipality of any size, as lines of a file: units of twenty, each with a leader."""

from collections.abc import Iterator

HEADER = "number;name;mail;language;hours;leave;unit;membership;employer;role"
HOURS = ("", "man-fre 07:00-15:00", "man-fre 14:30-22:00", "man-søn 22:00-07:00", "tir-lør 10:00-18:00")
FIRST_NAMES = ("Ada", "Amina", "Bente", "Eirik", "Fatima", "Geir", "Ingrid", "Jonas", "Kari", "Ola", "Siv", "Turid")
LAST_NAMES = ("Berg", "Dahl", "Haile", "Lie", "Moen", "Nguyen", "Rød", "Solberg", "Vik", "Aas")
IN_A_UNIT = 20
UNITS_IN_A_SERVICE = 12
SERVICES_IN_A_SECTOR = 10


def make_lines(people: int, *, changed: int = 0) -> Iterator[str]:
    """The header and a line for each of so many people. Of the same people with `changed`, so many have other hours."""
    yield HEADER
    for number in range(people):
        yield make_line(number, is_changed=number * changed % people < changed)


def make_line(number: int, *, is_changed: bool = False) -> str:
    """One person. The first in each unit leads it; the second in each tenth unit is a union representative there."""
    unit = number // IN_A_UNIT
    service, sector = unit // UNITS_IN_A_SERVICE, unit // (UNITS_IN_A_SERVICE * SERVICES_IN_A_SECTOR)
    path = f"Storvik kommune / Sektor {sector + 1} / Virksomhet {service + 1} / Avdeling {unit + 1}"
    name = f"{FIRST_NAMES[number % 12]} {LAST_NAMES[number // 12 % 10]}"
    hours = "man-fre 09:00-13:00" if is_changed else HOURS[number % len(HOURS)]
    place = number % IN_A_UNIT
    role = "leader" if place == 0 else "representative" if place == 1 and unit % 10 == 0 else ""
    leave = "2027-01-04/2027-01-15" if place == 7 else ""
    language = ("nb", "nb", "nb", "nn", "en")[number % 5]
    return f"{10000 + number};{name};p{number}@storvik.example;{language};{hours};{leave};{path};home;;{role}"
