"""The groups a run may show, fixed before it opens: buckets of ten invited or more, and branches over them.

The trust rules, the gate: a run declares one partition; buckets are built from the bottom, a unit under the
minimum pools with its smallest sibling until it is large enough, and figures add whole buckets only.
"""

import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Self

from flows.tree import Tree, homes_below, tree_below


@dataclass(frozen=True)
class Bucket:
    """The smallest group with figures of its own.

    `units`: the home units of its people; `id`: the least of them; `invited`: people.
    """

    id: int
    units: tuple[int, ...]
    invited: int


@dataclass(frozen=True)
class Branch:
    """A unit with two buckets or more.

    `buckets`: all bucket ids below it; `parent`: the unit of the next branch up. A bucket below may also hold
    people from a small unit beside the branch, or the few at home in a unit above it: they are counted here:
    whole buckets are added.
    """

    unit: int
    buckets: tuple[int, ...]
    parent: int | None


@dataclass(frozen=True)
class Scope:
    """What a reader of one unit may see.

    `id`: "bucket:12" or "unit:3"; `units`: the home units of all who are in it; `pooled`: those of them
    outside the reader's unit, so that words can name them; `invited`: people.
    """

    id: str
    units: tuple[int, ...]
    pooled: tuple[int, ...]
    invited: int


@dataclass(frozen=True)
class Partition:
    """The buckets and branches of one run, frozen with it; each branch before the branches below it.

    `parents`: the units of the run as pairs (unit, unit above it), from the top.
    """

    root: int
    minimum: int
    parents: Tree
    buckets: tuple[Bucket, ...]
    branches: tuple[Branch, ...]

    @property
    def is_too_small(self) -> bool:
        """True when even all together are under the minimum: such a run is not opened anonymously."""
        return sum(bucket.invited for bucket in self.buckets) < self.minimum

    @cached_property
    def scopes(self) -> Mapping[str, frozenset[int]]:
        """Every scope id with the buckets it adds up: the buckets first, then the branches from the top."""
        found = {f"bucket:{bucket.id}": frozenset({bucket.id}) for bucket in self.buckets}
        return found | {f"unit:{branch.unit}": frozenset(branch.buckets) for branch in self.branches}

    def invited(self, buckets: Iterable[int]) -> int:
        """The number of people invited in these buckets."""
        return sum(self._by_id[bucket].invited for bucket in buckets)

    def with_invited(self, invited: Mapping[int, int]) -> Self:
        """The very same buckets, with so many people invited by home unit; the gate holds back one that has fewer than
        the minimum. For a run whose lines must not show who in it is left alone."""
        counted = (sum(invited.get(unit, 0) for unit in bucket.units) for bucket in self.buckets)
        buckets = (replace(one, invited=people) for one, people in zip(self.buckets, counted, strict=True))
        return replace(self, buckets=tuple(buckets))

    def bucket_of(self, home: int) -> int | None:
        """The bucket that counts the people at home in this unit, or None when none of them was invited."""
        return self._by_home.get(home)

    def scope_of(self, unit: int) -> Scope | None:
        """The scope whose figures a reader of `unit` may see, or None when nobody below it was invited.

        It is the bucket that holds the unit's staff when that is one bucket, else the branch of the unit.
        """
        below = self._homes_below.get(unit, frozenset())
        buckets = frozenset(self._by_home[home] for home in below)
        if not buckets:
            return None
        units = sorted(home for bucket in buckets for home in self._by_id[bucket].units)
        pooled = tuple(home for home in units if home not in below)
        return Scope(self._by_buckets[buckets], tuple(units), pooled, self.invited(buckets))

    def within(self, scope: str) -> tuple[str, ...]:
        """The scope itself and all scopes below it."""
        return (scope, *(other for other, buckets in self.scopes.items() if buckets < self.scopes[scope]))

    def to_json(self) -> dict[str, Any]:
        """Plain JSON data for the run's column; `from_json` gives an equal partition back."""
        return {
            "root": self.root,
            "minimum": self.minimum,
            "parents": [list(pair) for pair in self.parents],
            "buckets": [[bucket.id, list(bucket.units), bucket.invited] for bucket in self.buckets],
            "branches": [[branch.unit, list(branch.buckets), branch.parent] for branch in self.branches],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        return cls(
            root=data["root"],
            minimum=data["minimum"],
            parents=tuple((unit, parent) for unit, parent in data["parents"]),
            buckets=tuple(Bucket(least, tuple(units), invited) for least, units, invited in data["buckets"]),
            branches=tuple(Branch(unit, tuple(below), parent) for unit, below, parent in data["branches"]),
        )

    @cached_property
    def _by_id(self) -> Mapping[int, Bucket]:
        return {bucket.id: bucket for bucket in self.buckets}

    @cached_property
    def _by_home(self) -> Mapping[int, int]:
        return {home: bucket.id for bucket in self.buckets for home in bucket.units}

    @cached_property
    def _by_buckets(self) -> Mapping[frozenset[int], str]:
        return {buckets: scope for scope, buckets in self.scopes.items()}

    @cached_property
    def _homes_below(self) -> Mapping[int, frozenset[int]]:
        return homes_below(self.parents, self._by_home)


def divide(parents: Mapping[int, int | None], root: int, invited: Mapping[int, int], minimum: int = 10) -> Partition:
    """Divide the people invited below `root` into buckets of at least `minimum`, and branches over them.

    `parents` is the tree of units (unit -> unit above it); `invited` counts people by home unit. A unit counted as 0 is
    divided like any other, where it must not show that all there are left alone. The few at home in an inner unit
    itself count as one more child of it. A group under the minimum joins its smallest
    sibling; where that is a whole branch, it joins the smallest bucket in it, so that the branch keeps its
    parts. Raises ValueError for people at home outside the tree.
    """
    tree = tree_below(parents, root)
    astray = sorted({unit for unit, people in invited.items() if people} - {unit for unit, _ in tree})
    if astray:
        raise ValueError(f"people are invited in units {astray}, which are not below the run's unit {root}")
    waiting: dict[int | None, list[list[_Clump]]] = {}
    groups: list[_Clump] = []
    for unit, parent in reversed(tree):
        staff = [[_Clump([unit], invited[unit])]] if unit in invited else []
        groups = _pool(staff + waiting.pop(unit, []), minimum)
        if groups:
            waiting.setdefault(parent, []).append(groups)
    buckets = sorted(
        (Bucket(min(clump.units), tuple(sorted(clump.units)), clump.invited) for clump in groups),
        key=lambda bucket: bucket.id,
    )
    return Partition(root, minimum, tree, tuple(buckets), _branches(tree, buckets))


def recount(partition: Partition, invited: Mapping[int, int]) -> Partition:
    """The same buckets in a later round, with so many people invited by home unit.

    A bucket that has fewer than the minimum left joins a sibling whole, as when they were made, so that no two
    rounds divide the same people along different lines; one that nobody is left in falls away. ValueError for people
    whose home is in no bucket.
    """
    astray = sorted(unit for unit, people in invited.items() if people and partition.bucket_of(unit) is None)
    if astray:
        raise ValueError(f"people are invited in units {astray}, which are in no bucket of the round before")
    counted = {one.id: sum(invited.get(unit, 0) for unit in one.units) for one in partition.buckets}
    left = {bucket: people for bucket, people in counted.items() if people}
    homes = {one.id: one.units for one in partition.buckets}
    pooled = divide(dict(partition.parents), partition.root, left, partition.minimum)
    units = [tuple(sorted(unit for old in one.units for unit in homes[old])) for one in pooled.buckets]
    buckets = [Bucket(min(some), some, one.invited) for some, one in zip(units, pooled.buckets, strict=True)]
    buckets.sort(key=lambda bucket: bucket.id)
    return Partition(
        partition.root, partition.minimum, partition.parents, tuple(buckets), _branches(partition.parents, buckets)
    )


@dataclass
class _Clump:
    """A bucket in the making."""

    units: list[int]
    invited: int


def _pool(siblings: list[list[_Clump]], minimum: int) -> list[_Clump]:
    """Join the smallest group with the next smallest until none is under the minimum, or one is left."""
    heap = [_weighed(group) for group in siblings]
    heapq.heapify(heap)
    while len(heap) > 1 and heap[0][0] < minimum:
        (few, least, small), (more, other, sibling) = heapq.heappop(heap), heapq.heappop(heap)
        host = min(sibling, key=lambda clump: (clump.invited, min(clump.units)))
        host.units += small[0].units  # a group under the minimum is always a single clump
        host.invited += small[0].invited
        heapq.heappush(heap, (few + more, min(least, other), sibling))
    return [clump for _, _, group in heap for clump in group]


def _weighed(group: list[_Clump]) -> tuple[int, int, list[_Clump]]:
    """The group behind its size and its least unit, which no other group has: the heap looks no further."""
    return sum(clump.invited for clump in group), min(min(clump.units) for clump in group), group


def _branches(tree: Tree, buckets: list[Bucket]) -> tuple[Branch, ...]:
    """The units over two buckets or more; of units with the very same buckets only the topmost."""
    by_home = {home: bucket.id for bucket in buckets for home in bucket.units}
    below = homes_below(tree, by_home)
    nearest: dict[int | None, int | None] = {None: None}
    found: dict[int | None, Branch] = {}
    for unit, parent in tree:
        over = nearest[parent]
        added = tuple(sorted({by_home[home] for home in below[unit]}))
        is_new = len(added) > 1 and (over is None or found[over].buckets != added)
        if is_new:
            found[unit] = Branch(unit, added, over)
        nearest[unit] = unit if is_new else over
    return tuple(found.values())
