"""What a sender will probably get to see, before a run opens: from the sizes of the groups and the thresholds alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from flows.partition import Partition
from flows.submissions import Question
from flows.thresholds import Thresholds

SHARE_ANSWERING = 0.6  # a careful guess; the rate of the round before may be better


class Outlook(StrEnum):
    """How a figure looks from before."""

    likely = "likely"  # enough will answer if about as many do as usually do
    possible = "possible"  # enough are asked, but nearly all must answer
    never = "never"  # too few are asked


@dataclass(frozen=True)
class Prospect:
    """One bucket: its home units, how many are asked, how many of them are admitted to have answered at most, and for
    each question the respondents it takes."""

    units: tuple[int, ...]
    invited: int
    countable: int
    needs: Mapping[str, int]

    def outlook(self, field: str, share_answering: float = SHARE_ANSWERING) -> Outlook:
        """Whether figures about this field will probably be shown for this bucket by itself."""
        if min(self.invited * share_answering, self.countable) >= self.needs[field]:
            return Outlook.likely
        return Outlook.possible if self.countable >= self.needs[field] else Outlook.never


def find_prospects(
    partition: Partition, questions: Sequence[Question], thresholds: Thresholds | None = None
) -> tuple[Prospect, ...]:
    """What may come to be shown for each bucket; nothing where the run would not open. Where a figure is held back
    for one bucket, its answers still count in the figures above it."""
    if partition.is_too_small:
        return ()
    least = thresholds or Thresholds()
    needs = {one.field: count_needed(one, least) for one in questions}
    return tuple(Prospect(one.units, one.invited, one.invited - least.margin, needs) for one in partition.buckets)


def count_needed(question: Question, thresholds: Thresholds) -> int:
    """The respondents it takes before the gate shows anything about a question."""
    if question.kind == "text":
        return max(thresholds.group, thresholds.text_respondents)
    if question.kind in ("choose", "scale"):
        if question.headline:
            return thresholds.group
        return max(thresholds.group, thresholds.distribution, thresholds.margin * len(question.options))
    return max(thresholds.group, thresholds.distribution)


def count_before_figures(questions: Sequence[Question], thresholds: Thresholds) -> int:
    """The respondents it takes before any figure of these questions is shown, or any text where they are all texts:
    the number that the promise says."""
    figures = [one for one in questions if one.kind != "text"]
    return min((count_needed(one, thresholds) for one in figures or questions), default=thresholds.respondents)


def count_to_ask(least: int, thresholds: Thresholds) -> int:
    """How many must be asked before so many may be admitted to have answered: it is never told that all did."""
    return least + thresholds.margin
