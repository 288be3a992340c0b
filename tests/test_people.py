"""Questions about people: where they belong, who answers for a unit, when they are at work."""

from datetime import date

from flows.calendars import Calendar
from flows.holidays import find_holidays
from flows.hours import WorkingHours
from storage.people import Home, calendars, home_memberships, leader_of, representatives_of
from storage.store import Store
from storage.tables import Person
from tests.sample_people import (
    ADA,
    GRACE,
    MALLORY,
    MONDAY,
    find_person,
    find_unit,
    import_lines,
)


def test_everybody_has_one_home_on_a_day_also_on_the_day_of_a_move(store: Store) -> None:
    import_lines(
        store,
        ADA.replace("home;;;;", "home;;;2027-02-28;"),
        "1;;;;;;Solvik / NAV;home;Staten;2027-03-01;;",
        "1;;;;;;Solvik / Demens;group;;;;",
    )

    person_id = find_person(store, "1").id or 0
    with store.reading() as session:
        assert home_memberships(session, date(2027, 2, 28)) == [
            Home(person_id, find_unit(store, "Solvik / Sykehjem / Avdeling 2"), "Solvik")
        ]
        assert home_memberships(session, date(2027, 3, 1)) == [
            Home(person_id, find_unit(store, "Solvik / NAV"), "Staten")
        ]


def test_the_leader_is_the_nearest_one_upwards(store: Store) -> None:
    import_lines(store, ADA, GRACE, MALLORY, "4;Hanne Moe;;nb;;;Solvik;home;;;;leader")

    with store.reading() as session:
        leaders = {
            path: person.name
            for path in ("Solvik / Sykehjem / Avdeling 2", "Solvik / Sykehjem", "Solvik / NAV")
            if (person := leader_of(session, find_unit(store, path)))
        }
    assert leaders == {
        "Solvik / Sykehjem / Avdeling 2": "Grace Lie",
        "Solvik / Sykehjem": "Hanne Moe",
        "Solvik / NAV": "Hanne Moe",
    }


def test_a_unit_without_a_leader_above_has_none(store: Store) -> None:
    import_lines(store, ADA)

    with store.reading() as session:
        assert leader_of(session, find_unit(store, "Solvik / Sykehjem / Avdeling 2")) is None


def test_an_office_with_two_employers_has_two_sets_of_representatives(store: Store) -> None:
    import_lines(
        store,
        MALLORY + "representative",
        "4;Per Moe;;nb;;;Solvik / NAV;home;Solvik;;;representative",
        "5;Siri Nes;;nb;;;Solvik;home;;;;representative",
    )

    with store.reading() as session:
        office = find_unit(store, "Solvik / NAV")
        names = {
            employer: [person.name for person in representatives_of(session, office, employer)]
            for employer in (None, "Staten", "Solvik")
        }
    assert names == {
        None: ["Mallory Dahl", "Per Moe", "Siri Nes"],
        "Staten": ["Mallory Dahl"],
        "Solvik": ["Per Moe", "Siri Nes"],
    }


def test_calendars_tell_when_people_are_at_work(store: Store) -> None:
    leave = "2026-12-01/2027-01-03; 2027-01-04/2027-01-08; 2027-07-05/2027-07-30"
    import_lines(store, ADA.replace(";nb;;;", f';nb;søn-tor 22:00-07:15;"{leave}";'), GRACE)
    ada, grace = (find_person(store, number).id or 0 for number in "12")
    with store.writing() as session:
        person = session.get_one(Person, grace)
        person.paused_until, person.declined = date(2027, 2, 1), True

    with store.reading() as session:
        found = calendars(session, [ada, grace], MONDAY)

    assert found == {
        ada: Calendar(
            "Europe/Oslo",
            WorkingHours.parse("søn-tor 22:00-07:15"),
            ((date(2027, 1, 4), date(2027, 1, 8)), (date(2027, 7, 5), date(2027, 7, 30))),
            days_off=find_holidays(2027, 2028),
        ),
        grace: Calendar("Europe/Oslo", WorkingHours(), (), date(2027, 2, 1), True, find_holidays(2027, 2028)),
    }


def test_calendars_are_found_for_more_people_than_a_statement_takes(store: Store) -> None:
    import_lines(store, ADA)
    ada = find_person(store, "1").id or 0

    with store.reading() as session:
        found = calendars(session, range(ada, ada + 40_000), MONDAY)

    assert list(found) == [ada]
