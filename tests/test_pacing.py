"""Pacing: a platform's rate is used and never gone over, whoever waits."""

import asyncio
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.outbox.pacing import SHARE_OF_RATE, Bucket, Pacer, Rate, at_will


class Clock:
    """Goes forward when somebody sleeps."""

    def __init__(self) -> None:
        self.seconds = 100.0
        self.slept: list[float] = []

    def now(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        await asyncio.sleep(0)
        self.seconds = max(self.seconds, self.seconds + seconds)


def moments(bucket: Bucket, calls: int, begins: float = 0.0) -> list[float]:
    """When each call may be made by somebody who makes one after another."""
    now, made = begins, []
    for _ in range(calls):
        now += bucket.reserve(now)
        made.append(now)
    return made


def test_a_rate_is_used_and_not_gone_over() -> None:
    made = moments(Bucket(Rate(50, 10)), 1_000)

    assert 0.97 < (len(made) / made[-1]) / 50 <= SHARE_OF_RATE + 0.001


def test_after_a_rest_a_burst_may_leave_at_once_and_then_it_is_the_rate_again() -> None:
    bucket = Bucket(Rate(10, 10))
    moments(bucket, 1)

    made = moments(bucket, 12, begins=60.0)

    assert made[:8] == [60.0] * 8  # a little of the burst is kept back
    assert made[8] > 60.0
    assert made[11] - made[8] == pytest.approx(3 / (10 * SHARE_OF_RATE))


def test_a_bucket_begins_empty_since_nobody_knows_what_was_spent_before() -> None:
    assert Bucket(Rate(2, 100)).reserve(5.0) == pytest.approx(0.5 / SHARE_OF_RATE)


def test_who_comes_later_waits_behind() -> None:
    bucket = Bucket(Rate(1))

    waits = [bucket.reserve(0.0) for _ in range(3)]

    assert waits == pytest.approx([1 / SHARE_OF_RATE, 2 / SHARE_OF_RATE, 3 / SHARE_OF_RATE])


def test_after_a_pause_nothing_is_saved_up_and_nothing_reserved() -> None:
    bucket = Bucket(Rate(1, 100))
    for _ in range(50):
        bucket.reserve(0.0)

    bucket.empty(10.0)

    assert bucket.reserve(10.0) == pytest.approx(1 / SHARE_OF_RATE)


@given(
    rate=st.builds(Rate, st.floats(0.5, 200), st.integers(1, 100)),
    rests=st.lists(st.floats(0, 20), min_size=1, max_size=200),
)
def test_whatever_the_rests_no_stretch_of_time_ever_has_more_than_the_platform_allows(
    rate: Rate, rests: list[float]
) -> None:
    bucket, now, made = Bucket(rate), 0.0, list[float]()
    for rest in rests:
        now += rest
        now += bucket.reserve(now)
        made.append(now)

    for first in range(len(made)):
        for last in range(first, len(made)):
            most = rate.burst + (made[last] - made[first]) * rate.per_second
            assert last - first + 1 <= most + 1e-6


def test_kinds_of_calls_have_rates_of_their_own_and_one_without_is_never_held_up() -> None:
    clock = Clock()
    pacer = Pacer({"post": Rate(1), "open": Rate(10)}, clock.now, clock.sleep)

    async def call() -> None:
        for kind in ("post", "open", "find"):
            await pacer.wait(kind)

    asyncio.run(call())

    assert clock.slept == pytest.approx([1 / SHARE_OF_RATE])  # by then there was one for "open"


def test_no_more_is_begun_than_leaves_within_a_moment() -> None:
    clock = Clock()
    pacer = Pacer({"post": Rate(20, 20)}, clock.now, clock.sleep)

    async def look() -> tuple[float, float, float]:
        before = pacer.room
        waiting = [asyncio.create_task(pacer.wait("post")) for _ in range(3)]
        await asyncio.sleep(0)
        between = pacer.room
        await asyncio.gather(*waiting)
        return before, between, pacer.room

    assert asyncio.run(look()) == (5, 2, 5)
    assert Pacer({"open": Rate(0.1)}).room == 1
    assert Pacer({}).room == math.inf


def test_a_pace_at_will_holds_up_nothing() -> None:
    asyncio.run(at_will("post"))
