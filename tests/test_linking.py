"""What is told of linked answers: whether clearly more went up than down, and never anything of a few."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.linking import Change, Linked, Trace, draw_lines, judge_change, link
from flows.model import Flow
from flows.partition import Partition, divide, recount
from flows.publication import Direction, HeldBack
from flows.questions import find_questions
from flows.thresholds import Thresholds
from tests.office import shipped
from tests.organisations import Closed as ClosedRun
from tests.organisations import answers, closed_runs, one_bucket, siblings
from tests.reading_publications import TOO_FEW, YES, attack, is_untold, published, yes

USE = shipped("course_use")
THRESHOLDS = Thresholds()
OPTIONS = ("can_show", "alone", "with_help", "not_yet", "no_occasion")


def changes(more: int, less: int, same: int) -> list[Change]:
    return [*["more"] * more, *["less"] * less, *["same"] * same]  # type: ignore[list-item]


def told(partition: Partition, by_bucket: Mapping[int, Sequence[Change]]) -> dict[str, object]:
    return dict(judge_change(Linked("able_change", "hash", by_bucket), partition, THRESHOLDS))


def ways_to_change(people: int) -> Iterator[tuple[int, int]]:
    """How many went up and down, in all ways."""
    return ((more, less) for more in range(people + 1) for less in range(people + 1 - more))


# What is told


def test_clearly_more_up_than_down_is_said_as_a_direction_and_a_band() -> None:
    figure = told(one_bucket(), {1: changes(7, 2, 3)})["bucket:1"]

    assert isinstance(figure, Direction)
    assert (figure.way, figure.respondents) == ("more", "10-19")


@pytest.mark.parametrize(("more", "less", "way"), [(5, 2, "more"), (4, 2, "same"), (2, 4, "same"), (2, 5, "less")])
def test_it_takes_a_categorys_worth_of_people_to_be_clear(more: int, less: int, way: str) -> None:
    figure = told(one_bucket(), {1: changes(more, less, 4)})["bucket:1"]

    assert isinstance(figure, Direction)
    assert figure.way == way


def test_seven_who_answered_both_rounds_are_too_few() -> None:
    assert told(one_bucket(), {1: changes(7, 0, 0)}) == {"bucket:1": TOO_FEW}


def test_a_bucket_that_cannot_be_compared_is_held_back_with_all_that_holds_it() -> None:
    figures = told(siblings(20, 20), {2: changes(9, 0, 0)})

    assert figures["bucket:3"] == TOO_FEW
    assert figures["unit:1"] == TOO_FEW
    assert isinstance(figures["bucket:2"], Direction)


def test_a_branch_says_only_what_follows_from_its_groups() -> None:
    figures = told(siblings(20, 20), {2: changes(8, 0, 0), 3: changes(0, 3, 5)})

    assert [figures[one].way for one in ("bucket:2", "bucket:3", "unit:1")] == ["more", "less", "same"]  # type: ignore[attr-defined]


def test_the_figures_of_the_linking_question_are_never_published() -> None:
    for name in ("course_reaction", "course_use", "course_benefit"):
        assert "able" not in [question.field for question in find_questions(shipped(name))]


# What cannot be worked out


@pytest.mark.parametrize("people", range(8, 16))
def test_nobody_can_tell_none_one_and_two_apart_among_those_who_changed(people: int) -> None:
    found = defaultdict(list)
    for more, less in ways_to_change(people):
        figures = told(one_bucket(40), {1: changes(more, less, people - more - less)})
        found[str(figures)].append((more, less, people - more - less))

    for worlds in found.values():
        for counts in zip(*worlds, strict=True):
            assert is_untold(set(counts))
            assert is_untold({people - count for count in counts})


@pytest.mark.parametrize("people", [(8, 8), (8, 9)])
def test_the_figures_of_siblings_and_their_branch_together_tell_no_more(people: tuple[int, int]) -> None:
    found = defaultdict(list)
    for both in product(*(ways_to_change(one) for one in people)):
        by_bucket = {
            bucket: changes(more, less, number - more - less)
            for bucket, number, (more, less) in zip((2, 3), people, both, strict=True)
        }
        found[str(told(siblings(20, 20), by_bucket))].append(both)

    for worlds in found.values():
        for bucket, way in product((0, 1), (0, 1)):
            assert is_untold({world[bucket][way] for world in worlds})


def test_the_attack_is_real_beside_published_counts_of_both_rounds_a_direction_tells_of_nobody() -> None:
    """Why the linking question has no figures. Eight people answer twice; their published counts and the direction
    together make it certain that nobody said yes the first time."""
    found = defaultdict(set)
    for stays, starts, stops in ((a, b, c) for a in range(9) for b in range(9 - a) for c in range(9 - a - b)):
        before = published(one_bucket(), YES, yes(stays + stops, 8))
        now = published(one_bucket(), YES, yes(stays + starts, 8))
        way = told(one_bucket(), {1: changes(starts, stops, 8 - starts - stops)})["bucket:1"]
        found[json.dumps([before.to_json(), now.to_json()]), str(way)].add(stays + stops)

    assert {0} in found.values()


@given(closed_runs(), st.randoms(use_true_random=False))
@attack
def test_a_direction_stands_on_eight_linked_people_however_organisations_look(run: ClosedRun, rng: Random) -> None:
    linked = {
        bucket: changes(rng.randint(0, count), 0, 0)
        for bucket, count in run.respondents("glad").items()
        if rng.random() < 0.8
    }

    for scope, figure in told(run.partition, dict(linked)).items():
        if not isinstance(figure, HeldBack):
            assert sum(len(linked[bucket]) for bucket in run.partition.scopes[scope]) >= 8


# Linking


def traces(bucket: int, *values: str, first: int = 0) -> list[Trace]:
    return [Trace(bucket, f"number {number}", value) for number, value in enumerate(values, start=first)]


def test_those_who_answered_one_round_alone_are_not_compared() -> None:
    before = traces(1, "not_yet", "alone", "alone")
    now = traces(1, "alone", "not_yet", first=1)

    linked = link(USE, USE, now, before, {1: 1})

    assert linked is not None
    assert linked.changes == {1: ["same", "less"]}


def test_what_counts_as_equally_little_is_no_change() -> None:
    linked = link(USE, USE, traces(1, "no_occasion", "with_help"), traces(1, "not_yet", "no_occasion"), {1: 1})

    assert linked is not None
    assert linked.changes == {1: ["same", "more"]}


def test_a_changed_wording_is_compared_with_nothing() -> None:
    document = USE.to_json()
    document["steps"][1]["fields"][0]["label"]["nb"] = "Noe annet?"

    assert link(Flow.model_validate(document), USE, traces(1, "alone"), traces(1, "alone"), {1: 1}) is None


def test_buckets_that_joined_are_compared_whole_and_those_torn_apart_not_at_all() -> None:
    parents = {1: None, 2: 1, 3: 1, 4: 1}
    whole = divide(parents, 1, {2: 12, 3: 12, 4: 12})
    joined = recount(whole, {2: 9, 3: 11, 4: 12})

    assert draw_lines(whole, joined, {2, 3, 4}) == {2: 2, 3: 2, 4: 4}
    assert draw_lines(joined, whole, {2, 4}) == {4: 4}  # of two that were counted together
    assert draw_lines(whole, joined, {2, 4}) == {4: 4}  # of bucket 3 too few answered to keep anything


def test_a_later_round_keeps_the_minimum_in_every_bucket_and_divides_nobody_anew() -> None:
    parents = {1: None, 2: 1, 3: 1, 4: 1}
    whole = divide(parents, 1, {2: 12, 3: 12, 4: 12})

    later = recount(whole, {2: 12, 3: 5, 4: 10})

    assert [(one.id, one.units, one.invited) for one in later.buckets] == [(2, (2,), 12), (3, (3, 4), 15)]
    assert not later.is_too_small
    assert recount(whole, {2: 4, 3: 3, 4: 2}).is_too_small
    assert recount(whole, {2: 12, 4: 12}).bucket_of(3) is None


def test_answers_of_the_field_itself_stay_out_of_the_publication() -> None:
    submissions = answers(1, "able", {"alone": 12})

    publication = published(one_bucket(), find_questions(USE), submissions)

    assert "able" not in json.dumps(publication.to_json())
