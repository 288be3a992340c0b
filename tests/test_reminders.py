"""Reminders: one, only to those who have not answered, never at a weekend, never together with the question."""

from bot.words import words_in
from flows.text import LANGUAGES
from storage.tables.sending import DeliveryKind
from tests.office import ADA, GRACE, WARD, MakeOffice, Office, Post, crowd, line, on, oslo, said
from tests.schedules import STAFF, pulse


def test_a_reminder_goes_once_and_only_to_those_who_have_not_answered(make_office: MakeOffice) -> None:
    office = make_office(people=STAFF, flows=[pulse()], post=Post())
    office.pass_time("2027-01-12 12:00")
    office.answer("Ada", "pulse", {"learnt_needed": "weekly"})

    office.pass_time("2027-01-21 12:00")

    assert reminders(office, "Jonas") == 1
    assert reminders(office, "Ada") == 0


def reminders(office: Office, name: str) -> int:
    """How many reminders somebody has got; no row of the database tells."""
    said = {words_in(language)("question.reminder") for language in LANGUAGES}
    return sum(any(sentence in letter for sentence in said) for letter in office.letters(name))


def test_who_answers_after_a_reminder_was_queued_does_not_get_it(make_office: MakeOffice) -> None:
    office = make_office(people=STAFF, flows=[pulse()], post=Post())
    office.pass_time("2027-01-18 20:00")
    queued = office.names([one.person_id for one in office.deliveries(DeliveryKind.reminder)])

    office.answer("Vera", "pulse", {"learnt_needed": "weekly"})  # before the night begins
    office.pass_time("2027-01-18 22:00")

    assert {"Vera", "Nils"} <= queued  # those who work at night wait for the evening
    assert (reminders(office, "Vera"), reminders(office, "Nils")) == (0, 1)


def test_a_reminder_that_falls_on_a_weekend_comes_on_monday(make_office: MakeOffice) -> None:
    office = make_office(people=STAFF, flows=[pulse(remind_after_days=[5])], post=Post())  # from Monday to Saturday

    office.pass_time("2027-01-18 08:59")
    before = reminders(office, "Ada")
    office.pass_time("2027-01-18 09:00")

    assert (before, reminders(office, "Ada")) == (0, 1)


def with_wilma(**cells: str) -> list[str]:
    """Ten in the ward, and Wilma."""
    return [
        ADA,
        GRACE,
        line(400, "Wilma Sand", WARD, **cells),
        *crowd(500, WARD, "Bo Cecilie Dan Elin Finn Gard Hege Iris"),
    ]


def test_who_works_at_weekends_only_is_asked_then_and_never_reminded_then(make_office: MakeOffice) -> None:
    people = with_wilma(hours="sat-sun 08:00-20:00")
    flow = pulse(schedule=on("2027-01-08"), remind_after_days=[4])  # asked from Friday on, reminded on Tuesday
    office = make_office(flows=[flow], post=Post(), people=people)

    office.pass_time("2027-01-19 08:00")

    asked = {one.person_id: one.sent_at for one in office.deliveries(DeliveryKind.question)}
    assert asked[office.id_of("Wilma")] == oslo("2027-01-09 08:00")
    assert (reminders(office, "Wilma"), reminders(office, "Ada")) == (0, 1)


def test_after_a_standstill_nobody_is_asked_and_reminded_in_the_same_hour(make_office: MakeOffice) -> None:
    office = make_office(people=STAFF, flows=[pulse()], post=Post())
    office.pass_time("2027-01-08 12:00")

    office.jump_to("2027-01-18 12:00")
    office.pass_time("2027-01-22 08:00")

    assert office.got(DeliveryKind.question) >= {"Ada", "Jonas"}
    assert reminders(office, "Ada") == 0


def test_who_comes_back_on_the_day_of_the_reminder_is_asked_and_not_reminded(make_office: MakeOffice) -> None:
    people = with_wilma(leave="2027-01-01/2027-01-17")
    office = make_office(flows=[pulse()], post=Post(), people=people)

    office.pass_time("2027-01-22 08:00")

    assert "Wilma" in office.got(DeliveryKind.question)
    assert (reminders(office, "Wilma"), reminders(office, "Ada")) == (0, 1)
    assert said("question.reminder") not in office.home("Wilma").text
    assert said("question.reminder") in office.home("Ada").text
