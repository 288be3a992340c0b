"""The card on the own page: when we believe somebody is at work, and when it suits them."""

import pytest
from sqlmodel import Session

from bot.conversations.hours_choice import ACTION, make_hours_card, take_hours
from bot.conversations.visit import Interaction, Visit
from bot.words import words_in
from flows.calendars import Calendar
from flows.hours import WorkingHours
from flows.suiting import HOURS, Suits, find_choice, find_choices
from flows.text import LANGUAGES
from storage.links import Purpose
from storage.people import calendars
from storage.tables import Person
from tests.office import MakeOffice, Office, plain
from tests.rosters import import_roster
from tests.schedules import STAFF

ZONE = "Europe/Oslo"


@pytest.fixture
def ward(make_office: MakeOffice) -> Office:
    return make_office(people=STAFF, flows=[])


def visit(office: Office, name: str, language: str = "nb") -> Visit:
    return Visit(office.id_of(name), Purpose.home, 0, language)


def see(office: Office, name: str, language: str = "nb") -> str:
    with office.reading() as session:
        return plain(make_hours_card(session, visit(office, name, language), office.at))


def choose(office: Office, name: str, action: str, *chosen: str) -> bool:
    def work(session: Session) -> bool:
        return take_hours(session, Interaction(visit(office, name), action, {ACTION: list(chosen)}))

    return bool(office.parts.writer.do_now(work))


def suits(office: Office, name: str) -> str | None:
    with office.reading() as session:
        return session.get_one(Person, office.id_of(name)).suits


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_hours_we_go_by_are_told_in_every_language(ward: Office, language: str) -> None:
    hours = {"nb": "man.–fre. 08.00–15.30", "nn": "mån.–fre. 08.00–15.30", "en": "Mon–Fri 08:00–15:30"}

    assert hours[language] in see(ward, "Ada", language)


def test_who_works_by_a_roster_reads_until_when_we_know_it(ward: Office) -> None:
    import_roster(ward, "101;2027-01-04 22:00;07:15", "101;2027-01-31 22:00;07:15")

    card = see(ward, "Ada")

    assert "Vi følger vaktlista fram til 1. februar 2027." in card
    assert words_in("nb")("suits.night") in card


def test_a_choice_is_kept_shown_and_taken_back(ward: Office) -> None:
    assert choose(ward, "Ada", ACTION, "afternoon")
    with ward.reading() as session:
        calendar = calendars(session, [ward.id_of("Ada")], ward.at.date())[ward.id_of("Ada")]
        written = make_hours_card(session, visit(ward, "Ada"), ward.at).asks[0].written
    kept = suits(ward, "Ada")

    assert choose(ward, "Ada", ACTION, "always")

    assert (kept, written) == ("mon-sun 13:00-17:00", ("afternoon",))
    assert calendar.suits == HOURS[Suits.afternoon]
    assert suits(ward, "Ada") is None


@pytest.mark.parametrize(
    ("action", "chosen"),
    [("pause", ["afternoon"]), (ACTION, ["breakfast"]), (ACTION, []), (ACTION, ["night", "midday"])],
)
def test_what_is_no_choice_changes_nothing(ward: Office, action: str, chosen: list[str]) -> None:
    assert not choose(ward, "Ada", action, *chosen)
    assert suits(ward, "Ada") is None


def test_only_parts_of_the_day_that_somebody_works_in_are_to_be_chosen() -> None:
    by_day, by_night = Calendar(ZONE), Calendar(ZONE, WorkingHours.parse("søn-tor 22:00-07:15"))

    assert find_choices(by_day) == [Suits.always, Suits.morning, Suits.midday, Suits.afternoon]
    assert find_choices(by_night) == [Suits.always, Suits.morning, Suits.night]
    assert find_choices(Calendar(ZONE, WorkingHours.parse("tor 14:30-22:15")))[1:] == [Suits.afternoon, Suits.evening]


def test_an_earlier_choice_is_still_shown_when_hours_have_changed() -> None:
    calendar = Calendar(ZONE, suits=HOURS[Suits.evening])

    assert find_choices(calendar)[-1] is Suits.evening
    assert find_choice(calendar.suits) is Suits.evening


def test_every_choice_is_told_apart_in_every_language() -> None:
    for language in LANGUAGES:
        assert len({words_in(language)(f"suits.{choice}") for choice in Suits}) == len(Suits)


def test_together_the_choices_are_the_whole_day() -> None:
    every_minute = WorkingHours(tuple(span for hours in HOURS.values() for span in hours.spans))

    assert str(every_minute) == "mon-sun 00:00-24:00"
