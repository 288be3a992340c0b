"""The gate itself: what it refuses, who may make a Publication, and how one is kept."""

import json
from dataclasses import replace

import pytest
from pydantic import ValidationError

from flows.disclosure import Thresholds
from flows.publication import Band, Publication, Rate, Share
from tests.organisations import BARRIER, QUESTIONS, answers, one_bucket, siblings
from tests.reading_publications import DERIVABLE, TOO_FEW, YES, published, yes


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
    publication = published(one_bucket(), QUESTIONS, [])

    assert {cell.figure for cell in publication.cells} == {TOO_FEW}
    assert publication.rate("bucket:1") == Rate(bound="at_most", percent=10)


def test_only_the_gate_makes_a_publication() -> None:
    publication = published(one_bucket(), YES, yes(4, 8))

    with pytest.raises(TypeError, match="only the gate"):
        Publication(cells=publication.cells, rates=publication.rates, seal=object())
    with pytest.raises(ValueError, match="seal"):
        replace(publication, rates=())  # type: ignore[call-arg]


def test_a_publication_comes_back_equal_from_its_column() -> None:
    publication = published(one_bucket(), QUESTIONS, [])
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
