"""The table of the gate, rule by rule: groups within groups, questions after questions, and who took part."""

from dataclasses import replace

import pytest

from flows.disclosure import Question, Submission, Thresholds
from flows.partition import divide
from flows.publication import Band, Extent, Part, Rate, Share, Shares
from tests.organisations import BARRIER, PULSE, STOPPED, answers, one_bucket, siblings
from tests.reading_publications import DERIVABLE, TOO_FEW, YES, published, yes


def test_a_branch_adds_up_its_buckets() -> None:
    publication = published(siblings(20, 20), YES, [*yes(6, 12, 2), *yes(8, 16, 3)])

    assert publication.figure("unit:1", "yes") == Share(percent=50, respondents=Band.from_20)


def test_a_hidden_bucket_hides_its_smallest_sibling_with_it() -> None:
    publication = published(siblings(20, 20, 20), YES, [*yes(2, 4, 2), *yes(5, 9, 3), *yes(8, 16, 4)])

    assert publication.figure("bucket:2", "yes") == TOO_FEW
    assert publication.figure("bucket:3", "yes") == DERIVABLE
    assert publication.figure("bucket:4", "yes") == Share(percent=50, respondents=Band.from_10)
    assert publication.figure("unit:1", "yes") == Share(percent=50, respondents=Band.from_20)


def test_two_hidden_buckets_with_four_people_hide_a_third() -> None:
    publication = published(
        siblings(20, 20, 20, 20), YES, [*yes(0, 2, 2), *yes(1, 2, 3), *yes(4, 8, 4), *yes(8, 16, 5)]
    )

    assert [publication.figure(f"bucket:{unit}", "yes") for unit in (2, 3, 4)] == [TOO_FEW, TOO_FEW, DERIVABLE]
    assert isinstance(publication.figure("bucket:5", "yes"), Share)


def test_two_hidden_buckets_with_five_people_hide_no_third() -> None:
    publication = published(siblings(20, 20, 20), YES, [*yes(0, 2, 2), *yes(1, 3, 3), *yes(8, 16, 4)])

    assert isinstance(publication.figure("bucket:4", "yes"), Share)
    assert isinstance(publication.figure("unit:1", "yes"), Share)


def test_a_third_bucket_is_hidden_where_three_are_to_be() -> None:
    submissions = [*yes(0, 2, 2), *yes(1, 3, 3), *yes(8, 16, 4), *yes(8, 17, 5)]
    publication = published(siblings(20, 20, 20, 20), YES, submissions, Thresholds(hidden_groups=3))

    assert publication.figure("bucket:4", "yes") == DERIVABLE
    assert isinstance(publication.figure("bucket:5", "yes"), Share)


def test_a_bucket_where_nobody_answered_hides_a_sibling_too() -> None:
    publication = published(siblings(20, 20, 20), YES, [*yes(5, 9, 3), *yes(8, 16, 4)])

    assert publication.figure("bucket:3", "yes") == DERIVABLE


def test_where_all_buckets_are_hidden_the_branch_is_shown_as_one() -> None:
    publication = published(siblings(20, 20), YES, [*yes(1, 3, 2), *yes(2, 3, 3)])

    assert publication.figure("unit:1", "yes") == Share(percent=50, respondents=Band.from_5)


def test_a_small_rest_deep_down_hides_as_little_as_it_can_further_up() -> None:
    parents: dict[int, int | None] = {1: None, 2: 1, 3: 1, 21: 2, 22: 2}
    partition = divide(parents, 1, {21: 20, 22: 20, 3: 20})
    publication = published(partition, YES, [*yes(5, 9, 21), *yes(5, 11, 22), *yes(2, 4, 3)])

    assert publication.figure("bucket:3", "yes") == TOO_FEW
    assert publication.figure("bucket:21", "yes") == publication.figure("unit:2", "yes") == DERIVABLE
    assert isinstance(publication.figure("bucket:22", "yes"), Share)
    assert isinstance(publication.figure("unit:1", "yes"), Share)


def test_a_branch_shows_only_the_categories_that_all_its_groups_can_tell() -> None:
    submissions = [
        *answers(2, "barrier", {"time": 8, "tools": 4, "leader": 3, "when": 0}),
        *answers(3, "barrier", {"time": 8, "tools": 0, "leader": 3, "when": 4}),
    ]
    publication = published(siblings(20, 20), BARRIER, submissions)

    assert publication.figure("unit:1", "barrier") == Shares(
        parts=(Part(options=("time",), percent=55), Part(options=("tools", "leader", "when"), percent=45)),
        respondents=Band.from_20,
    )


def test_a_branch_does_not_grow_a_share_out_of_many_groups_where_nobody_said_yes() -> None:
    submissions = [one for bucket in range(2, 22) for one in yes(0, 8, bucket)]

    publication = published(siblings(*[12] * 20), YES, submissions)

    assert publication.figure("unit:1", "yes") == Share(percent=Extent.few, respondents=Band.from_50)


def test_a_follow_up_is_shown_where_enough_were_led_to_it() -> None:
    led = [Submission(1, {"glad": "never", "stopped": "yes" if i < 4 else "no"}, {}) for i in range(9)]
    submissions = [*led, *answers(1, "glad", {"weekly": 5, "rarely": 2, "no_occasion": 4})]

    publication = published(one_bucket(), [PULSE, STOPPED], submissions)

    assert publication.figure("bucket:1", "stopped") == Share(percent=40, respondents=Band.from_5)


def test_a_follow_up_that_would_empty_the_options_beside_it_is_held_back() -> None:
    question = Question("glad", "hash", "choose", ("never", "rarely", "weekly"), frozenset({"weekly"}))
    led = [Submission(1, {"glad": "never", "stopped": "yes"}, {}) for _ in range(6)]
    submissions = [*led, *answers(1, "glad", {"weekly": 6})]

    publication = published(one_bucket(), [question, STOPPED], submissions)

    assert publication.figure("bucket:1", "glad") == Share(percent=50, respondents=Band.from_10)
    assert publication.figure("bucket:1", "stopped") == TOO_FEW


def test_a_follow_up_gives_the_same_reason_as_the_question_before_it() -> None:
    led = [Submission(3, {"glad": "never", "stopped": "yes"}, {}) for _ in range(7)]
    submissions = [*led, *answers(2, "glad", {"never": 3}), *answers(4, "glad", {"never": 9})]

    publication = published(siblings(20, 20, 20), [PULSE, STOPPED], submissions)

    assert publication.figure("bucket:3", "glad") == publication.figure("bucket:3", "stopped") == DERIVABLE
    assert publication.figure("bucket:2", "stopped") == TOO_FEW


def test_a_follow_up_is_not_shown_of_a_bucket_that_the_question_before_it_hides() -> None:
    def led(bucket: int, count: int) -> list[Submission]:
        return [Submission(bucket, {"glad": "never", "stopped": "yes"}, {})] * count

    submissions = [*answers(2, "glad", {"weekly": 3}), *led(3, 9), *led(4, 8), *answers(4, "glad", {"weekly": 8})]
    publication = published(siblings(20, 20, 20), [PULSE, STOPPED], submissions)

    assert publication.figure("bucket:3", "glad") == publication.figure("bucket:3", "stopped") == DERIVABLE
    assert publication.figure("bucket:4", "stopped") == Share(percent=Extent.most, respondents=Band.from_5)


def test_of_two_follow_ups_on_options_that_are_not_told_apart_neither_is_shown() -> None:
    first = Question("glad", "hash", "choose", ("never", "rarely", "no_occasion", "weekly"), frozenset({"weekly"}))
    second = replace(STOPPED, field="slowed", after=("glad", frozenset({"rarely"})))
    led = [Submission(1, {"glad": "never", "stopped": "yes"}, {})] * 8
    led += [Submission(1, {"glad": "rarely", "slowed": "yes"}, {})] * 8
    submissions = [*led, *answers(1, "glad", {"weekly": 1})]

    both = published(one_bucket(), [first, STOPPED, second], submissions)
    one = published(one_bucket(), [first, STOPPED], submissions)

    assert both.figure("bucket:1", "stopped") == both.figure("bucket:1", "slowed") == TOO_FEW
    assert one.figure("bucket:1", "stopped") == Share(percent=Extent.most, respondents=Band.from_5)


def test_a_follow_up_comes_after_an_earlier_choice() -> None:
    with pytest.raises(ValueError, match="which is no earlier choice"):
        published(one_bucket(), [STOPPED, PULSE], [])


def rate(answered: int, invited: int) -> Rate:
    return published(one_bucket(invited), YES, yes(0, answered)).rate("bucket:1")


def test_a_response_rate_is_rounded_like_a_share_of_those_invited() -> None:
    assert rate(19, 32) == Rate(bound="about", percent=60)
    assert rate(8, 12) == Rate(bound="about", percent=70)


def test_a_response_rate_is_never_0_or_100_percent() -> None:
    assert rate(0, 40) == rate(2, 40) == Rate(bound="at_most", percent=5)
    assert rate(40, 40) == rate(38, 40) == Rate(bound="at_least", percent=95)
    assert rate(12, 12) == rate(10, 12) == Rate(bound="at_least", percent=80)


def test_the_rate_of_a_branch_does_not_give_away_that_nobody_answered_in_one_bucket() -> None:
    nobody = published(siblings(20, 20), YES, yes(5, 10, 3))
    two = published(siblings(20, 20), YES, [*yes(5, 10, 3), *yes(1, 2, 2)])

    assert nobody.rates == two.rates
