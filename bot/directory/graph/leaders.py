"""Who leads a unit, from who is whose manager in Entra."""

from collections import Counter
from collections.abc import Collection
from collections.abc import Mapping as Map

from storage.directory.records import SEPARATOR, parent_of


def find_leaders(
    homes: Map[str, Collection[str]], managers: Map[str, str], units: Collection[str], now: Map[str, Collection[str]]
) -> tuple[dict[str, str], list[str]]:
    """Unit -> the number of its leader; and the units where several are as near to it, so that nobody is.

    The leader is the manager of most in the unit: a leader reads what people say by name, so somebody who manages one
    of many does not become one. Of several who are as near, what those say of each other does not count: in a unit of
    a leader and one more it is the leader, and not the leader's own manager. If it cannot be told then, whoever leads
    the unit now goes on. Where nobody has a home in a unit, the leaders of the units below count in their place.
    `homes`: unit -> who has a home there; `managers`: person -> manager, both let in; `now`: unit -> who leads it.
    """
    leaders: dict[str, str] = {}
    tied: list[str] = []
    below: dict[str, list[str]] = {}
    for path in units:
        if parent := parent_of(path):
            below.setdefault(parent, []).append(path)
    for path in sorted(units, key=lambda one: one.count(SEPARATOR), reverse=True):
        near = _find_nearest(homes.get(path, ()), managers)
        near = near or _find_nearest([leaders[one] for one in below.get(path, ()) if one in leaders], managers)
        goes_on = near.intersection(now.get(path, ()))
        if len(near) == 1 or len(goes_on) == 1:
            (leaders[path],) = goes_on if len(goes_on) == 1 else near
        elif near:
            tied.append(path)
    return leaders, sorted(tied)


def _find_nearest(people: Collection[str], managers: Map[str, str]) -> set[str]:
    """Who is manager of most of these people; several where they are as near."""
    near = _most(Counter(managers[one] for one in people if managers.get(one, one) != one))
    if len(near) < 2:
        return near
    return _most(Counter(managers[one] for one in set(people) - near if managers.get(one) in near))


def _most(votes: Counter[str]) -> set[str]:
    most = max(votes.values(), default=0)
    return {one for one, count in votes.items() if count == most}
