"""Runs that open on the first Monday in the made-up office, and whom they found."""

from collections.abc import Sequence

from flows.model import Flow
from storage.runs import people_asked, people_left_alone
from tests.office import (
    ADA,
    GRACE,
    WARD,
    Office,
    crowd,
    line,
    on,
    shipped,
)

MORNING = on("2027-01-04")
WARD_STAFF = (ADA, GRACE, *crowd(110, WARD, "Bo Cecilie Dan Elin Finn Gard Hege Iris"))  # ten
FEW = (ADA, GRACE, line(103, "Jonas Vik", WARD))


def pulse(**changes: object) -> Flow:
    return shipped("pulse", schedule=MORNING, **changes)


def themes(**changes: object) -> Flow:
    return shipped("theme_suggestion", schedule=MORNING, **changes)


def competence(**changes: object) -> Flow:
    return shipped("unused_competence", schedule=MORNING, **changes)


def opened(office: Office, until: str = "2027-01-04 12:00") -> dict[str, set[str]]:
    """After the first opening: who was asked, and who was left alone by reason, over all runs."""
    office.pass_time(until)
    found: dict[str, set[str]] = {"asked": set()}
    with office.reading() as session:
        for run in office.runs():
            found["asked"] |= office.names(people_asked(session, run.id or 0))
            for one in people_left_alone(session, run.id or 0):
                found.setdefault(one.reason, set()).update(office.names([one.person_id]))
    return found


def changed(people: Sequence[str], name: str, new: str) -> tuple[str, ...]:
    """The file with another line for one person."""
    assert any(name in one for one in people)
    return tuple(new if name in one else one for one in people)
