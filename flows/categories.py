"""What may be told of how one group's answers fall on the options, even to somebody who knows their exact number.

A group's counts are made into a split before anything is rounded, and everything that is published is worked out
from splits alone: a branch adds up the splits of its groups, so it says nothing that they do not say, and there is
nothing to subtract. A split never tells none, one and two apart: for each option it holds either a count of at
least `least` (three), or a larger part of which the option may have none, one or two. That is what
tests/test_possible_worlds.py tries to break, by going through all possible answers.
"""

from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TypeVar

Part = frozenset[str]
Group = TypeVar("Group", bound=Hashable)


@dataclass(frozen=True)
class Split:
    """Parts of the options that cover them all, with the answers in each; `respondents` in all.

    `few` is the part with under `least` answers, if one is: then there are two parts, and their counts are no
    longer those of this group (see `level`).
    """

    parts: Mapping[Part, Fraction]
    respondents: int
    few: Part | None = None

    @property
    def options(self) -> Part:
        return frozenset().union(*self.parts)

    def most_in(self, options: Part, least: int) -> int:
        """The most answers that these options together can have had, as far as the split tells."""
        asked_for = options & self.options
        if self.few is None:
            return int(sum(count for part, count in self.parts.items() if part & asked_for))
        return least - 1 if asked_for <= self.few else self.respondents

    def tells(self, options: Part) -> bool:
        """True if the split holds the exact count of these options together."""
        return self.few is None and all(part <= options for part in self.parts if part & options)


def split(counts: Mapping[str, int], headline: Part, least: int, in_detail: bool) -> Split:
    """Split one group's answers: at the headline first, then, `in_detail`, within each side.

    Where a side of the headline has too few answers the split says that and no more. Without a headline the most
    frequent option takes its place, if nearly all chose it.
    """
    options, respondents = frozenset(counts), sum(counts.values())
    main = headline or frozenset({max(counts, key=lambda option: counts[option])})
    sides = (main, options - main)
    for few, rest in (sides, sides[::-1]) if headline else (sides[::-1],):
        count = sum(counts[option] for option in few)
        if count < least:
            return Split({few: Fraction(count), rest: Fraction(respondents - count)}, respondents, few)
    parts: dict[Part, Fraction] = {}
    for side in sides if headline else [options]:
        told = _told_apart({option: counts[option] for option in side}, least) if in_detail else [side]
        parts |= {part: Fraction(sum(counts[option] for option in part)) for part in told}
    return Split(parts, respondents)


def _told_apart(counts: Mapping[str, int], least: int) -> list[Part]:
    """The finest parts of these options that may be shown: the largest ones singly and the rest as one pool.

    Whoever sees a pool knows its options, its total, that each option in it has fewer than the smallest shown
    singly, and this rule. Each option in a pool of two must be able to have had none of its answers, so the other
    had them all: the total is below the smallest shown. In a larger pool one option may have had `margin` fewer
    than all and another the rest; or all of them were small, which is possible while the total is not too great.
    """
    margin = least - 1
    order = sorted(counts, key=lambda option: (-counts[option], option))
    if counts[order[-1]] >= least:
        return [frozenset({option}) for option in order]
    for shown in range(len(order) - 2, 0, -1):
        pool = order[shown:]
        total, smallest = sum(counts[option] for option in pool), counts[order[shown - 1]]
        is_spread = total - margin < smallest or total <= margin * (len(pool) - 1)
        is_safe = total < smallest if len(pool) == 2 else is_spread
        if total >= least and smallest >= least and is_safe:
            return [*(frozenset({option}) for option in order[:shown]), frozenset(pool)]
    return [frozenset(order)]


def level(splits: Mapping[Group, Split], least: int) -> dict[Group, Split]:
    """Give all groups with few in the same part the same count there: their mean, so that sums come out right.

    The sum of such counts over all groups is kept away from its ends, where it would tell that each had none, or
    each the most: between `margin` and `margin` less than the most, each may still have had any of none, one, two.
    """
    margin = least - 1
    counts: dict[Part, list[Fraction]] = {}
    for one in splits.values():
        if one.few is not None:
            counts.setdefault(one.few, []).append(one.parts[one.few])
    means: dict[Part, Fraction] = {}
    for few, found in counts.items():
        total = min(max(sum(found, Fraction(0)), Fraction(margin)), Fraction(margin * (len(found) - 1)))
        means[few] = total / len(found) if len(found) > 1 else Fraction(margin, 2)
    levelled = dict(splits)
    for group, one in splits.items():
        if one.few is not None:
            mean = means[one.few]
            counted = {part: mean if part == one.few else one.respondents - mean for part in one.parts}
            levelled[group] = replace(one, parts=counted)
    return levelled


def join(splits: Collection[Split]) -> Split:
    """Add splits up: the finest parts that every one of them can tell, with their sums."""
    parts: list[Part] = []
    for one in splits:
        for part in one.parts:
            touching = [other for other in parts if other & part]
            parts = [other for other in parts if not other & part] + [part.union(*touching)]
    sums = {
        part: sum((count for one in splits for inner, count in one.parts.items() if inner <= part), Fraction(0))
        for part in parts
    }
    return Split(sums, sum(one.respondents for one in splits))
