"""Made-up organisations, audiences and answers, for attacks on the gate."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from hypothesis import strategies as st

from flows.disclosure import Question, Submission
from flows.partition import Partition, divide

OPTIONS = ("every_shift", "weekly", "rarely", "never", "no_occasion")
PULSE = Question("glad", "hash-1", "choose", OPTIONS, frozenset(OPTIONS[:2]))
BARRIER = Question("barrier", "hash-2", "choose", ("time", "tools", "leader", "when"))
WISHES = Question("wishes", "hash-3", "choose_several", ("language", "law", "dementia", "ethics"))
SCALE = Question("mastery", "hash-4", "scale")
HOURS = Question("hours", "hash-5", "number")
REMARK = Question("remark", "hash-6", "text")
STOPPED = Question("stopped", "hash-7", "choose", ("yes", "no"), frozenset({"yes"}), ("glad", frozenset({"never"})))
QUESTIONS = (PULSE, BARRIER, WISHES, SCALE, HOURS, REMARK, STOPPED)


@dataclass(frozen=True)
class Closed:
    """A run at close: who was invited where, and what they sent."""

    partition: Partition
    submissions: tuple[Submission, ...]

    def respondents(self, field: str) -> dict[int, int]:
        """The respondents of a field by bucket, as only the gate knows them."""
        found = {bucket.id: 0 for bucket in self.partition.buckets}
        for one in self.submissions:
            is_answered = field in one.choices or bool(one.texts.get(field, "").strip())
            found[one.bucket] += is_answered or field == WISHES.field  # who ticks nothing has answered too
        return found


@st.composite
def trees(draw: st.DrawFn, most: int = 12) -> dict[int, int | None]:
    """Units 1, 2, 3 … with the unit above each; 1 is the root."""
    size = draw(st.integers(1, most))
    above = draw(st.tuples(*(st.integers(1, unit - 1) for unit in range(2, size + 1))))
    return {1: None} | dict(enumerate(above, start=2))


@st.composite
def partitions(draw: st.DrawFn, most: int = 12) -> Partition:
    """Divided organisations that are large enough to be asked."""
    parents = draw(trees(most))
    people = st.one_of(st.integers(0, 12), st.integers(10, 25))
    invited = {unit: draw(people) for unit in parents}
    invited[1] += max(0, 10 - sum(invited.values()))
    return divide(parents, 1, {unit: count for unit, count in invited.items() if count})


@st.composite
def closed_runs(draw: st.DrawFn, most: int = 12) -> Closed:
    """Runs in which some buckets answer well and some hardly, some agree and some do not."""
    partition = draw(partitions(most))
    rng = Random(draw(st.integers(0, 2**32)))
    submissions: list[Submission] = []
    for bucket in partition.buckets:
        answered = min(bucket.invited, draw(st.one_of(st.integers(0, 6), st.integers(4, 25))))
        agreement = draw(st.sampled_from([0.0, 0.5, 0.9, 1.0]))
        submissions += (_submission(bucket.id, number, agreement, rng) for number in range(answered))
    return Closed(partition, tuple(submissions))


def _submission(bucket: int, number: int, agreement: float, rng: Random) -> Submission:
    def pick(options: Sequence[str]) -> str:
        return options[0] if rng.random() < agreement else rng.choice(options)

    choices: dict[str, str | tuple[str, ...] | float] = {
        "glad": pick(("never", "weekly", "rarely", "no_occasion", "every_shift"))
    }
    if rng.random() < 0.9:
        choices["barrier"] = pick(BARRIER.options)
    if rng.random() < 0.9:
        choices["wishes"] = tuple(option for option in WISHES.options if rng.random() > agreement)
    if rng.random() < 0.8:
        choices["mastery"] = float(pick("54321"))
        choices["hours"] = float(rng.choice([0, 0, 1, 2, 40]))
    if choices["glad"] == "never":
        choices["stopped"] = pick(STOPPED.options)
    texts = {"remark": f"remark {bucket}-{number}"} if rng.random() < 0.6 else {}
    return Submission(bucket, choices, texts)


def one_bucket(invited: int = 30) -> Partition:
    """One unit that is a bucket of its own, number 1."""
    return divide({1: None}, 1, {1: invited})


def siblings(*invited: int) -> Partition:
    """The unit 1 over the units 2, 3 … with so many people each."""
    units = dict(enumerate(invited, start=2))
    return divide({1: None} | dict.fromkeys(units, 1), 1, units)


def answers(bucket: int, field: str, counts: Mapping[str, int]) -> list[Submission]:
    """So many submissions with each option."""
    return [Submission(bucket, {field: option}, {}) for option, count in counts.items() for _ in range(count)]


def ways(respondents: int, options: int) -> Iterator[tuple[int, ...]]:
    """All ways in which the answers of so many respondents can fall on so many options."""
    if options == 1:
        yield (respondents,)
        return
    for first in range(respondents + 1):
        for others in ways(respondents - first, options - 1):
            yield (first, *others)
