"""What will probably be seen, said before a run opens: it agrees with what the gate does at close."""

from random import Random

import pytest

from flows.disclosure import judge
from flows.partition import divide
from flows.prospects import Outlook, count_before_figures, count_needed, count_to_ask, find_prospects
from flows.publication import HeldBack
from flows.submissions import Question, Submission
from flows.thresholds import Thresholds
from tests.organisations import BARRIER, HOURS, PULSE, REMARK, WISHES, one_bucket, siblings

QUESTIONS = (PULSE, BARRIER, WISHES, HOURS, REMARK)


def submissions(question: Question, number: int) -> list[Submission]:
    """So many answers, half of one kind and half of another."""
    made = []
    for i in range(number):
        if question.kind == "text":
            made.append(Submission(1, {}, {question.field: f"text {i}"}))
        elif question.kind == "number":
            made.append(Submission(1, {question.field: float(i)}, {}))
        else:
            option = question.options[i % 2]
            made.append(Submission(1, {question.field: (option,) if question is WISHES else option}, {}))
    return made


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda one: one.kind + one.field)
def test_the_gate_shows_nothing_below_what_is_said_to_be_needed(question: Question) -> None:
    needed = count_needed(question, Thresholds())

    def is_shown(number: int) -> bool:
        made = judge(one_bucket(), [question], submissions(question, number), Thresholds(), rng=Random(1))
        return not isinstance(made.figure("bucket:1", question.field), HeldBack)

    assert not is_shown(needed - 1)
    assert is_shown(needed)


def test_each_bucket_is_told_with_its_units() -> None:
    prospects = find_prospects(siblings(20, 12, 4), [PULSE])

    assert [(one.units, one.invited) for one in prospects] == [((2,), 20), ((3, 4), 16)]


def test_nothing_is_foreseen_where_too_few_are_asked() -> None:
    assert find_prospects(divide({1: None}, 1, {1: 9}), [PULSE]) == ()


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda one: one.kind + one.field)
def test_where_fewer_are_asked_than_is_said_nothing_is_shown_even_when_all_answer(question: Question) -> None:
    asked = max(10, count_to_ask(count_needed(question, Thresholds()), Thresholds()))

    def is_shown(invited: int) -> bool:
        made = judge(one_bucket(invited), [question], submissions(question, invited), Thresholds(), rng=Random(1))
        (prospect,) = find_prospects(one_bucket(invited), [question])
        is_foreseen = prospect.outlook(question.field, share_answering=1) is not Outlook.never
        assert is_foreseen != isinstance(made.figure("bucket:1", question.field), HeldBack)
        return is_foreseen

    assert is_shown(asked)
    assert asked == 10 or not is_shown(asked - 1)


@pytest.mark.parametrize(
    ("invited", "outlook"),
    [(10, Outlook.never), (11, Outlook.never), (12, Outlook.possible), (17, Outlook.likely), (30, Outlook.likely)],
)
def test_how_likely_a_figure_is_depends_on_how_many_are_asked(invited: int, outlook: Outlook) -> None:
    five_options = Question("q", "h", "choose", tuple("abcde"))  # takes ten respondents

    (prospect,) = find_prospects(siblings(invited), [five_options], Thresholds())

    assert prospect.outlook("q") is outlook


def test_a_text_in_a_ward_of_twelve_takes_nearly_all_of_them() -> None:
    (prospect,) = find_prospects(one_bucket(12), [REMARK])

    assert prospect.outlook(REMARK.field) is Outlook.possible
    assert prospect.outlook(REMARK.field, share_answering=1) is Outlook.likely


def test_what_is_promised_is_the_least_that_any_figure_takes_and_a_text_only_where_there_are_no_figures() -> None:
    ten_options = Question("q", "h", "choose", tuple("abcdefghij"))
    least = Thresholds()

    assert count_before_figures([ten_options, REMARK], least) == 20
    assert count_before_figures([ten_options, WISHES], least) == 8
    assert count_before_figures([PULSE, ten_options], least) == 5
    assert count_before_figures([REMARK], least) == 10


def test_near_health_more_is_needed() -> None:
    (prospect,) = find_prospects(one_bucket(30), [PULSE], Thresholds.near_health())

    assert prospect.needs[PULSE.field] == 6
