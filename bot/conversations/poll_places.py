"""The units and groups a poll may go to: what is offered at once, and where there are many what is found by words."""

from collections.abc import Collection, Sequence

from bot.cards import Choice
from storage.tables import Unit

MOST_UNITS = 30  # more are offered from the two top levels alone; the others are found by words
MOST_FOUND = 50  # that somebody looks through while they write

SEPARATOR = " / "


def offer_units(places: Sequence[Unit], group: Unit, chosen: Collection[str]) -> tuple[tuple[Choice, ...], bool]:
    """The units to choose among, those that are chosen already among them, and whether there are more: all of them, or
    where there are many the two top levels and what lies around the group."""
    units = [one for one in places if not one.is_group]
    has_more = len(units) > MOST_UNITS
    if has_more:
        around = group.path.rpartition(SEPARATOR)[0]
        units = [one for one in units if _is_high(one) or _is_around(one.path, around) or str(one.id) in chosen]
    name = name_from_below if has_more else name_from_above
    return tuple(Choice(str(one.id), name(one)) for one in units), has_more


def offer_groups(places: Sequence[Unit], chosen: Collection[str]) -> tuple[tuple[Choice, ...], bool]:
    """The groups to choose among, those that are chosen already among them, and whether there are more."""
    groups = [one for one in places if one.is_group]
    has_more = len(groups) > MOST_UNITS
    if has_more:
        groups = [one for number, one in enumerate(groups) if number < MOST_UNITS or str(one.id) in chosen]
    return tuple(Choice(str(one.id), one.name) for one in groups), has_more


def find_places(places: Sequence[Unit], words: str, *, groups: bool) -> list[Choice]:
    """The units, or the groups, in whose path each of these words begins a word: those first in whose own name they all
    do, and higher ones before lower ones."""
    wanted = words.casefold().split()
    found = [one for one in places if one.is_group == groups and _is_meant(one.path, wanted)]
    found.sort(key=lambda one: (not _is_meant(one.name, wanted), one.path.count(SEPARATOR)))
    return [Choice(str(one.id), name_from_below(one)) for one in found[:MOST_FOUND]]


def name_from_above(unit: Unit) -> str:
    """A unit by its path without the top, which all of them have."""
    return unit.path.partition(SEPARATOR)[2] or unit.name


def name_from_below(unit: Unit) -> str:
    """The same, its own name first: where a list is narrow, the end is cut."""
    return " · ".join(reversed(name_from_above(unit).split(SEPARATOR)))


def _is_meant(text: str, wanted: Sequence[str]) -> bool:
    there = text.casefold().replace("-", " ").split()
    return all(any(one.startswith(word) for one in there) for word in wanted)


def _is_high(unit: Unit) -> bool:
    return unit.path.count(SEPARATOR) < 2


def _is_around(path: str, around: str) -> bool:
    """Whether a unit is the one the group lies in, or stands straight below it."""
    return bool(around) and around in (path, path.rpartition(SEPARATOR)[0])
