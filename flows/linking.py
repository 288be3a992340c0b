"""Linked answers: what became of one question since the round before, among those who answered it both times.

Two things make it safe to tell.

1. The question's own figures are never published, in any round. Else its counts in two rounds, and anything about
   who went up, give away by subtraction how many went down: where a few said "alone" last time, three say so now and
   three more went up than down, it is certain that nobody did last time. The tests keep that attack, because the
   temptation is great. Without a shown parent there is nothing to subtract from, so those who answered one of the
   rounds alone need no rule of their own.
2. Only a direction is told: whether at least a category's worth of people (three) more went up than down. A group has
   eight linked people or more; then whoever reads "more" still cannot tell whether none, one or two went down. A scope
   of several groups says only what follows from theirs, as everywhere in the gate.

tests/test_linking.py goes through all possible answers.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from flows.model import Flow
from flows.partition import Partition
from flows.publication import Direction, Figure, HeldBack
from flows.rounding import band
from flows.suppression import Group, find_groups
from flows.thresholds import Thresholds

Change = Literal["more", "same", "less"]

CHANGE = "{field}_change"


@dataclass(frozen=True)
class Linked:
    """What became of the answers to one question, for each who answered in both rounds, by the buckets of the later.
    A bucket that cannot be compared with the round before is left out of `changes`."""

    field: str
    hash: str
    changes: Mapping[int, Sequence[Change]]


@dataclass(frozen=True)
class Trace:
    """One answer of a round that may be linked: the bucket it counts in, a hidden number in the place of the person,
    and the option that was chosen."""

    bucket: int
    pseudonym: str
    value: str


def draw_lines(before: Partition, now: Partition, kept: Collection[int]) -> dict[int, int]:
    """For each bucket of the round before the one of now that holds it whole.

    Left out are buckets whose answers were not `kept` (too few) or that are divided differently now, and all that
    fell together with one of these: what is left of them is not known.
    """
    lines: dict[int, int] = {}
    broken: set[int] = set()
    for old in before.buckets:
        new = {now.bucket_of(unit) for unit in old.units} - {None}
        if len(new) == 1 and old.id in kept:
            lines[old.id] = next(one for one in new if one is not None)
        else:
            broken |= {one for one in new if one is not None}
    return {old: one for old, one in lines.items() if one not in broken}


def change_field(flow: Flow) -> str | None:
    """What the figure about change is called in a Publication of this flow, if it links rounds."""
    return CHANGE.format(field=flow.series.field) if flow.series else None


def link(
    flow: Flow, flow_before: Flow, now: Sequence[Trace], before: Sequence[Trace], lines: Mapping[int, int]
) -> Linked | None:
    """Link two rounds, or None where their questions do not read the same: a changed wording compares with nothing.

    `lines` as `draw_lines` draws them: only in their buckets is anything linked.
    """
    if flow.series is None or flow_before.series is None:
        return None
    words = flow.question_hash(flow.series.field)
    if words != flow_before.question_hash(flow_before.series.field):
        return None
    ranks = _rank(flow)
    then = {one.pseudonym: one for one in before if one.bucket in lines}
    changes: dict[int, list[Change]] = {bucket: [] for bucket in lines.values()}
    for one in now:
        earlier = then.get(one.pseudonym)
        if earlier is not None and lines[earlier.bucket] == one.bucket:
            step = ranks[earlier.value] - ranks[one.value]  # rank 0 is the most
            changes[one.bucket].append("same" if step == 0 else "more" if step > 0 else "less")
    return Linked(CHANGE.format(field=flow.series.field), words, changes)


def judge_change(linked: Linked, partition: Partition, thresholds: Thresholds) -> dict[str, Figure]:
    """For each scope whether clearly more went up than down, or why that is not told."""

    def number(group: Group) -> int:
        return sum(len(linked.changes.get(bucket, ())) for bucket in group)

    def admitted(group: Group) -> int:
        """As in `flows.counting`: two fewer than were asked, so that it is never certain that everybody answered."""
        return min(number(group), partition.invited(group) - thresholds.margin)

    def is_enough(group: Group) -> bool:
        is_linked = all(bucket in linked.changes for bucket in group)
        return is_linked and admitted(group) >= max(thresholds.distribution, thresholds.group)

    grouping = find_groups(partition, is_enough, number, thresholds.hidden_groups)
    figures: dict[str, Figure] = {scope: HeldBack(reason=reason) for scope, reason in grouping.held.items()}
    for scope, groups in grouping.shown.items():
        ways = {_find_way([one for bucket in group for one in linked.changes[bucket]], thresholds) for group in groups}
        figures[scope] = Direction(way=_join(ways), respondents=band(admitted(frozenset().union(*groups))))
    return figures


def _find_way(changes: Sequence[Change], thresholds: Thresholds) -> Change:
    net = changes.count("more") - changes.count("less")
    if abs(net) < thresholds.category:
        return "same"
    return "more" if net > 0 else "less"


def _join(ways: Collection[Change]) -> Change:
    """The direction of several groups: that of those which have one, where no other goes against it."""
    clear = set(ways) - {"same"}
    return clear.pop() if len(clear) == 1 else "same"


def _rank(flow: Flow) -> dict[str, int]:
    """For each option its place from the most to the least."""
    assert flow.series is not None
    _, field = flow.find_field(flow.series.field)
    ids = [option.id for option in getattr(field, "options", ())]
    return {one: len(ids) if one in flow.series.least else place for place, one in enumerate(ids)}
