"""Weeks of the made-up office: who reads them, and how themes come into them and are decided."""

from sqlmodel import col, select

from flows.model import Flow
from storage.tables import Digest, Theme
from tests.office import ADA, GRACE, WARD, Office, Page, line, on, shipped

JONAS = (line(103, "Jonas Vik", WARD), line(103, "Jonas Vik", "Solvik", "representative", membership=""))
SIV = (line(104, "Siv Rød", WARD), line(104, "Siv Rød", WARD, "safety", membership=""))
DIRECTOR = (line(1, "Sverre Dalhaug", "Solvik", "leader"),)
ABOVE = (line(2, "Marit Vik", "Solvik"), line(2, "Marit Vik", "Solvik", "superior", membership=""))
TURID = (line(201, "Turid Bakke", "Solvik / Avdeling 2", "leader"), line(202, "Bente Moen", "Solvik / Avdeling 2"))
PEOPLE = (ADA, GRACE, *JONAS, *SIV, *DIRECTOR, *ABOVE, *TURID)


def themes(*days: str) -> Flow:
    return shipped("theme_suggestion", schedule=on(*(days or ("2027-01-04",))))


def competence() -> Flow:
    return shipped("unused_competence", schedule=on("2027-01-04"))


def digests(office: Office) -> list[Digest]:
    with office.reading() as session:
        return list(session.exec(select(Digest).order_by(col(Digest.id))))


def readers(office: Office) -> set[str]:
    return office.names([one.person_id for one in digests(office)])


def theme_id(office: Office, text: str) -> int:
    with office.reading() as session:
        return session.exec(select(Theme.id).where(Theme.text == text)).one() or 0


def suggest_all(office: Office, name: str, *texts: str) -> None:
    for text in texts:
        office.answer(name, "theme_suggestion", {"suggestion": text, "nearest": "mine"})


def decide(office: Office, name: str, text: str, verdict: str = "taken_in", **form: str) -> Page:
    """What a page sends when somebody decides, whether or not the page offered it."""
    return office.week(name).tap(f"save_{verdict}:{theme_id(office, text)}", form)
