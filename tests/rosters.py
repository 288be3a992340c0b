"""Rosters for tests: files brought in as the command does, and what is kept of them."""

from datetime import datetime
from pathlib import Path

from sqlmodel import Session, select

from bot.rosters.reading import find_change, find_files, read_files
from storage.rosters import apply_roster_change
from storage.tables import Person, RosteredDays, Shift
from tests.office import Office

HEADER = "number;starts;ends"


def import_roster(office: Office, *lines: str) -> None:
    """Bring in a CSV file with these lines."""
    file = office.parts.keys.folder.parent / "vakter.csv"
    file.write_text("\n".join([HEADER, *lines]), encoding="utf-8")
    import_file(office, file)


def import_file(office: Office, path: Path) -> None:
    def work(session: Session) -> None:
        reading = read_files(find_files(path), "Europe/Oslo", office.at)
        change, _ = find_change(session, reading, office.at)
        apply_roster_change(session, change, office.at)

    office.parts.writer.do_now(work)


def shifts_of(session: Session, number: str) -> list[tuple[datetime, datetime]]:
    found = select(Shift.starts_at, Shift.ends_at).join(Person).where(Person.number == number)
    return sorted(session.exec(found).all())


def days_of(session: Session, number: str) -> list[tuple[str, str]]:
    found = session.exec(select(RosteredDays).join(Person).where(Person.number == number))
    return sorted((str(one.starts_on), str(one.ends_on)) for one in found)
