"""The table of the gate, rule by rule."""

import json
from collections.abc import Sequence
from dataclasses import replace
from random import Random

import pytest
from pydantic import ValidationError

from flows.disclosure import Question, Submission, Thresholds, judge
from flows.partition import Partition, divide
from flows.publication import (
    Band,
    Extent,
    Figure,
    HeldBack,
    Mean,
    Part,
    Publication,
    Rate,
    Share,
    Shares,
    Texts,
)
from tests.organisations import (
    BARRIER,
    HOURS,
    PULSE,
    QUESTIONS,
    REMARK,
    SCALE,
    STOPPED,
    WISHES,
    answers,
    one_bucket,
    siblings,
)

YES = Question("yes", "hash", "choose", ("yes", "no"), frozenset({"yes"}))
TOO_FEW, DERIVABLE = HeldBack(reason="too_few"), HeldBack(reason="derivable")


def published(
    partition: Partition,
    question: Question,
    submissions: Sequence[Submission],
    thresholds: Thresholds | None = None,
) -> Publication:
    return judge(partition, [question], submissions, thresholds or Thresholds(), rng=Random(1))


def figure(question: Question, submissions: Sequence[Submission], invited: int = 30) -> Figure:
    """The figure of the only bucket there is."""
    return published(one_bucket(invited), question, submissions).figure("bucket:1", question.field)


def yes(count: int, respondents: int, bucket: int = 1) -> list[Submission]:
    return answers(bucket, "yes", {"yes": count, "no": respondents - count})


def with_texts(*texts: str, silent: int = 0, bucket: int = 1) -> list[Submission]:
    return [Submission(bucket, {}, {"remark": text}) for text in (*texts, *([""] * silent))]


# Respondents


def test_a_department_of_twelve_with_eight_answers_sees_its_headline_share() -> None:
    assert figure(PULSE, answers(1, "glad", {"weekly": 5, "never": 3}), invited=12) == Share(
        percent=60, respondents=Band.from_5
    )


def test_four_respondents_are_too_few_for_a_share_and_five_are_enough() -> None:
    assert figure(YES, yes(2, 4)) == TOO_FEW
    assert figure(YES, yes(2, 5)) == Share(percent=Extent.few, respondents=Band.from_5)


def test_near_health_it_takes_six() -> None:
    publication = published(one_bucket(), YES, yes(3, 5), Thresholds.near_health())

    assert publication.figure("bucket:1", "yes") == TOO_FEW
    assert figure(YES, yes(3, 6)) == Share(percent=50, respondents=Band.from_5)


def test_a_distribution_takes_more_respondents_than_a_share() -> None:
    submissions = answers(1, "glad", {"every_shift": 4, "weekly": 3, "never": 3})

    assert isinstance(figure(PULSE, submissions), Shares)
    raised = published(one_bucket(), PULSE, submissions, Thresholds(distribution=12))
    assert raised.figure("bucket:1", "glad") == Share(percent=70, respondents=Band.from_10)


def test_seven_respondents_are_too_few_for_a_question_that_has_only_a_distribution() -> None:
    assert figure(BARRIER, answers(1, "barrier", {"time": 4, "tools": 3})) == TOO_FEW
    assert isinstance(figure(BARRIER, answers(1, "barrier", {"time": 5, "tools": 3})), Shares)


# Categories


def test_a_category_with_fewer_than_three_is_merged_with_another() -> None:
    assert figure(BARRIER, answers(1, "barrier", {"time": 8, "tools": 4, "leader": 1})) == Shares(
        parts=(Part(options=("time",), percent=60), Part(options=("tools", "leader", "when"), percent=40)),
        respondents=Band.from_10,
    )


def test_small_categories_that_are_three_together_are_shown_as_one() -> None:
    counts = {"every_shift": 4, "weekly": 4, "rarely": 2, "never": 2, "no_occasion": 0}
    question = replace(PULSE, headline=frozenset())

    assert figure(question, answers(1, "glad", counts)) == Shares(
        parts=(
            Part(options=("every_shift",), percent=30),
            Part(options=("weekly",), percent=30),
            Part(options=("rarely", "never", "no_occasion"), percent=30),
        ),
        respondents=Band.from_10,
    )


def test_an_option_that_nobody_chose_is_not_told_from_one_that_two_chose() -> None:
    nobody = figure(BARRIER, answers(1, "barrier", {"time": 8, "tools": 4, "leader": 2, "when": 0}))
    two = figure(BARRIER, answers(1, "barrier", {"time": 8, "tools": 4, "leader": 1, "when": 1}))

    assert nobody == two


def test_the_parts_of_a_distribution_never_cross_the_headline() -> None:
    counts = {"every_shift": 6, "weekly": 1, "rarely": 1, "never": 9, "no_occasion": 3}

    assert figure(PULSE, answers(1, "glad", counts)) == Shares(
        parts=(
            Part(options=("every_shift", "weekly"), percent=35),
            Part(options=("rarely", "no_occasion"), percent=20),
            Part(options=("never",), percent=45),
        ),
        headline=35,
        respondents=Band.from_20,
    )


def test_a_headline_share_near_an_end_is_shown_without_a_distribution() -> None:
    counts = {"every_shift": 1, "weekly": 1, "rarely": 6, "never": 5, "no_occasion": 4}

    assert figure(PULSE, answers(1, "glad", counts)) == Share(percent=Extent.few, respondents=Band.from_10)


def test_where_nearly_all_chose_one_option_the_rest_are_a_few() -> None:
    assert figure(BARRIER, answers(1, "barrier", {"time": 9, "tools": 1})) == Shares(
        parts=(
            Part(options=("time",), percent=Extent.most),
            Part(options=("tools", "leader", "when"), percent=Extent.few),
        ),
        respondents=Band.from_10,
    )


def test_one_person_of_ten_is_never_10_percent() -> None:
    for count in range(3):
        assert figure(YES, yes(count, 10)) == Share(percent=Extent.few, respondents=Band.from_10)
        assert figure(YES, yes(10 - count, 10)) == Share(percent=Extent.most, respondents=Band.from_10)


def test_options_of_which_several_could_be_chosen_are_shares_of_their_own() -> None:
    chosen = [("law", "dementia")] * 6 + [("law", "ethics")] * 2 + [()] * 4
    submissions = [Submission(1, {"wishes": one}, {}) for one in chosen]

    assert figure(WISHES, submissions) == Shares(
        parts=(
            Part(options=("law",), percent=70),
            Part(options=("dementia",), percent=50),
            Part(options=("language", "ethics"), percent=Extent.few),
        ),
        respondents=Band.from_10,
    )


def test_who_ticks_none_of_several_options_counts_as_one_who_chose_none() -> None:
    ticked = [Submission(1, {"wishes": ("law",)}, {}) for _ in range(6)]

    assert figure(WISHES, [*ticked, *(Submission(1, {}, {}) for _ in range(6))]) == Shares(
        parts=(
            Part(options=("law",), percent=50),
            Part(options=("language", "dementia", "ethics"), percent=Extent.few),
        ),
        respondents=Band.from_10,
    )


# Unanimity, rounding, bands


def test_unanimity_is_told_as_most_and_cannot_be_told_from_two_who_disagree() -> None:
    all_agree, two_disagree = figure(YES, yes(12, 12), invited=12), figure(YES, yes(10, 12), invited=12)

    assert all_agree == two_disagree == Share(percent=Extent.most, respondents=Band.from_10)


def test_shares_are_rounded_to_10_percent_under_20_people_and_to_5_from_there() -> None:
    assert figure(YES, yes(7, 19)) == Share(percent=40, respondents=Band.from_10)
    assert figure(YES, yes(7, 20)) == Share(percent=35, respondents=Band.from_20)


def test_a_share_is_never_0_or_100_percent() -> None:
    assert figure(YES, yes(3, 200), 300) == Share(percent=Extent.few, respondents=Band.from_50)
    assert figure(YES, yes(197, 200), 300) == Share(percent=Extent.most, respondents=Band.from_50)


@pytest.mark.parametrize(
    ("respondents", "band"), [(9, "5-9"), (10, "10-19"), (19, "10-19"), (20, "20-49"), (49, "20-49"), (50, "50+")]
)
def test_the_number_of_respondents_is_a_band(respondents: int, band: str) -> None:
    assert figure(YES, yes(5, respondents), 100) == Share.model_validate(
        {"percent": figure(YES, yes(5, respondents), 100).headline, "respondents": band}  # type: ignore[union-attr]
    )


def test_a_band_never_says_that_everybody_answered() -> None:
    assert figure(YES, yes(5, 10), invited=10) == Share(percent=50, respondents=Band.from_5)


# Means


def test_a_mean_has_one_decimal() -> None:
    submissions = [Submission(1, {"mastery": value}, {}) for value in (2.0, 3.0, 3.0, 4.0, 4.0, 4.0, 5.0)]

    assert figure(SCALE, submissions) == Mean(value=3.6, respondents=Band.from_5)


def test_one_person_far_from_the_others_does_not_show_in_a_mean() -> None:
    def mean(outlier: float) -> Figure:
        return figure(HOURS, [Submission(1, {"hours": one}, {}) for one in (1, 2, 2, 3, 3, 4, 5, outlier)])

    assert mean(6) == mean(400) == Mean(value=3.0, respondents=Band.from_5)


def test_a_mean_of_free_numbers_takes_eight_respondents() -> None:
    assert figure(HOURS, [Submission(1, {"hours": 2.0}, {})] * 7) == TOO_FEW
    assert figure(SCALE, [Submission(1, {"mastery": 2.0}, {})] * 5) == Mean(value=2.0, respondents=Band.from_5)


def test_a_scale_with_named_points_is_a_choice() -> None:
    question = replace(PULSE, kind="scale")

    assert figure(question, answers(1, "glad", {"weekly": 5, "never": 3})) == Share(percent=60, respondents=Band.from_5)


# Groups


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


# Follow-ups


def test_a_follow_up_is_shown_where_enough_were_led_to_it() -> None:
    led = [Submission(1, {"glad": "never", "stopped": "yes" if i < 4 else "no"}, {}) for i in range(9)]
    submissions = [*led, *answers(1, "glad", {"weekly": 5, "rarely": 2, "no_occasion": 4})]

    publication = judge(one_bucket(), [PULSE, STOPPED], submissions, Thresholds(), rng=Random(1))

    assert publication.figure("bucket:1", "stopped") == Share(percent=40, respondents=Band.from_5)


def test_a_follow_up_that_would_empty_the_options_beside_it_is_held_back() -> None:
    question = Question("glad", "hash", "choose", ("never", "rarely", "weekly"), frozenset({"weekly"}))
    led = [Submission(1, {"glad": "never", "stopped": "yes"}, {}) for _ in range(6)]
    submissions = [*led, *answers(1, "glad", {"weekly": 6})]

    publication = judge(one_bucket(), [question, STOPPED], submissions, Thresholds(), rng=Random(1))

    assert publication.figure("bucket:1", "glad") == Share(percent=50, respondents=Band.from_10)
    assert publication.figure("bucket:1", "stopped") == TOO_FEW


def test_a_follow_up_gives_the_same_reason_as_the_question_before_it() -> None:
    led = [Submission(3, {"glad": "never", "stopped": "yes"}, {}) for _ in range(7)]
    submissions = [*led, *answers(2, "glad", {"never": 3}), *answers(4, "glad", {"never": 9})]

    publication = judge(siblings(20, 20, 20), [PULSE, STOPPED], submissions, Thresholds(), rng=Random(1))

    assert publication.figure("bucket:3", "glad") == publication.figure("bucket:3", "stopped") == DERIVABLE
    assert publication.figure("bucket:2", "stopped") == TOO_FEW


def test_of_two_follow_ups_on_options_that_are_not_told_apart_neither_is_shown() -> None:
    first = Question("glad", "hash", "choose", ("never", "rarely", "no_occasion", "weekly"), frozenset({"weekly"}))
    second = replace(STOPPED, field="slowed", after=("glad", frozenset({"rarely"})))
    led = [Submission(1, {"glad": "never", "stopped": "yes"}, {})] * 8
    led += [Submission(1, {"glad": "rarely", "slowed": "yes"}, {})] * 8
    submissions = [*led, *answers(1, "glad", {"weekly": 1})]

    both = judge(one_bucket(), [first, STOPPED, second], submissions, Thresholds(), rng=Random(1))
    one = judge(one_bucket(), [first, STOPPED], submissions, Thresholds(), rng=Random(1))

    assert both.figure("bucket:1", "stopped") == both.figure("bucket:1", "slowed") == TOO_FEW
    assert one.figure("bucket:1", "stopped") == Share(percent=Extent.most, respondents=Band.from_5)


def test_a_follow_up_comes_after_an_earlier_choice() -> None:
    with pytest.raises(ValueError, match="which is no earlier choice"):
        judge(one_bucket(), [STOPPED, PULSE], [], Thresholds(), rng=Random(1))


# Response rates


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


# Texts


def test_texts_take_ten_respondents_and_five_texts() -> None:
    five = [f"remark {i}" for i in range(5)]

    assert figure(REMARK, with_texts(*five, silent=4)) == TOO_FEW
    assert figure(REMARK, with_texts(*five[:4], silent=10)) == TOO_FEW
    shown = figure(REMARK, with_texts(*five, silent=5))
    assert isinstance(shown, Texts)
    assert sorted(shown.texts) == five


def test_a_text_stands_in_one_place_and_the_branch_lists_what_its_parts_do_not() -> None:
    submissions = [
        *with_texts(*(f"two {i}" for i in range(12)), bucket=2),
        *with_texts(*(f"three {i}" for i in range(3)), silent=9, bucket=3),
        *with_texts(*(f"four {i}" for i in range(4)), silent=9, bucket=4),
    ]
    publication = published(siblings(20, 20, 20), REMARK, submissions)

    def texts(scope: str) -> set[str]:
        shown = publication.figure(scope, "remark")
        return set(shown.texts) if isinstance(shown, Texts) else set()

    assert {text.split()[0] for text in texts("bucket:2")} == {"two"}
    assert {text.split()[0] for text in texts("unit:1")} == {"three", "four"}
    assert publication.figure("bucket:3", "remark") == TOO_FEW


def test_where_all_texts_stand_below_the_list_of_the_branch_is_empty() -> None:
    submissions = [one for bucket in (2, 3) for one in with_texts(*(f"{i}" for i in range(12)), bucket=bucket)]

    publication = published(siblings(20, 20), REMARK, submissions)

    assert publication.figure("unit:1", "remark") == Texts(texts=(), respondents=Band.from_20)


def test_texts_are_shuffled_and_nothing_of_the_order_they_came_in_is_left() -> None:
    submissions = with_texts(*(f"remark {i:02}" for i in range(20)))

    forwards, backwards = figure(REMARK, submissions), figure(REMARK, submissions[::-1])

    assert forwards == backwards
    assert isinstance(forwards, Texts)
    assert list(forwards.texts) not in (sorted(forwards.texts), sorted(forwards.texts, reverse=True))


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Ada sa det samme.", "[…] sa det samme."),
        ("Spør ada lovelace-hopper!", "Spør […]!"),
        ("Gracekoret er Graces kor", "Gracekoret er […] kor"),
        ("ÅSE og Per, hver dag, to ganger per uke", "[…] og […], hver dag, to ganger per uke"),
        ("Ring 912 34 567 eller 22 12 34 56", "Ring […] eller […]"),
        ("Ring 91234567, +47 91 23 45 67 eller 0047 91234567.", "Ring […], […] eller […]."),
        ("Ring +46 70 123 45 67", "Ring […]"),
        ("Født 010190 12345 eller 01019012345 eller 01.01.90 12345", "Født […] eller […] eller […]"),
        ("Skriv til ada.l+jobb@solvik.kommune.no i dag", "Skriv til […] i dag"),
        ("Planen for 2018-2021 har 12 tiltak og 1500 timer", "Planen for 2018-2021 har 12 tiltak og 1500 timer"),
        ("Møtet 12.05.2026 kl. 14.15 varte i 20 minutter", "Møtet 12.05.2026 kl. 14.15 varte i 20 minutter"),
    ],
)
def test_names_numbers_and_addresses_are_masked_in_texts(written: str, shown: str) -> None:
    names = ["Ada Lovelace", "Grace Hopper", "Åse Dag", "Per"]
    submissions = with_texts(*[written] * 5, silent=5)

    publication = judge(one_bucket(), [REMARK], submissions, Thresholds(), names=names, rng=Random(1))

    assert publication.figure("bucket:1", "remark") == Texts(texts=(shown,) * 5, respondents=Band.from_10)


# The gate itself


def test_thresholds_may_be_raised_and_never_lowered() -> None:
    assert Thresholds(respondents=7).respondents == 7
    for field in ("invited", "respondents", "distribution", "text_respondents", "texts", "category", "remainder"):
        with pytest.raises(ValueError, match=f"the threshold {field} is .* may only be raised"):
            Thresholds(**{field: 2})


def test_a_raised_threshold_is_kept_to() -> None:
    thresholds = Thresholds(respondents=9, category=4)

    publication = published(siblings(20, 20), YES, [*yes(4, 8, 2), *yes(3, 9, 3)], thresholds)

    assert publication.figure("bucket:2", "yes") == TOO_FEW
    assert publication.figure("bucket:3", "yes") == DERIVABLE
    assert publication.figure("unit:1", "yes") == Share(percent=40, respondents=Band.from_10)


def test_a_run_in_too_small_a_group_is_not_published() -> None:
    with pytest.raises(ValueError, match="fewer than 10 invited"):
        published(one_bucket(9), YES, yes(4, 8))


def test_submissions_of_another_run_are_refused() -> None:
    with pytest.raises(ValueError, match=r"submissions for the buckets \[7\]"):
        published(one_bucket(), YES, yes(4, 8, bucket=7))
    with pytest.raises(ValueError, match="not among its options"):
        published(one_bucket(), YES, answers(1, "yes", {"maybe": 5}))


def test_a_run_without_answers_is_published_as_such() -> None:
    publication = judge(one_bucket(), QUESTIONS, [], Thresholds(), rng=Random(1))

    assert {cell.figure for cell in publication.cells} == {TOO_FEW}
    assert publication.rate("bucket:1") == Rate(bound="at_most", percent=10)


def test_only_the_gate_makes_a_publication() -> None:
    publication = published(one_bucket(), YES, yes(4, 8))

    with pytest.raises(TypeError, match="only the gate"):
        Publication(cells=publication.cells, rates=publication.rates, seal=object())
    with pytest.raises(ValueError, match="seal"):
        replace(publication, rates=())  # type: ignore[call-arg]


def test_a_publication_comes_back_equal_from_its_column() -> None:
    publication = judge(one_bucket(), QUESTIONS, yes(0, 0), Thresholds(), rng=Random(1))
    shown = published(one_bucket(), BARRIER, answers(1, "barrier", {"time": 8, "tools": 4, "leader": 1}))

    for one in (publication, shown):
        assert Publication.from_json(json.loads(json.dumps(one.to_json()))) == one


@pytest.mark.parametrize("percent", [0, 100, 42, 3])
def test_a_stored_publication_cannot_say_what_the_gate_never_says(percent: int) -> None:
    document = published(one_bucket(), YES, yes(4, 8)).to_json()
    document["cells"][0]["figure"]["percent"] = percent

    with pytest.raises(ValidationError):
        Publication.from_json(document)


def test_the_hash_of_the_wording_is_kept_with_the_figure() -> None:
    assert published(one_bucket(), YES, yes(4, 8)).question_hash("yes") == "hash"
