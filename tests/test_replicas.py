"""Replicas: several processes on one database tick together, and each thing is done once."""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlmodel import select

from storage.store import Store
from storage.tables import Delivery, Run
from storage.tables.sending import DeliveryKind
from tests.office import PEOPLE, Office, oslo
from tests.schedules import beat_together
from tests.sendings import themes

FOUR = 4


@pytest.fixture
def replicas(make_database: Callable[[], str], tmp_path: Path) -> Iterator[list[Office]]:
    """Four offices, each with a store, a writer and a name of its own, on one database."""
    url = make_database()
    stores = [Store(url) for _ in range(FOUR)]
    made = [
        Office(store, tmp_path, flows=[themes()], people=PEOPLE if store is stores[0] else (), discussed_by=())
        for store in stores
    ]
    made[0].record_discussion("theme_suggestion", "Solvik")
    yield made
    for office, store in zip(made, stores, strict=True):
        office.close()
        store.close()


def test_four_replicas_that_tick_together_make_one_run_and_send_each_question_once(replicas: list[Office]) -> None:
    for at in ("2027-01-04 08:30", "2027-01-04 09:00", "2027-01-04 09:01"):
        beat_together(replicas, at)

    with replicas[0].reading() as session:
        runs = session.exec(select(Run)).all()
        questions = session.exec(select(Delivery).where(Delivery.kind == DeliveryKind.question)).all()
    assert len(runs) == 1
    assert set(Counter(one.person_id for one in questions).values()) == {1}
    assert {(one.state, one.attempts) for one in questions if one.sent_at} == {("sent", 1)}
    assert len({office.parts.replica.name for office in replicas}) == FOUR


def test_what_one_replica_has_queued_is_sent_by_whichever_comes_first(replicas: list[Office]) -> None:
    first, second, *_ = replicas
    first.world.at = second.world.at = oslo("2027-01-04 08:30")
    first.beat()
    second.world.at = oslo("2027-01-04 09:00")

    second.beat()

    assert second.got(DeliveryKind.question)
