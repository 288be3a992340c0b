"""What can be worked out from all Publications of all roles together, tried on random and on all small organisations.

The adversary knows the tree, who was invited, the rules and every figure, but not who answered. Run it for longer
with MEDVIRK_ATTACK_EXAMPLES=2000.
"""

import json
import os
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from flows.categories import join, level, split
from flows.disclosure import Question, Submission, Thresholds, judge
from flows.partition import Partition
from flows.publication import Extent, HeldBack, Publication, Share, Shares, Texts
from tests.organisations import (
    OPTIONS,
    PULSE,
    QUESTIONS,
    STOPPED,
    Closed,
    answers,
    closed_runs,
    one_bucket,
    siblings,
    ways,
)

EXAMPLES = int(os.environ.get("MEDVIRK_ATTACK_EXAMPLES", "60"))
attack = settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
YES = Question("yes", "hash", "choose", ("yes", "no"), frozenset({"yes"}))


def published(run: Closed, questions: Sequence[Question] = QUESTIONS, seed: int = 1) -> Publication:
    return judge(run.partition, questions, run.submissions, Thresholds(), rng=Random(seed))


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


# Groups: differences, intersections, complements


@given(closed_runs())
@attack
def test_no_difference_intersection_or_complement_isolates_one_to_four_people(run: Closed) -> None:
    publication = published(run)

    for question in QUESTIONS:
        answered = run.respondents(question.field)
        if question.kind == "text":
            continue  # lists are not added up; see below
        for piece in pieces(run.partition, shown_scopes(publication, run.partition, question.field)):
            assert sum(answered[bucket] for bucket in piece) >= 5


@given(closed_runs())
@attack
def test_what_is_left_of_a_shown_group_without_any_of_the_groups_in_it_is_nobody_or_at_least_five(
    run: Closed,
) -> None:
    publication, scopes = published(run), run.partition.scopes

    for question in QUESTIONS:
        answered = run.respondents(question.field)
        shown = shown_scopes(publication, run.partition, question.field)
        for parent in shown:
            inner = [one for one in shown if scopes[one] < scopes[parent]][:7]
            for taken in disjoint_choices(inner, run.partition):
                left = scopes[parent].difference(*(scopes[one] for one in taken))
                assert sum(answered[bucket] for bucket in left) not in range(1, 5)


def disjoint_choices(scopes: list[str], partition: Partition) -> Iterator[list[str]]:
    """All ways to take some of the scopes, none overlapping another."""
    for taken in product([False, True], repeat=len(scopes)):
        chosen = [one for one, is_taken in zip(scopes, taken, strict=True) if is_taken]
        buckets = [bucket for one in chosen for bucket in partition.scopes[one]]
        if len(buckets) == len(set(buckets)):
            yield chosen


@given(closed_runs())
@attack
def test_a_figure_held_back_hides_among_two_groups_at_least(run: Closed) -> None:
    publication = published(run)

    for field in ("glad", "mastery"):
        shown = shown_scopes(publication, run.partition, field)
        for piece in pieces(run.partition, shown):
            assert len(piece) > 1 or f"bucket:{min(piece)}" in shown


@given(closed_runs())
@attack
def test_what_is_shown_of_whom_does_not_depend_on_what_they_answered(run: Closed) -> None:
    other = replace(
        run,
        submissions=tuple(replace(one, choices={**one.choices, "glad": "weekly"}) for one in run.submissions),
    )
    question = [PULSE]

    shown = shown_scopes(published(run, question), run.partition, "glad")

    assert shown == shown_scopes(published(other, question), run.partition, "glad")


@given(closed_runs())
@attack
def test_a_follow_up_is_never_told_of_a_group_that_the_question_before_it_does_not_tell_apart(
    run: Closed,
) -> None:
    publication = published(run, [PULSE, STOPPED])

    first = shown_scopes(publication, run.partition, "glad")

    assert set(shown_scopes(publication, run.partition, "stopped")) <= set(first)


# Texts


@given(closed_runs())
@attack
def test_each_text_stands_in_one_list_and_each_list_is_of_five_from_ten_people(run: Closed) -> None:
    publication = published(run)
    everybody = {bucket.id: 0 for bucket in run.partition.buckets}
    for one in run.submissions:
        everybody[one.bucket] += 1
    home = {one.texts["remark"]: one.bucket for one in run.submissions if "remark" in one.texts}

    seen: list[str] = []
    for scope in run.partition.scopes:
        figure = publication.figure(scope, "remark")
        if isinstance(figure, Texts) and figure.texts:
            buckets = {home[text] for text in figure.texts}
            assert len(figure.texts) >= 5
            assert buckets <= run.partition.scopes[scope]
            assert sum(everybody[bucket] for bucket in run.partition.scopes[scope]) >= 10
            seen += figure.texts
    assert len(seen) == len(set(seen))


# Possible worlds: all answers that would have given the same Publication


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


def worlds_by_publication(
    partition: Partition, question: Question, respondents: Sequence[int]
) -> Iterator[tuple[list[bool], list[tuple[tuple[int, ...], ...]]]]:
    """All ways in which so many respondents in each bucket could have answered, by what is published; and which of
    the buckets are shown then."""
    found = defaultdict(list)
    rows = [list(ways(number, len(question.options))) for number in respondents]
    for world in product(*rows):
        submissions = [
            submission
            for bucket, row in zip(partition.buckets, world, strict=True)
            for submission in answers(bucket.id, question.field, dict(zip(question.options, row, strict=True)))
        ]
        publication = published(Closed(partition, tuple(submissions)), [question])
        shown = shown_scopes(publication, partition, question.field)
        are_shown = tuple(f"bucket:{bucket.id}" in shown for bucket in partition.buckets)
        found[are_shown, json.dumps(publication.to_json())].append(world)
    yield from ((list(are_shown), worlds) for (are_shown, _), worlds in found.items())


def choice(options: int, headline: int) -> Question:
    return Question("glad", "hash", "choose", OPTIONS[:options], frozenset(OPTIONS[:headline]))


@pytest.mark.parametrize("respondents", range(5, 11))
@pytest.mark.parametrize(("options", "headline"), [(2, 0), (2, 1), (3, 0), (3, 1), (3, 2), (4, 0), (4, 1), (4, 2)])
def test_whoever_knows_how_many_answered_cannot_tell_what_a_few_or_all_answered(
    respondents: int, options: int, headline: int
) -> None:
    for _, worlds in worlds_by_publication(one_bucket(), choice(options, headline), [respondents]):
        assert_untold(worlds, [True])


@pytest.mark.parametrize(
    ("respondents", "options", "headline"),
    [
        ((5, 6), 3, 1),
        ((3, 6), 3, 1),
        ((2, 3), 3, 1),
        ((4, 7), 2, 1),
        ((8, 5), 3, 1),
        ((8, 8), 3, 0),
        ((3, 8), 3, 0),
        ((5, 5, 5), 2, 1),
        ((4, 6, 7), 2, 1),
        ((5, 6, 5, 6), 2, 1),
    ],
)
def test_figures_of_siblings_and_of_their_branch_together_tell_no_more(
    respondents: tuple[int, ...], options: int, headline: int
) -> None:
    partition = siblings(*[30] * len(respondents))

    for are_shown, worlds in worlds_by_publication(partition, choice(options, headline), respondents):
        assert_untold(worlds, are_shown)


@pytest.mark.parametrize("respondents", [8, 9, 12, 15])
@pytest.mark.parametrize(("options", "headline"), [(3, 1), (4, 2), (4, 0), (5, 2), (5, 0)])
def test_even_every_count_behind_the_figures_of_a_group_leaves_a_few_untold(
    respondents: int, options: int, headline: int
) -> None:
    found = defaultdict(list)
    for row in ways(respondents, options):
        counts = dict(zip(OPTIONS, row, strict=False))
        told = split(counts, frozenset(OPTIONS[:headline]), least=3, in_detail=True)
        told = level({1: told}, least=3)[1]
        found[frozenset(told.parts.items())].append((row,))

    for worlds in found.values():
        if respondents >= 2 * options:
            assert_untold(worlds, [True])


@pytest.mark.parametrize("groups", [(5, 5), (5, 6, 7), (5, 5, 5, 6), (8, 3 + 5)])
def test_even_every_count_behind_the_figures_of_a_branch_leaves_a_few_untold(groups: tuple[int, ...]) -> None:
    yes = frozenset({"yes"})
    found = defaultdict(list)
    for counts in product(*(range(number + 1) for number in groups)):
        both = [{"yes": count, "no": number - count} for count, number in zip(counts, groups, strict=True)]
        splits = {group: split(one, yes, least=3, in_detail=False) for group, one in enumerate(both)}
        levelled = level(splits, least=3)
        told = [join([levelled[group] for group in inner]).parts[yes] for inner in subsets(len(groups))]
        found[tuple(told)].append(tuple((one["yes"], one["no"]) for one in both))

    for worlds in found.values():
        assert_untold(worlds, [True] * len(groups))


def subsets(size: int) -> list[list[int]]:
    return [[i for i in range(size) if chosen >> i & 1] for chosen in range(1, 2**size)]


@given(closed_runs(most=7), st.integers(0, 2**32))
@attack
def test_in_any_organisation_a_few_stay_untold_to_whoever_reads_everything(run: Closed, seed: int) -> None:
    rng = Random(seed)
    rows = {bucket: [rng.random() < 0.3 for _ in range(number)] for bucket, number in run.respondents("glad").items()}

    def publish(yes: dict[int, list[bool]]) -> Publication:
        told = [
            one
            for bucket, row in yes.items()
            for one in answers(bucket, "yes", {"yes": sum(row), "no": len(row) - sum(row)})
        ]
        return published(Closed(run.partition, tuple(told)), [YES])

    actual = publish(rows)
    groups = pieces(run.partition, shown_scopes(actual, run.partition, "yes"))
    few = [one for one in groups if sum(sum(rows[bucket]) for bucket in one) < 3]
    assume(0 < len(few) < 5)

    possible = defaultdict(set)
    for counts in product(range(3), repeat=len(few)):
        other = dict(rows)
        for group, count in zip(few, counts, strict=True):
            other |= with_yes(group, count, rows)
        if publish(other) == actual:
            for group, count in zip(few, counts, strict=True):
                possible[group].add(count)
    assert all(possible[group] == {0, 1, 2} for group in few)


def with_yes(group: frozenset[int], count: int, rows: dict[int, list[bool]]) -> dict[int, list[bool]]:
    """The rows of these buckets, with so many who said yes."""
    changed = {}
    for bucket in group:
        here = min(count, len(rows[bucket]))
        changed[bucket] = [i < here for i in range(len(rows[bucket]))]
        count -= here
    return changed


@pytest.mark.parametrize("respondents", range(8, 13))
def test_a_follow_up_does_not_tell_what_the_question_before_it_leaves_open(respondents: int) -> None:
    first = Question("glad", "hash", "choose", ("never", "rarely", "weekly"), frozenset({"weekly"}))
    found = defaultdict(list)
    for row in ways(respondents, 3):
        for yes in range(row[0] + 1):
            led = [Submission(1, {"glad": "never", "stopped": "yes" if i < yes else "no"}, {}) for i in range(row[0])]
            others = answers(1, "glad", {"rarely": row[1], "weekly": row[2]})
            publication = published(Closed(one_bucket(), (*led, *others)), [first, STOPPED])
            found[json.dumps(publication.to_json())].append((row,))

    for worlds in found.values():
        assert_untold(worlds, [False])  # where "never" is pooled, nothing is shown of it alone


@pytest.mark.parametrize("respondents", [13, 16])
def test_two_follow_ups_together_do_not_tell_what_is_left_between_them(respondents: int) -> None:
    options = ("never", "rarely", "no_occasion", "weekly")
    first = Question("glad", "hash", "choose", options, frozenset({"weekly"}))
    second = replace(STOPPED, field="slowed", after=("glad", frozenset({"rarely"})))
    found = defaultdict(list)
    for row in ways(respondents, 4):
        counts = dict(zip(options, row, strict=True))
        stopped = [Submission(1, {"glad": "never", "stopped": "yes"}, {})] * counts.pop("never")
        slowed = [Submission(1, {"glad": "rarely", "slowed": "yes"}, {})] * counts.pop("rarely")
        run = Closed(one_bucket(), (*stopped, *slowed, *answers(1, "glad", counts)))
        found[json.dumps(published(run, [first, STOPPED, second]).to_json())].append((row,))

    for worlds in found.values():
        assert_untold(worlds, [False])


@pytest.mark.parametrize("respondents", range(8, 12))
def test_shares_of_which_several_could_be_chosen_tell_nothing_of_a_few(respondents: int) -> None:
    question = Question("wishes", "hash", "choose_several", ("language", "law"))
    found = defaultdict(list)
    for neither, language, law, both in ways(respondents, 4):
        chosen = [()] * neither + [("language",)] * language + [("law",)] * law + [("language", "law")] * both
        submissions = tuple(Submission(1, {"wishes": one}, {}) for one in chosen)
        publication = published(Closed(one_bucket(), submissions), [question])
        found[json.dumps(publication.to_json())].append(((language + both, law + both),))

    for worlds in found.values():
        assert_untold(worlds, [True])


@pytest.mark.parametrize("respondents", range(5, 10))
def test_a_mean_never_tells_that_all_or_nearly_all_gave_the_same_answer(respondents: int) -> None:
    question = Question("mastery", "hash", "scale")
    found = defaultdict(list)
    for row in ways(respondents, 4):
        values = [float(point) for point, count in enumerate(row, start=1) for _ in range(count)]
        submissions = tuple(Submission(1, {"mastery": value}, {}) for value in values)
        publication = published(Closed(one_bucket(), submissions), [question])
        found[json.dumps(publication.to_json())].append(row)

    for worlds in found.values():
        for point in range(4):
            assert is_untold({respondents - row[point] for row in worlds})
        for end in (0, 3):
            assert is_untold({row[end] for row in worlds})


# Numbers


@given(st.integers(5, 400), st.data())
@attack
def test_no_printed_share_stands_for_fewer_than_three_people_or_for_all_but_so_few(
    respondents: int, data: st.DataObject
) -> None:
    yes = data.draw(st.integers(0, respondents))
    run = Closed(one_bucket(500), tuple(answers(1, "yes", {"yes": yes, "no": respondents - yes})))

    figure = published(run, [YES]).figure("bucket:1", "yes")

    assert isinstance(figure, Share)
    if yes in (0, 1, 2):
        assert figure.percent is Extent.few
    if respondents - yes in (0, 1, 2):
        assert figure.percent is Extent.most
    if not isinstance(figure.percent, Extent):
        assert abs(figure.percent - 100 * yes / respondents) <= 5


@given(closed_runs())
@attack
def test_the_figures_of_a_field_agree_with_each_other(run: Closed) -> None:
    publication = published(run)

    for scope in run.partition.scopes:
        figure = publication.figure(scope, "glad")
        if isinstance(figure, Shares):
            sides = [set(part.options) <= PULSE.headline for part in figure.parts]
            assert all(
                side or not PULSE.headline & set(part.options) for side, part in zip(sides, figure.parts, strict=True)
            )
            assert sorted(option for part in figure.parts for option in part.options) == sorted(PULSE.options)
            assert figure.headline is not None


@pytest.mark.parametrize("invited", range(10, 41))
def test_nobody_can_be_sure_that_everybody_or_nobody_answered(invited: int) -> None:
    found = defaultdict(set)
    for answered in range(invited + 1):
        for yes in range(answered + 1):
            run = Closed(one_bucket(invited), tuple(answers(1, "yes", {"yes": yes, "no": answered - yes})))
            found[json.dumps(published(run, [YES]).to_json())].add(answered)

    for possible in found.values():
        assert possible != {invited}
        assert possible != {0}


# Time: one run subtracted from another


def test_a_newcomer_between_two_runs_is_not_told_by_subtracting_them() -> None:
    """Twelve people answer twice, one more joins in between. Even if at most one of the twelve changed an answer,
    the two Publications never tell what the newcomer said."""
    before, after = counts_by_figure(12), counts_by_figure(13)
    first = {counts: figure for figure, found in before.items() for counts in found}
    second = {counts: figure for figure, found in after.items() for counts in found}

    for (answered, yes), figure in first.items():
        for said_yes in (0, 1):
            seen = second[answered + 1, yes + said_yes]
            possible = {
                newcomer_said
                for (n1, k1), (n2, k2) in product(before[figure], after[seen])
                for newcomer_said in (0, 1)
                if abs(n2 - 1 - n1) + abs(k2 - newcomer_said - k1) <= 1 and k2 - newcomer_said <= n2 - 1
            }
            assert possible == {0, 1}


def counts_by_figure(invited: int) -> dict[str, set[tuple[int, int]]]:
    """For everything that can be published of one bucket: which respondents and yeses it can stand for."""
    found = defaultdict(set)
    for answered in range(5, invited + 1):
        for yes in range(answered + 1):
            run = Closed(one_bucket(invited), tuple(answers(1, "yes", {"yes": yes, "no": answered - yes})))
            found[json.dumps(published(run, [YES]).to_json())].add((answered, yes))
    return dict(found)


# Traces


@given(closed_runs(), st.randoms(use_true_random=False))
@attack
def test_the_order_in_which_answers_came_leaves_no_trace(run: Closed, rng: Random) -> None:
    submissions = list(run.submissions)
    rng.shuffle(submissions)

    assert published(replace(run, submissions=tuple(submissions))) == published(run)


@given(closed_runs())
@attack
def test_another_shuffle_changes_the_order_of_texts_and_nothing_else(run: Closed) -> None:
    one, other = published(run, seed=1), published(run, seed=2)

    assert one.rates == other.rates
    for cell, twin in zip(one.cells, other.cells, strict=True):
        if isinstance(cell.figure, Texts):
            assert isinstance(twin.figure, Texts)
            assert sorted(cell.figure.texts) == sorted(twin.figure.texts)
        else:
            assert cell == twin


@given(closed_runs())
@attack
def test_a_publication_holds_no_exact_number_of_people(run: Closed) -> None:
    document = published(run).to_json()

    for cell in document["cells"]:
        numbers = [one for key, one in flat(cell["figure"]) if isinstance(one, int) and key != "value"]
        assert all(number % 5 == 0 and 0 < number < 100 for number in numbers)


def flat(document: object, key: str = "") -> Iterator[tuple[str, object]]:
    """Every value in a JSON document, with the key it stands under."""
    if isinstance(document, dict):
        for name, inner in document.items():
            yield from flat(inner, name)
    elif isinstance(document, list):
        for inner in document:
            yield from flat(inner, key)
    else:
        yield key, document


def test_nothing_but_the_gates_for_answers_and_for_support_holds_the_seal_of_publications() -> None:
    project = Path(__file__).parent.parent
    sources = [one for folder in ("bot", "flows", "storage") for one in (project / folder).rglob("*.py")]

    holders = {one.relative_to(project).as_posix() for one in sources if re.search(r"\b_SEAL\b", one.read_text())}

    assert holders == {"flows/publication.py", "flows/disclosure.py", "flows/support.py"}
