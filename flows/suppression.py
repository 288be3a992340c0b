"""Which groups may be told apart, so that no subtraction leaves a group that is too small.

Everything published about a field adds up groups: single buckets, or what is left of a branch beside the groups
shown in it (its rest). Each group has enough respondents by itself, no bucket is in two of them, and a scope is
shown only if it is made up of whole groups. Hence whatever is subtracted from whatever, whole groups remain.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from flows.partition import Partition
from flows.publication import Reason

Group = frozenset[int]  # of bucket ids


@dataclass(frozen=True)
class Grouping:
    """The groups of one field. `shown`: the groups that each shown scope adds up; `held`: why each of the other
    scopes is not shown."""

    groups: frozenset[Group]
    shown: Mapping[str, tuple[Group, ...]]
    held: Mapping[str, Reason]

    def find_in(self, buckets: Group) -> tuple[Group, ...] | None:
        """The groups that make up these buckets, or None where they are not made up of whole groups."""
        return _find_in(buckets, self._group_of)

    @cached_property
    def _group_of(self) -> Mapping[int, Group]:
        return {bucket: group for group in self.groups for bucket in group}

    def find_homes(self) -> dict[str, tuple[Group, ...]]:
        """For each shown scope the groups in it that are in no smaller one."""
        found: dict[str, tuple[Group, ...]] = {}
        placed: set[Group] = set()
        for scope, groups in sorted(self.shown.items(), key=lambda item: sum(map(len, item[1]))):
            found[scope] = tuple(group for group in groups if group not in placed)
            placed.update(groups)
        return found


def find_groups(
    partition: Partition,
    is_enough: Callable[[Group], bool],
    size: Callable[[Group], int],
    hidden_groups: int,
    before: Grouping | None = None,
) -> Grouping:
    """Find the groups for one field, from the respondents alone, never from what they answered.

    `is_enough` says of a set of buckets whether it may be shown or left over; `size` counts its respondents. A
    bucket that is not enough is hidden. A branch over it is shown all the same, and its smallest parts are hidden
    with it until `hidden_groups` buckets are that are enough together: from the branch, the bucket's own figure
    could be worked out otherwise. In the end the branch is one group. Where not even that is enough, what is hidden
    waits for the branch above.

    `before` is the grouping of a question whose answer led to this one (`is_enough` keeps to its groups): a scope
    that it holds back is held back for the same reason here, or the reason would tell how many were led on.
    """
    depths = _depths(partition)
    groups = {bucket for bucket in (frozenset({one.id}) for one in partition.buckets) if is_enough(bucket)}
    hidden = {bucket.id for bucket in partition.buckets} - {bucket for group in groups for bucket in group}
    for branch in reversed(partition.branches):
        whole = frozenset(branch.buckets)
        rest = whole & hidden
        if not rest or not is_enough(whole):
            continue
        while rest != whole and (len(rest) < hidden_groups or not is_enough(rest)):
            # First what hides no smaller branch as well, then the smallest.
            inner = (group for group in groups if group <= whole)
            least = min(inner, key=lambda group: (min(depths[bucket] for bucket in group), size(group), min(group)))
            groups.remove(least)
            rest |= least
        groups.add(rest)
        hidden -= rest
    return _name_scopes(partition, groups, is_enough, before)


def _name_scopes(
    partition: Partition,
    groups: set[Group],
    is_enough: Callable[[Group], bool],
    before: Grouping | None,
) -> Grouping:
    group_of = {bucket: group for group in groups for bucket in group}
    shown: dict[str, tuple[Group, ...]] = {}
    held: dict[str, Reason] = {}
    for scope, buckets in partition.scopes.items():
        inner = _find_in(buckets, group_of)
        if inner is not None:
            shown[scope] = inner
        elif before is not None and scope in before.held:
            held[scope] = before.held[scope]
        else:
            held[scope] = "derivable" if is_enough(buckets) else "too_few"
    return Grouping(frozenset(groups), shown, held)


def _find_in(buckets: Group, group_of: Mapping[int, Group]) -> tuple[Group, ...] | None:
    found = {group_of.get(bucket, frozenset()) for bucket in buckets}
    is_whole = all(group and group <= buckets for group in found)
    return tuple(sorted(found, key=min)) if is_whole else None


def _depths(partition: Partition) -> dict[int, int]:
    """For each bucket how many branches it is in."""
    depths = {bucket.id: 0 for bucket in partition.buckets}
    for branch in partition.branches:
        for bucket in branch.buckets:
            depths[bucket] += 1
    return depths
