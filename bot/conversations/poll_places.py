"""The units and groups a poll may go to: what is offered at once, and where there are many what is found by words."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.cards import Choice
from storage.tables import Unit

MOST_UNITS = 30  # more are offered from the two top levels alone; the others are found by words
MOST_WHILE_WRITING = 50  # are found for somebody who is still writing
LONGEST_SOUGHT = 100  # characters that are looked for: each word in each unit, while the writer waits
MOST_FOUND = 20  # of those found are shown: with their paths, they fit in a card of Teams

SEPARATOR = " / "


@dataclass(frozen=True)
class Offer:
    """What a field shows to choose among, whether there are more than stand here, and how many were found for the words
    somebody looked for."""

    choices: tuple[Choice, ...]
    has_more: bool
    found: int = 0


def offer_units(places: Sequence[Unit], group: Unit, chosen: Collection[str], sought: str = "") -> Offer:
    """All units; or where there are many what is chosen already, and what is found for the words `sought`. Without such
    words, or where nothing is found, the two top levels and what lies around the group."""
    units = [one for one in places if not one.is_group]
    if len(units) <= MOST_UNITS:
        return Offer(tuple(Choice(str(one.id), name_from_above(one)) for one in units), has_more=False)
    around = group.path.rpartition(SEPARATOR)[0]
    near = [one for one in units if _is_high(one) or _is_around(one.path, around)]
    return _offer_some(units, near, chosen, sought)


def offer_groups(places: Sequence[Unit], chosen: Collection[str], sought: str = "") -> Offer:
    """All groups; or where there are many what is chosen already, and what is found, or else the first of them."""
    groups = [one for one in places if one.is_group]
    if len(groups) <= MOST_UNITS:
        return Offer(tuple(Choice(str(one.id), one.name) for one in groups), has_more=False)
    return _offer_some(groups, groups[:MOST_UNITS], chosen, sought)


def find_units(places: Sequence[Unit], words: str) -> list[Unit]:
    """Those in whose path each of these words begins a word: first those in whose own name they all do, and higher ones
    before lower ones."""
    wanted = words[:LONGEST_SOUGHT].casefold().split()
    found = [one for one in places if _is_meant(one.path, wanted)]
    return sorted(found, key=lambda one: (not _is_meant(one.name, wanted), one.path.count(SEPARATOR)))


def as_choice(unit: Unit) -> Choice:
    return Choice(str(unit.id), name_from_below(unit))


def _offer_some(all_of_them: Sequence[Unit], near: Sequence[Unit], chosen: Collection[str], sought: str) -> Offer:
    """What is chosen, and then what was found; or, where nothing was, what is chosen or near, in its usual order."""
    found = find_units(all_of_them, sought) if sought else []
    picked = [one for one in all_of_them if str(one.id) in chosen]
    near_ids = {one.id for one in (*near, *picked)}
    shown = [*picked, *found[:MOST_FOUND]] if found else [one for one in all_of_them if one.id in near_ids]
    return Offer(tuple(dict.fromkeys(map(as_choice, shown))), has_more=True, found=len(found))


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
