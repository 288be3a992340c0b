"""The table of the gate, rule by rule: what one group of people sees of its own answers."""

from dataclasses import replace

import pytest

from flows.disclosure import Submission, Thresholds
from flows.publication import Band, Extent, Figure, Mean, Part, Share, Shares
from tests.organisations import BARRIER, HOURS, PULSE, SCALE, WISHES, answers, one_bucket
from tests.reading_publications import TOO_FEW, YES, figure, published, yes


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
