"""Limits: so many in a window of time, and then again."""

from datetime import UTC, datetime, timedelta

from bot.limits import Limit

AT = datetime(2027, 1, 4, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def test_so_many_are_let_through_in_a_window_and_no_more() -> None:
    limit = Limit(3, MINUTE)

    assert [limit.take(AT) for _ in range(5)] == [True, True, True, False, False]


def test_the_next_window_begins_anew() -> None:
    limit = Limit(1, MINUTE)
    limit.take(AT)

    assert not limit.take(AT + timedelta(seconds=59))
    assert limit.take(AT + MINUTE)


def test_what_is_given_back_may_be_taken_again_and_never_more_than_that() -> None:
    limit = Limit(1, MINUTE)
    limit.take(AT)
    for _ in range(3):
        limit.give_back()

    assert [limit.take(AT), limit.take(AT)] == [True, False]


def test_each_key_has_its_own_places() -> None:
    limit = Limit(1, MINUTE)

    assert [limit.take(AT, "a"), limit.take(AT, "b"), limit.take(AT, "a")] == [True, True, False]


def test_nothing_is_kept_of_windows_that_are_over() -> None:
    limit = Limit(1, MINUTE)
    for number in range(1_000):
        limit.take(AT + number * MINUTE, str(number))

    assert len(limit._taken) == 1
