"""Publications as a test reads them: made from a few answers, and what an adversary makes of them."""

import os
from collections import defaultdict
from collections.abc import Iterable, Sequence
from random import Random

from hypothesis import HealthCheck, settings

from flows.disclosure import Question, Submission, Thresholds, judge
from flows.partition import Partition
from flows.publication import Figure, HeldBack, Publication
from tests.organisations import Closed, answers, one_bucket

YES = Question("yes", "hash", "choose", ("yes", "no"), frozenset({"yes"}))
TOO_FEW, DERIVABLE = HeldBack(reason="too_few"), HeldBack(reason="derivable")

# A quick look by default; MEDVIRK_ATTACK_EXAMPLES=2000 looks for some minutes.
attack = settings(
    max_examples=int(os.environ.get("MEDVIRK_ATTACK_EXAMPLES", "60")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)


def published(
    partition: Partition,
    questions: Question | Sequence[Question],
    submissions: Iterable[Submission],
    thresholds: Thresholds | None = None,
    seed: int = 1,
) -> Publication:
    asked = [questions] if isinstance(questions, Question) else questions
    return judge(partition, asked, tuple(submissions), thresholds or Thresholds(), rng=Random(seed))


def closed(run: Closed, questions: Sequence[Question], seed: int = 1) -> Publication:
    return published(run.partition, questions, run.submissions, seed=seed)


def figure(question: Question, submissions: Sequence[Submission], invited: int = 30) -> Figure:
    """The figure of the only bucket there is."""
    return published(one_bucket(invited), question, submissions).figure("bucket:1", question.field)


def yes(count: int, respondents: int, bucket: int = 1) -> list[Submission]:
    return answers(bucket, "yes", {"yes": count, "no": respondents - count})


def shown_scopes(publication: Publication, partition: Partition, field: str) -> list[str]:
    return [one for one in partition.scopes if not isinstance(publication.figure(one, field), HeldBack)]


def pieces(partition: Partition, scopes: Iterable[str]) -> list[frozenset[int]]:
    """The smallest sets of buckets that sums, differences and intersections of these scopes come down to."""
    by_signature: dict[frozenset[str], set[int]] = defaultdict(set)
    shown = list(scopes)
    for bucket in partition.buckets:
        signature = frozenset(scope for scope in shown if bucket.id in partition.scopes[scope])
        if signature:
            by_signature[signature].add(bucket.id)
    return [frozenset(buckets) for buckets in by_signature.values()]


def is_untold(possible: set[int], is_shown: bool = True) -> bool:
    """True if these possible counts of an option do not tell that it has a few: none, one or two.

    Where figures of the group are shown, all three must be possible as soon as one is, or, if the figure is too
    coarse to tell a few from many, two of them. Where none are, it must not be certain that there are so few.
    """
    few = possible & {0, 1, 2}
    if few == {0, 1, 2} or not few:
        return True
    return few != possible and (len(few) > 1 or not is_shown)


def assert_untold(worlds: Iterable[Sequence[tuple[int, ...]]], are_shown: Sequence[bool]) -> None:
    """Each world has a row of counts for each bucket, option by option: no option may certainly have a few answers,
    nor all but a few. Of one to four people in a hidden bucket it is not certain that none or all chose it."""
    counts = defaultdict(set)
    for world in worlds:
        for bucket, row in enumerate(world):
            for option, count in enumerate(row):
                counts[bucket, option].add((count, sum(row) - count))
    for (bucket, _), possible in counts.items():
        for side in ({yes for yes, _ in possible}, {no for _, no in possible}):
            if sum(next(iter(possible))) >= 5:
                assert is_untold(side, are_shown[bucket])
            elif possible != {(0, 0)}:
                assert side != {0}
