"""What can be worked out from all Publications of all roles together, tried on random organisations.

The adversary knows the tree, who was invited, the rules and every figure, but not who answered. The figures of small
groups, where everything that can have been answered is gone through, are attacked in tests/test_possible_worlds.py.
MEDVIRK_ATTACK_EXAMPLES=2000 looks for longer.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from flows.partition import Partition
from flows.publication import Extent, Share, Shares, Texts
from tests.organisations import PULSE, QUESTIONS, STOPPED, Closed, closed_runs, one_bucket
from tests.reading_publications import YES, attack, closed, figure, pieces, published, shown_scopes, yes

# Groups: differences, intersections, complements


@given(closed_runs())
@attack
def test_no_difference_intersection_or_complement_isolates_one_to_four_people(run: Closed) -> None:
    publication = closed(run, QUESTIONS)

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
    publication, scopes = closed(run, QUESTIONS), run.partition.scopes

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
    publication = closed(run, QUESTIONS)

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

    shown = shown_scopes(closed(run, question), run.partition, "glad")

    assert shown == shown_scopes(closed(other, question), run.partition, "glad")


@given(closed_runs())
@attack
def test_a_follow_up_is_never_told_of_a_group_that_the_question_before_it_does_not_tell_apart(
    run: Closed,
) -> None:
    publication = closed(run, [PULSE, STOPPED])

    first = shown_scopes(publication, run.partition, "glad")

    assert set(shown_scopes(publication, run.partition, "stopped")) <= set(first)


# Texts


@given(closed_runs())
@attack
def test_each_text_stands_in_one_list_and_each_list_is_of_five_from_ten_people(run: Closed) -> None:
    publication = closed(run, QUESTIONS)
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


# Numbers


@given(st.integers(5, 400), st.data())
@attack
def test_no_printed_share_stands_for_fewer_than_three_people_or_for_all_but_so_few(
    respondents: int, data: st.DataObject
) -> None:
    agreed = data.draw(st.integers(0, respondents))

    shown = figure(YES, yes(agreed, respondents), invited=500)

    assert isinstance(shown, Share)
    if agreed < 3:
        assert shown.percent is Extent.few
    if agreed > respondents - 3:
        assert shown.percent is Extent.most
    if not isinstance(shown.percent, Extent):
        assert abs(shown.percent - 100 * agreed / respondents) <= 5


@given(closed_runs())
@attack
def test_the_figures_of_a_field_agree_with_each_other(run: Closed) -> None:
    publication = closed(run, QUESTIONS)

    for scope in run.partition.scopes:
        figure = publication.figure(scope, "glad")
        if isinstance(figure, Shares):
            sides = [set(part.options) <= PULSE.headline for part in figure.parts]
            assert all(
                side or not PULSE.headline & set(part.options) for side, part in zip(sides, figure.parts, strict=True)
            )
            assert sorted(option for part in figure.parts for option in part.options) == sorted(PULSE.options)
            assert figure.headline is not None


# Time: one run subtracted from another


def test_a_newcomer_between_two_runs_is_not_told_by_subtracting_them() -> None:
    """Twelve people answer twice, one more joins in between. Even if at most one of the twelve changed an answer,
    the two Publications never tell what the newcomer said."""
    before, after = counts_by_figure(12), counts_by_figure(13)
    first = {counts: seen for seen, found in before.items() for counts in found}
    second = {counts: seen for seen, found in after.items() for counts in found}

    for (answered, agreed), seen_first in first.items():
        for said_yes in (0, 1):
            seen = second[answered + 1, agreed + said_yes]
            possible = {
                newcomer_said
                for (n1, k1), (n2, k2) in product(before[seen_first], after[seen])
                for newcomer_said in (0, 1)
                if abs(n2 - 1 - n1) + abs(k2 - newcomer_said - k1) <= 1 and k2 - newcomer_said <= n2 - 1
            }
            assert possible == {0, 1}


def counts_by_figure(invited: int) -> dict[str, set[tuple[int, int]]]:
    """For everything that can be published of one bucket: which respondents and yeses it can stand for."""
    found = defaultdict(set)
    for answered in range(5, invited + 1):
        for agreed in range(answered + 1):
            publication = published(one_bucket(invited), YES, yes(agreed, answered))
            found[json.dumps(publication.to_json())].add((answered, agreed))
    return dict(found)


# Traces


@given(closed_runs(), st.randoms(use_true_random=False))
@attack
def test_the_order_in_which_answers_came_leaves_no_trace(run: Closed, rng: Random) -> None:
    submissions = list(run.submissions)
    rng.shuffle(submissions)

    assert closed(replace(run, submissions=tuple(submissions)), QUESTIONS) == closed(run, QUESTIONS)


@given(closed_runs())
@attack
def test_another_shuffle_changes_the_order_of_texts_and_nothing_else(run: Closed) -> None:
    one, other = closed(run, QUESTIONS, seed=1), closed(run, QUESTIONS, seed=2)

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
    document = closed(run, QUESTIONS).to_json()

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
