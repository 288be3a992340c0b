"""Flows with schedules for tests, and a few people of the made-up office, some of them at work at night."""

from typing import Any

from flows.model import Flow
from tests.office import ADA, GRACE, NIGHT, WARD, crowd, line, shipped

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
