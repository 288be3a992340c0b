"""The gate: at close, all figures of a run are judged together, once, into one Publication.

The trust rules, the gate. What carries it:

1. Groups (`flows.suppression`). Each field adds up groups of five respondents or more, none inside another; any
   subtraction leaves whole groups.
2. Splits (`flows.categories`). Of each group's answers only so much is taken on as may be known exactly. Every
   figure, at every level, is worked out from that, so a branch says nothing that its groups do not say, and two
   figures of a group cannot unmask each other.
3. Rounding and bands (`flows.rounding`) come on top. No share relies on them, nor on the number of respondents being
   unknown: whoever knows who answered, and every count behind a printed number, still cannot tell none, one and two
   apart, nor all from all but one or two.

What is linked over rounds is told as a direction alone; `flows.linking` says why.

Each field is judged for itself: fields do not add up to each other. Only where an answer led on to a field do the
two say something of the same thing, and then the later one gives way (`flows.counting`).
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from random import Random

from flows.categories import join, level, split
from flows.counting import Answers, Judged, Led
from flows.figures import Figures, judge_choice, judge_choices, judge_numbers, judge_texts
from flows.linking import Linked, judge_change
from flows.partition import Partition
from flows.publication import _SEAL, Cell, Publication, Rate
from flows.rounding import rate
from flows.submissions import Question, Submission, Value
from flows.thresholds import Thresholds
from flows.verbatim import name_words

__all__ = ["Question", "Submission", "Thresholds", "judge"]


def judge(
    partition: Partition,
    questions: Sequence[Question],
    submissions: Sequence[Submission],
    thresholds: Thresholds,
    *,
    names: Collection[str] = (),
    rng: Random,
    linked: Linked | None = None,
) -> Publication:
    """Judge a run that closes: every figure of every field for every scope of its partition.

    `questions` in the order in which they are asked; `names` of people, to be masked in texts; `rng` shuffles
    texts; `linked`: one question's answers together with those of the round before. The order of the submissions
    leaves no trace. Raises ValueError for a run that should not have been opened, and for submissions that do not
    belong to it: then nothing is published.
    """
    _check(partition, questions, submissions, thresholds)

    def collect(values: Callable[[Submission], Value | None]) -> dict[int, list[Value]]:
        found: dict[int, list[Value]] = {bucket.id: [] for bucket in partition.buckets}
        for submission in submissions:
            value = values(submission)
            if value is not None:
                found[submission.bucket].append(value)
        return found

    everybody = Answers(partition, thresholds, collect(lambda _: ""))
    words = name_words(names)
    judged: dict[str, Judged] = {}
    cells: list[Cell] = []
    for question in questions:
        answers = Answers(partition, thresholds, collect(_reader(question)), _find_led(question, questions, judged))
        figures: Figures
        if question.kind == "text":
            figures = judge_texts(answers, everybody, words, rng)
        elif question.is_one_choice:
            figures, judged[question.field] = judge_choice(question, answers)
        elif question.kind == "choose_several":
            figures, judged[question.field] = judge_choices(question, answers)
        else:
            figures = judge_numbers(question, answers)
        cells += (
            Cell(scope=scope, field=question.field, question_hash=question.hash, figure=figures[scope])
            for scope in partition.scopes
        )
    if linked is not None:
        told = judge_change(linked, partition, thresholds)
        cells += (Cell(scope=one, field=linked.field, question_hash=linked.hash, figure=told[one]) for one in told)
    return Publication(cells=tuple(cells), rates=_rates(everybody), seal=_SEAL)


def _reader(question: Question) -> Callable[[Submission], Value | None]:
    """How the answer to a question is read from a submission; None where there is none.

    Whoever was asked to choose several and ticked nothing chose none of them. So it is never certain that what
    most people did not tick was ticked by the others.
    """
    if question.kind == "text":
        return lambda submission: submission.texts.get(question.field, "").strip() or None
    if question.kind == "choose_several":
        return lambda submission: submission.choices.get(
            question.field, () if _was_asked(question, submission) else None
        )
    return lambda submission: submission.choices.get(question.field)


def _was_asked(question: Question, submission: Submission) -> bool:
    if question.after is None:
        return True
    field, options = question.after
    return bool(_chosen(submission, field) & options)


def _chosen(submission: Submission, field: str) -> frozenset[str]:
    """The options somebody chose, be it one or several."""
    given = submission.choices.get(field, ())
    return frozenset(given) if isinstance(given, tuple | list) else frozenset({str(given)})


def _find_led(question: Question, questions: Sequence[Question], judged: Mapping[str, Judged]) -> Led | None:
    if question.after is None:
        return None
    field, options = question.after
    others = [other.after[1] for other in questions if other.after and other.after[0] == field]
    return Led(judged[field], options, frozenset().union(*others) - options)


def _rates(everybody: Answers) -> tuple[tuple[str, Rate], ...]:
    """The response rates. They are kept like answers: whether a person answered is nobody's business either. Where a
    bucket has too few for one, all together have one, judged as one bucket: nothing can be subtracted, and nothing in
    it hangs on what lies inside."""
    partition, thresholds = everybody.partition, everybody.thresholds
    yes = frozenset({"answered"})
    groups = {bucket.id: frozenset({bucket.id}) for bucket in partition.buckets}
    scopes = {scope: tuple(sorted(inner)) for scope, inner in partition.scopes.items()}
    if any(bucket.invited < thresholds.invited for bucket in partition.buckets):
        whole = frozenset(groups)
        groups = {partition.root: whole}
        scopes = {scope: (partition.root,) for scope, inner in scopes.items() if whole == set(inner)}
    splits = {}
    for name, group in groups.items():
        invited = partition.invited(group)
        answered = min(everybody.number(group), invited)
        splits[name] = split(
            {"answered": answered, "did not": invited - answered}, yes, thresholds.category, in_detail=False
        )
    levelled = level(splits, thresholds.category)
    joined = ((scope, join([levelled[one] for one in inner])) for scope, inner in scopes.items())
    return tuple((scope, rate(one.parts[yes], one.respondents, thresholds)) for scope, one in joined)


def _check(
    partition: Partition,
    questions: Sequence[Question],
    submissions: Sequence[Submission],
    thresholds: Thresholds,
) -> None:
    if sum(bucket.invited for bucket in partition.buckets) < thresholds.invited:
        raise ValueError(
            f"the run has fewer than {thresholds.invited} invited, so it may not be published: "
            "let nobody be asked where a run is that small"
        )
    known = {bucket.id for bucket in partition.buckets}
    strange = sorted({submission.bucket for submission in submissions} - known)
    if strange:
        raise ValueError(f"there are submissions for the buckets {strange}, which the run does not have")
    earlier: dict[str, Question] = {}
    for question in questions:
        if question.field in earlier:
            raise ValueError(f"the field {question.field!r} is asked twice in the run")
        led = earlier.get(question.after[0]) if question.after else None
        if question.after and not (led and led.options and question.after[1] <= frozenset(led.options)):
            raise ValueError(f"{question.field!r} comes after {question.after}, which is no earlier choice")
        earlier[question.field] = question
        if question.options:
            _check_answers(question, submissions)


def _check_answers(question: Question, submissions: Sequence[Submission]) -> None:
    for submission in submissions:
        if not _chosen(submission, question.field) <= set(question.options):
            raise ValueError(f"{question.field!r} was answered with something that is not among its options")
