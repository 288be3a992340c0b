"""Attacks by possible worlds: for all answers that a few people can give, what is published is compared.

Whoever reads a Publication knows that one of the worlds with that very Publication is the true one. What all of them
have in common is told; it must never be that a few answered something (none, one or two), nor all but a few.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from flows.categories import join, level, split
from flows.disclosure import Question, Submission
from flows.partition import Partition
from flows.publication import Publication
from tests.organisations import OPTIONS, STOPPED, answers, one_bucket, siblings, ways
from tests.reading_publications import YES, assert_untold, attack, is_untold, pieces, published, shown_scopes, yes


def choice(options: int, headline: int) -> Question:
    return Question("glad", "hash", "choose", OPTIONS[:options], frozenset(OPTIONS[:headline]))


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
        publication = published(partition, question, submissions)
        shown = shown_scopes(publication, partition, question.field)
        are_shown = tuple(f"bucket:{bucket.id}" in shown for bucket in partition.buckets)
        found[are_shown, json.dumps(publication.to_json())].append(world)
    yield from ((list(are_shown), worlds) for (are_shown, _), worlds in found.items())


@pytest.mark.parametrize("respondents", range(5, 11))
@pytest.mark.parametrize(
    ("options", "headline"), [(2, 0), (2, 1), (3, 0), (3, 1), (3, 2), (4, 0), (4, 1), (4, 2), (5, 0)]
)
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


@pytest.mark.parametrize(
    ("asked", "respondents"),
    [((4, 30), (3, 8)), ((4, 30), (4, 5)), ((4, 30, 30), (2, 6, 5)), ((9, 9, 30), (5, 5, 6)), ((0, 30, 30), (0, 6, 5))],
)
def test_where_lines_were_drawn_before_a_group_of_which_too_few_were_asked_is_not_shown_and_not_left_over(
    asked: tuple[int, ...], respondents: tuple[int, ...]
) -> None:
    partition = drawn_before(*asked)

    for are_shown, worlds in worlds_by_publication(partition, choice(2, 1), respondents):
        assert not any(is_shown for is_shown, people in zip(are_shown, asked, strict=True) if people < 10)
        assert_untold(worlds, are_shown)


def drawn_before(*asked: int) -> Partition:
    """Siblings that had enough people when the lines were drawn, and of which so many could be asked then."""
    return siblings(*[30] * len(asked)).with_invited(dict(enumerate(asked, start=2)))


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


@given(st.lists(st.integers(0, 14).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))), min_size=2, max_size=6))
@attack
def test_a_few_stay_untold_in_groups_of_any_size_to_whoever_reads_all_figures(drawn: list[tuple[int, int]]) -> None:
    partition = siblings(*[20] * len(drawn))
    rows = {
        bucket.id: [i < agreed for i in range(respondents)]
        for bucket, (respondents, agreed) in zip(partition.buckets, drawn, strict=True)
    }

    def publish(agreed: dict[int, list[bool]]) -> Publication:
        told = [yes(sum(row), len(row), bucket) for bucket, row in agreed.items()]
        return published(partition, YES, [one for some in told for one in some])

    actual = publish(rows)
    groups = pieces(partition, shown_scopes(actual, partition, "yes"))
    few = [group for group in groups if sum(sum(rows[bucket]) for bucket in group) < 3]
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
        for agreed in range(row[0] + 1):
            stopped = ["yes" if i < agreed else "no" for i in range(row[0])]
            led = [Submission(1, {"glad": "never", "stopped": one}, {}) for one in stopped]
            others = answers(1, "glad", {"rarely": row[1], "weekly": row[2]})
            publication = published(one_bucket(), [first, STOPPED], [*led, *others])
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
        submissions = [*stopped, *slowed, *answers(1, "glad", counts)]
        publication = published(one_bucket(), [first, STOPPED, second], submissions)
        found[json.dumps(publication.to_json())].append((row,))

    for worlds in found.values():
        assert_untold(worlds, [False])


@pytest.mark.parametrize("respondents", range(8, 12))
def test_shares_of_which_several_could_be_chosen_tell_nothing_of_a_few(respondents: int) -> None:
    question = Question("wishes", "hash", "choose_several", ("language", "law"))
    found = defaultdict(list)
    for neither, language, law, both in ways(respondents, 4):
        chosen = [()] * neither + [("language",)] * language + [("law",)] * law + [("language", "law")] * both
        submissions = [Submission(1, {"wishes": one}, {}) for one in chosen]
        publication = published(one_bucket(), question, submissions)
        found[json.dumps(publication.to_json())].append(((language + both, law + both),))

    for worlds in found.values():
        assert_untold(worlds, [True])


def test_shares_of_siblings_and_of_their_branch_tell_nothing_of_a_few() -> None:
    question = Question("wishes", "hash", "choose_several", ("language", "law"))
    found = defaultdict(list)
    for counts in product(range(9), repeat=3):
        told = [[("law",)] * count + [()] * (8 - count) for count in counts]
        submissions = [
            Submission(unit, {"wishes": one}, {}) for unit, chosen in enumerate(told, start=2) for one in chosen
        ]
        publication = published(siblings(30, 30, 30), question, submissions)
        found[json.dumps(publication.to_json())].append(tuple((count, 8 - count) for count in counts))

    for worlds in found.values():
        assert_untold(worlds, [True, True, True])


@pytest.mark.parametrize("respondents", range(5, 10))
def test_a_mean_never_tells_that_all_or_nearly_all_gave_the_same_answer(respondents: int) -> None:
    question = Question("mastery", "hash", "scale")
    found = defaultdict(list)
    for row in ways(respondents, 4):
        values = [float(point) for point, count in enumerate(row, start=1) for _ in range(count)]
        submissions = [Submission(1, {"mastery": value}, {}) for value in values]
        publication = published(one_bucket(), question, submissions)
        found[json.dumps(publication.to_json())].append(row)

    for worlds in found.values():
        for point in range(4):
            assert is_untold({respondents - row[point] for row in worlds})
        for end in (0, 3):
            assert is_untold({row[end] for row in worlds})


@pytest.mark.parametrize("invited", range(10, 41))
def test_nobody_can_be_sure_that_everybody_or_nobody_answered(invited: int) -> None:
    found = defaultdict(set)
    for answered in range(invited + 1):
        for agreed in range(answered + 1):
            publication = published(one_bucket(invited), YES, yes(agreed, answered))
            found[json.dumps(publication.to_json())].add(answered)

    for possible in found.values():
        assert possible != {invited}
        assert possible != {0}


@pytest.mark.parametrize("invited", [(10, 10), (10, 12, 15), (4, 12), (3, 10, 12)])
def test_the_rates_of_a_branch_and_its_buckets_do_not_tell_that_everybody_or_nobody_answered(
    invited: tuple[int, ...],
) -> None:
    partition, are_shown = drawn_before(*invited), min(invited) >= 10
    found = defaultdict(list)
    for answered in product(*(range(people + 1) for people in invited)):
        told = [yes(0, people, unit) for unit, people in enumerate(answered, start=2)]
        publication = published(partition, [], [one for some in told for one in some])
        found[publication.rates].append(answered)

    for worlds in found.values():
        for bucket, people in enumerate(invited):
            assert is_untold({world[bucket] for world in worlds}, are_shown)
            assert is_untold({people - world[bucket] for world in worlds}, are_shown)
