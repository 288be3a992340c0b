"""The sample organisation can be imported, is made up, and has what the demo and the gate need."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlmodel import Session, select

from bot.directory import csv
from bot.directory.columns import tabulate_columns
from bot.rosters.reading import find_files, read_files
from flows.hours import WorkingHours
from storage.directory.difference import find_difference
from storage.directory.records import Organisation
from storage.directory.storing import apply
from storage.people import calendars, home_memberships, leader_of, representatives_of
from storage.store import Store
from storage.tables import Person, Unit
from storage.tables.organisation import MembershipKind, RoleName

SAMPLE = Path(__file__).parents[1] / "deploy" / "sample"
DEMO_BEGINS = date(2027, 1, 4)
AT = datetime(2027, 1, 4, 7, tzinfo=UTC)


@pytest.fixture(scope="module")
def organisation() -> Organisation:
    file = SAMPLE / "solvik.csv"
    with file.open("rb") as content:
        return csv.read(file.name, csv.split_lines(content)).organisation


@pytest.fixture(scope="module")
def session(organisation: Organisation, make_database: Callable[[], str]) -> Iterator[Session]:
    store = Store(make_database())
    with store.writing() as writing:
        apply(writing, find_difference(writing, organisation, DEMO_BEGINS), AT)
    with store.reading() as reading:
        yield reading
    store.close()


def find_unit(session: Session, name: str) -> int:
    unit_id = session.exec(select(Unit.id).where(Unit.name == name)).one()
    assert unit_id is not None
    return unit_id


def test_the_people_are_made_up_and_their_mail_goes_nowhere(organisation: Organisation) -> None:
    domains = Counter(person.mail.partition("@")[2] for person in organisation.people if person.mail)

    assert len(organisation.people) == 120
    assert set(domains) == {"solvik.example", "nav.example"}
    assert sum(person.mail is None for person in organisation.people) == 9


def test_there_are_departments_of_every_size_that_the_gate_must_judge(
    session: Session, organisation: Organisation
) -> None:
    sizes = Counter(home.unit_id for home in home_memberships(session, DEMO_BEGINS))
    names = {unit.id: unit.name for unit in session.exec(select(Unit))}

    assert {names[unit_id]: size for unit_id, size in sizes.items()} == {
        "Kommunedirektørens stab": 3,
        "Helse og omsorg": 1,
        "Fagutviklingsenhet": 3,
        "Solvik sykehjem": 1,
        "Avdeling 1": 22,
        "Avdeling 2": 24,
        "Nattvakta": 5,
        "Kjøkkenet": 4,
        "Hjemmetjenesten": 1,
        "Sone Nord": 14,
        "Sone Sør": 13,
        "NAV Solvik": 1,
        "Oppfølgingsteam": 12,  # and one who begins in February
        "Mottaksteam": 8,
        "Sykefraværsteam": 7,
    }


def test_avdeling_2_is_led_by_kari_lie_and_represented_by_jonas_berg(session: Session) -> None:
    unit_id = find_unit(session, "Avdeling 2")
    leader = leader_of(session, unit_id)

    assert leader is not None
    assert leader.name == "Kari Lie"
    assert representatives_of(session, unit_id)[0].name == "Jonas Berg"
    assert session.exec(select(Person).where(Person.name == "Amina Warsame")).one().active


def test_everybody_has_a_leader_except_the_head_of_the_sector(session: Session) -> None:
    homes = home_memberships(session, DEMO_BEGINS)
    without = [home.person_id for home in homes if leader_of(session, home.unit_id) is None]

    assert [session.get_one(Person, person_id).name for person_id in without] == ["Marit Solberg Vik"]


def test_the_nav_office_has_representatives_for_each_of_its_employers(session: Session) -> None:
    office = find_unit(session, "NAV Solvik")
    names = {
        employer: [person.name for person in representatives_of(session, office, employer)]
        for employer in ("Solvik kommune", "Arbeids- og velferdsetaten")
    }

    assert names == {"Solvik kommune": ["Trine Sofie Arnesen"], "Arbeids- og velferdsetaten": ["Roar Kleven"]}


def test_every_role_of_the_product_is_held_by_somebody(organisation: Organisation) -> None:
    assert {role.name for role in organisation.roles} == set(RoleName)


def test_six_groups_cut_across_and_each_has_a_coordinator_among_its_members(
    organisation: Organisation,
) -> None:
    groups = {unit.path for unit in organisation.units if unit.is_group}
    members = {(each.path, each.number) for each in organisation.memberships if each.kind is MembershipKind.group}
    coordinators = {(role.path, role.number) for role in organisation.roles if role.name is RoleName.group_coordinator}

    assert len(groups) == 6
    assert {path for path, _ in coordinators} == groups
    assert coordinators <= members


def test_there_are_readers_of_every_language_and_people_with_two_positions(
    organisation: Organisation,
) -> None:
    languages = Counter(person.language for person in organisation.people)
    others = [each for each in organisation.memberships if each.kind is MembershipKind.other]

    assert set(languages) == {"nb", "nn", "en"}
    assert languages["nn"] >= 10
    assert languages["en"] >= 5
    assert len(others) >= 5


def test_some_are_away_when_the_demo_begins_and_nights_go_past_midnight(session: Session) -> None:
    people = [home.person_id for home in home_memberships(session, DEMO_BEGINS)]
    found = calendars(session, people, DEMO_BEGINS).values()

    away = [each for each in found if any(first <= DEMO_BEGINS <= last for first, last in each.away)]
    nights = [calendar for calendar in found if calendar.hours == WorkingHours.parse("søn-tor 22:00-07:15")]
    assert len(away) >= 5
    assert len(nights) >= 3


def test_the_read_me_shows_the_columns_as_the_code_has_them_and_the_right_number_of_people(
    organisation: Organisation,
) -> None:
    text = (SAMPLE / "README.md").read_text(encoding="utf-8")

    assert tabulate_columns() in text
    assert f"{len(organisation.people)} people who do not exist" in text
    assert re.findall(r"\| (\d+(?:, \d+)*) \|", text) == [
        "3", "1", "3", "1", "22, 24", "5", "4", "1", "14, 13", "1", "13, 8, 7",
    ]  # fmt: skip


def test_the_rosters_are_of_people_in_the_file_and_begin_with_the_demo(organisation: Organisation) -> None:
    reading = read_files(find_files(SAMPLE / "rosters"), "Europe/Oslo", datetime(2027, 1, 4, 6, tzinfo=UTC))

    assert reading.problems == []
    numbers = {entry.who for file in reading.files for entry in file.entries}
    night = {each.number for each in organisation.memberships if each.path.endswith("Nattvakta")}
    assert numbers <= {person.number for person in organisation.people}
    assert len(numbers & night) == 5
    assert min(file.days[0] for file in reading.files) == DEMO_BEGINS
    assert not any(date(2027, 2, 22) <= one.first_day <= date(2027, 2, 28) for one in reading.files[0].entries)
