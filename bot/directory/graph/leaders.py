"""Who leads a unit, from who is whose manager in Entra."""

from collections import Counter
from collections.abc import Collection
from collections.abc import Mapping as Map

from storage.records import SEPARATOR, parent_of


def find_leaders(
    homes: Map[str, Collection[str]], managers: Map[str, str], units: Collection[str], now: Map[str, Collection[str]]
) -> tuple[dict[str, str], list[str]]:
    """Unit -> the number of its leader; and the units where several are as near to it, so that nobody is.

    The leader is the manager of most of those in the unit who manage nobody there; a leader reads what people say by
    name, so somebody who manages one of many does not become one. Where nobody has a home in a unit, or all there
    manage each other, the leaders of the units below count in their place. Of several who are as near, whoever leads
    the unit now goes on. `homes`: unit -> who has a home there; `managers`: person -> manager, both let in.
    """
    leaders: dict[str, str] = {}
    tied: list[str] = []
    below: dict[str, list[str]] = {}
    for path in units:
        if parent := parent_of(path):
            below.setdefault(parent, []).append(path)
    for path in sorted(units, key=lambda one: one.count(SEPARATOR), reverse=True):
        people = set(homes.get(path, ()))
        managing = {managers[one] for one in people if one in managers and managers[one] != one}
        votes = _count(people - managing, managers)
        votes = votes or _count({leaders[one] for one in below.get(path, ()) if one in leaders}, managers)
        if not votes:
            continue
        most = max(votes.values())
        first = sorted(one for one, count in votes.items() if count == most)
        here = [one for one in first if one in now.get(path, ())]
        if len(first) == 1 or len(here) == 1:
            leaders[path] = (here or first)[0]
        else:
            tied.append(path)
    return leaders, sorted(tied)


def _count(people: Collection[str], managers: Map[str, str]) -> Counter[str]:
    return Counter(managers[one] for one in people if one in managers and managers[one] != one)
