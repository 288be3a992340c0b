"""Flows with schedules for tests, and a few people of the made-up office, some of them at work at night."""

import asyncio
from collections.abc import Sequence
from threading import Barrier, Thread
from typing import Any

from bot.beat import beat
from flows.model import Flow
from tests.office import ADA, GRACE, NIGHT, WARD, Office, crowd, line, oslo, shipped

# Twelve, two of them at night.
STAFF = (
    ADA,
    GRACE,
    line(103, "Jonas Vik", WARD),
    *crowd(104, WARD, "Bo Cecilie Dan Elin Finn Gard Hege"),
    line(251, "Nils Foss", NIGHT, "leader", hours="mon-sun 21:00-07:00"),
    line(252, "Vera Moen", NIGHT, hours="mon-sun 21:00-07:00"),
)
EVERY_MONDAY = {"cron": "0 9 * * mon"}


def weekly(days_open: int) -> Flow:
    return shipped("theme_suggestion", name="weekly", schedule=EVERY_MONDAY, deadline_days=days_open)


def pulse(**changes: Any) -> Flow:
    return shipped("pulse", **changes)


def beat_together(replicas: Sequence[Office], at: str) -> None:
    """Each in a thread of its own, all at the same moment. What fails in one fails here."""
    barrier, failures = Barrier(len(replicas)), list[Exception]()

    def work(office: Office) -> None:
        barrier.wait()
        try:
            asyncio.run(beat(office.parts, oslo(at)))
        except Exception as error:
            failures.append(error)

    threads = [Thread(target=work, args=(one,)) for one in replicas]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
