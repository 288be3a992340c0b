"""Rounds that tests answer in: open since Monday morning, among a few people of the made-up office."""

import re

from sqlmodel import select

from flows.model import Flow
from storage.tables import Answer, Envelope, Support, Theme, ThemeAuthor
from tests.office import ADA, GRACE, WARD, Office, crowd, line, on, shipped

JONAS = line(103, "Jonas Vik", WARD)
ELI = line(104, "Eldbjørg Haugen", WARD, language="nn")
TURID = line(201, "Turid Bakke", "Solvik / Avdeling 2", "leader")
FEW = (ADA, GRACE, JONAS, ELI, TURID, *crowd(110, WARD, "Bo"))
STAFF = (*FEW, *crowd(111, WARD, "Cecilie Dan Elin Finn Gard"))
CODE = re.compile(r"\w+-\d{4}-\w+-\w+")


def flow(which: str, /, **changes: object) -> Flow:
    return shipped(which, **{"schedule": on("2027-01-04"), **changes})


def begun(office: Office) -> Office:
    office.pass_time("2027-01-04 12:00")
    return office


def count(office: Office, table: type[Answer | Envelope | Theme | Support | ThemeAuthor]) -> int:
    with office.reading() as session:
        return len(session.exec(select(table)).all())


def waiting_themes(office: Office) -> set[str]:
    with office.reading() as session:
        return set(session.exec(select(Theme.text)))
