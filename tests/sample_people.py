"""A few people as lines of a file, and the ways tests bring them in and look at them."""

from datetime import UTC, date, datetime
from pathlib import Path

from click.testing import CliRunner, Result
from sqlmodel import select

from bot.commands.people import people
from bot.directory import csv
from storage.directory.difference import Difference, find_difference
from storage.directory.storing import apply
from storage.store import Store
from storage.tables import Person, Unit

MONDAY = date(2027, 1, 4)
AT = datetime(2027, 1, 4, 7, tzinfo=UTC)

HEADER = "number;name;mail;language;hours;leave;unit;membership;employer;from;to;role"
ADA = "1;Ada Berg;ada@solvik.example;nb;;;Solvik / Sykehjem / Avdeling 2;home;;;;"
GRACE = "2;Grace Lie;grace@solvik.example;nb;;;Solvik / Sykehjem / Avdeling 2;home;;;;leader"
MALLORY = "3;Mallory Dahl;;nb;;;Solvik / NAV;home;Staten;;;"


def find(store: Store, *lines: str, on: date = MONDAY) -> Difference:
    organisation = csv.read("solvik.csv", [HEADER, *lines]).organisation
    with store.reading() as session:
        return find_difference(session, organisation, on)


def import_lines(store: Store, *lines: str, on: date = MONDAY) -> Difference:
    organisation = csv.read("solvik.csv", [HEADER, *lines]).organisation
    with store.writing() as session:
        difference = find_difference(session, organisation, on)
        apply(session, difference, AT)
    return difference


def find_person(store: Store, number: str) -> Person:
    with store.reading() as session:
        person = session.exec(select(Person).where(Person.number == number)).one()
        session.expunge(person)  # so that it can be read after the transaction
    return person


def find_unit(store: Store, path: str) -> int:
    with store.reading() as session:
        unit_id = session.exec(select(Unit.id).where(Unit.path == path)).one()
    assert unit_id is not None
    return unit_id


def run_command(store: Store, file: Path, *options: str) -> Result:
    url = store.url.render_as_string(hide_password=False)
    arguments = ["import", str(file), "--on", MONDAY.isoformat(), *options]
    return CliRunner().invoke(people, arguments, env={"MEDVIRK_DATABASE_URL": url})


def write_file(folder: Path, *lines: str) -> Path:
    file = folder / "solvik.csv"
    file.write_text("\n".join([HEADER, *lines]), encoding="utf-8")
    return file
