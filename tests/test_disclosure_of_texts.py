"""The table of the gate, rule by rule: texts."""

from random import Random

import pytest

from flows.disclosure import Submission, Thresholds, judge
from flows.publication import Band, Texts
from tests.organisations import REMARK, one_bucket, siblings
from tests.reading_publications import TOO_FEW, figure, published


def with_texts(*texts: str, silent: int = 0, bucket: int = 1) -> list[Submission]:
    return [Submission(bucket, {}, {"remark": text}) for text in (*texts, *([""] * silent))]


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
