"""Kill -9 at random while many are sent: nothing is lost, and twice comes at most what was in the hand."""

import os
from pathlib import Path

import pytest
from sqlmodel import select

from storage.store import Store
from storage.tables import Lane
from tests.bench.chaos import Outcome, Plan, new_database, wreck
from tests.conftest import POSTGRES

pytestmark = pytest.mark.slow
SENDS, KILLS, AT_ONCE = 120, 2, 8
PER_SECOND = 40  # slow enough that much is left to send when the last kill comes, on a busy machine too


def send_and_kill(folder: Path, mode: str) -> Outcome:
    """On SQLite by one process at a time, on PostgreSQL by two beside each other."""
    plan = Plan(
        sends=SENDS,
        kills=KILLS,
        replicas=2 if POSTGRES else 1,
        mode=mode,
        at_once=AT_ONCE,
        per_second=PER_SECOND,
        burst=AT_ONCE,
        lease=1.0,
        seed=os.getpid(),
    )
    with new_database(POSTGRES or None, folder) as database:
        return wreck(database, folder, plan)


def test_where_the_platform_can_be_asked_nothing_is_lost_and_nothing_comes_twice(tmp_path: Path) -> None:
    outcome = send_and_kill(tmp_path, "ask")

    assert outcome.kills == KILLS
    assert outcome.states == {"sent": SENDS}
    assert (outcome.lost, outcome.twice, outcome.arrived) == (0, 0, SENDS)


def test_where_twice_does_no_harm_nothing_is_lost_and_twice_comes_only_what_was_in_the_hand(tmp_path: Path) -> None:
    outcome = send_and_kill(tmp_path, "repeat")

    assert outcome.states == {"sent": SENDS}
    assert (outcome.lost, outcome.arrived) == (0, SENDS)
    assert outcome.twice <= sum(outcome.in_hand_when_killed) <= KILLS * AT_ONCE


def test_where_neither_holds_nothing_comes_twice_and_what_is_not_known_stands_as_uncertain(tmp_path: Path) -> None:
    outcome = send_and_kill(tmp_path, "neither")

    assert (outcome.lost, outcome.twice) == (0, 0)
    assert outcome.states["sent"] + outcome.states["uncertain"] == SENDS
    assert outcome.unknown <= outcome.states["uncertain"] <= KILLS * AT_ONCE


def test_sigterm_finishes_what_is_in_the_hand_and_lets_the_lane_go(tmp_path: Path) -> None:
    plan = Plan(sends=SENDS, kills=0, stop_after=10, at_once=AT_ONCE, seed=1)
    with new_database(POSTGRES or None, tmp_path) as database:
        outcome = wreck(database, tmp_path, plan)

        store = Store(database)
        with store.reading() as session:
            leases = session.exec(select(Lane.leased_until)).all()
        store.close()

    assert 10 <= outcome.states["sent"] < SENDS
    assert set(outcome.states) == {"sent", "queued"}
    assert outcome.arrived == outcome.states["sent"]
    assert set(leases) == {None}
