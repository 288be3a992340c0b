"""Attacks by polling: the few between two audiences, whose answers could be worked out by subtracting figures."""

from itertools import combinations
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.polls import LEAST_BETWEEN, leaves_few
from tests.office import OTHER_WARD, WARD, MakeOffice, Office, said
from tests.polling import ANOTHER_GROUP, GROUP, WITH_GROUPS, compose, in_group, make_polling_office, send

TOO_NEAR = said("poll.problem.too_near")


@pytest.fixture
def office(make_office: MakeOffice) -> Office:
    return make_polling_office(make_office)


def poll_and_wait(office: Office, until: str, **chosen: Any) -> None:
    page = send(office, days="3", **chosen)
    assert said("poll.sent") in page.text
    office.pass_time(until)


def test_a_ward_and_then_the_ward_with_two_more_is_refused(office: Office) -> None:
    poll_and_wait(office, "2027-01-11 12:00", units=(WARD, OTHER_WARD))

    page = compose(office, units=(WARD, OTHER_WARD), groups=(GROUP,))  # Vera of the night shift comes in addition

    assert TOO_NEAR in page.text
    page.tap("send")
    assert len(office.runs()) == 1


def test_the_same_people_may_be_asked_again(office: Office) -> None:
    poll_and_wait(office, "2027-01-11 12:00", units=(WARD, OTHER_WARD))

    assert said("poll.sent") in send(office, units=(WARD, OTHER_WARD)).text


def test_a_whole_ward_more_may_be_asked(office: Office) -> None:
    poll_and_wait(office, "2027-01-11 12:00", units=(WARD,))

    assert TOO_NEAR not in compose(office, units=(WARD, OTHER_WARD)).text


def test_another_group_of_the_same_coordinator_does_not_help(make_office: MakeOffice) -> None:
    both = (*WITH_GROUPS, in_group(101, "Ada Berg", "group_coordinator", ANOTHER_GROUP))
    office = make_polling_office(make_office, both)
    poll_and_wait(office, "2027-01-11 12:00", units=(WARD, OTHER_WARD))

    page = compose(office, units=(WARD, OTHER_WARD), groups=(GROUP,), group=ANOTHER_GROUP)

    assert TOO_NEAR in page.text


def test_who_said_no_is_counted_in_what_lies_between(office: Office) -> None:
    """Otherwise the refusal itself would tell who said "don't ask me"."""
    poll_and_wait(office, "2027-01-11 12:00", units=(WARD, OTHER_WARD))
    office.home("Vera").tap("decline")

    assert TOO_NEAR in compose(office, units=(WARD, OTHER_WARD), groups=(GROUP,)).text


def test_with_names_nothing_needs_to_be_worked_out(office: Office) -> None:
    poll_and_wait(office, "2027-01-11 12:00", units=(WARD, OTHER_WARD))

    page = compose(office, units=(WARD, OTHER_WARD), groups=(GROUP,), kept="named")

    assert TOO_NEAR not in page.text


def test_after_three_months_the_answers_are_others(office: Office) -> None:
    poll_and_wait(office, "2027-04-12 12:00", units=(WARD, OTHER_WARD))

    page = compose(office, units=(WARD, OTHER_WARD), groups=(GROUP,))

    assert TOO_NEAR not in page.text


def test_two_polls_and_their_union_with_one_more_cannot_be_combined() -> None:
    one, other = set(range(20)), set(range(20, 40))

    assert not leaves_few(one, [])
    assert not leaves_few(other, [one])
    assert not leaves_few(one | other, [one, other])
    assert leaves_few(one | other | {40}, [one, other])


def test_nobody_in_common_is_nothing_to_subtract() -> None:
    assert not leaves_few(range(12), [range(100, 104), range(200, 230)])


@given(st.integers(0, 2**32))
def test_no_sum_of_what_was_let_through_isolates_fewer_than_ten(seed: int) -> None:
    """Random audiences, one after another, each asked only where the rule lets it. Of all that adding and subtracting
    can make of those let through, none is a group of one to nine people."""
    rng = Random(seed)
    blocks = [
        set(range(start, start + size))
        for start, size in zip(range(0, 300, 30), rng.choices([1, 4, 12, 25], k=10), strict=True)
    ]
    asked: list[set[int]] = []
    for _ in range(5):
        new: set[int] = set().union(*rng.sample(blocks, rng.randint(1, 5)))
        if len(new) >= LEAST_BETWEEN and not leaves_few(new, asked):
            asked.append(new)

    for one, other in combinations(asked, 2):
        if one & other:
            assert not 0 < len(one - other) < LEAST_BETWEEN
            assert not 0 < len(other - one) < LEAST_BETWEEN
