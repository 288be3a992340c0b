"""How many respondents a group has for a question, and how many of them may be admitted to."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flows.categories import Split
from flows.partition import Partition
from flows.submissions import Value
from flows.suppression import Group, Grouping
from flows.thresholds import Thresholds


@dataclass(frozen=True)
class Judged:
    """What is told of a choice: its groups, and the splits of each (one, or one for each option)."""

    grouping: Grouping
    splits: Mapping[Group, tuple[Split, ...]]

    def find_splits(self, buckets: Group) -> list[tuple[Split, ...]] | None:
        """The splits of the groups that make up these buckets, or None where they are not whole groups."""
        groups = self.grouping.find_in(buckets)
        return None if groups is None else [self.splits[group] for group in groups]


@dataclass(frozen=True)
class Led:
    """How people came to a question: `options` of an earlier choice led here, `elsewhere` those of it that led to
    other questions."""

    judged: Judged
    options: frozenset[str]
    elsewhere: frozenset[str]

    def count(self, buckets: Group, least: int) -> tuple[int, bool] | None:
        """The most people who can have been led here, and whether it is known to be exactly so many.

        None where the earlier choice does not tell these buckets from others, nor these options from those that
        led elsewhere: the figures of both questions together would say too much of what is left.
        """
        found = self.judged.find_splits(buckets)
        if found is None:
            return None
        most, is_exact = 0, True
        for splits in found:
            touched = [one for one in splits if self.options & one.options]
            if any(part & self.options and part & self.elsewhere for one in touched for part in one.parts):
                return None
            most += sum(one.most_in(self.options, least) for one in touched)
            is_exact = is_exact and len(touched) == 1 and touched[0].tells(self.options)
        return most, is_exact


@dataclass(frozen=True)
class Answers:
    """The answers to one question by bucket. `led`: how people came to it, where not everybody was asked."""

    partition: Partition
    thresholds: Thresholds
    by_bucket: Mapping[int, Sequence[Value]]
    led: Led | None = None

    def of(self, group: Group) -> list[Value]:
        return [answer for bucket in group for answer in self.by_bucket[bucket]]

    def number(self, group: Group) -> int:
        """The number of respondents."""
        return sum(len(self.by_bucket[bucket]) for bucket in group)

    def counted(self, group: Group) -> int:
        """The respondents that bands, minimums and rounding go by: not above the limit."""
        return min(self.number(group), self.limit(group))

    def limit(self, group: Group) -> int:
        """The most respondents that are admitted to: two fewer than were asked, so that it is never certain that
        everybody answered, and no more than `led_limit`."""
        invited = self.partition.invited(group) - self.thresholds.margin
        return min(invited, self.led_limit(group, self.thresholds.margin))

    def led_limit(self, group: Group, untold: int) -> int:
        """The most respondents that can be admitted to without telling too much of the choice that led here.

        Where the options that led here are pooled with others, it is `untold` fewer than the pool: else it would
        be certain that nobody chose the others. It is zero where the earlier choice tells too little.
        """
        unlimited = self.partition.invited(group)
        if self.led is None:
            return unlimited
        count = self.led.count(group, self.thresholds.category)
        if count is None:
            return 0
        most, is_exact = count
        return unlimited if is_exact else most - untold

    def at_least(self, least: int) -> Callable[[Group], bool]:
        """Says of a group whether it has enough respondents to be shown or left over, and room for a number; and
        enough who were asked: some lines are drawn before it is known who is left alone."""
        room, invited = 2 * self.thresholds.category, self.thresholds.invited

        def is_enough(group: Group) -> bool:
            is_asked = self.partition.invited(group) >= invited
            return is_asked and self.counted(group) >= least and self.limit(group) >= room

        return is_enough
