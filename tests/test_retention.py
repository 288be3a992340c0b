"""Retention: what was promised to be deleted is deleted that night, and not the night before."""

from datetime import date

import pytest
from sqlmodel import SQLModel, select

from flows.model import Flow
from storage.log import entries_of
from storage.retention import months_later
from storage.tables import (
    Answer,
    Decision,
    Delivery,
    Digest,
    FreeText,
    LeftAlonePerson,
    Participation,
    PublicationRow,
    Theme,
    ThemeAuthor,
)
from tests.office import ADA, GRACE, MALLORY, WARD, MakeOffice, Office, Page, crowd, line, on, said, shipped

NAMES = ["Bo", "Cecilie", "Dan", "Elin", "Finn", "Gard", "Hege", "Iris"]
FEW = (ADA, GRACE, line(103, "Jonas Vik", WARD))
STAFF = (*FEW, *crowd(110, WARD, " ".join(NAMES)))
LAST_DAY, NIGHT_AFTER = "2027-02-14 23:59", "2027-02-15 03:30"  # a run that closed on 15 January, kept for a month


def flow(which: str, **changes: object) -> Flow:
    """Open on Monday 4 January until Friday 15 January, and what comes in is kept for a month after that."""
    return shipped(which, schedule=on("2027-01-04"), deadline_days=11, retention_months=1, **changes)


def rows(office: Office, table: type[SQLModel]) -> int:
    with office.reading() as session:
        return len(session.exec(select(table)).all())


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2027, 1, 15), 1, date(2027, 2, 15)),
        (date(2027, 1, 31), 1, date(2027, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2027, 8, 31), 1, date(2027, 9, 30)),
        (date(2027, 12, 1), 1, date(2028, 1, 1)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2027, 5, 5), 24, date(2029, 5, 5)),
    ],
)
def test_a_month_later_is_the_same_day_or_the_last_of_a_shorter_month(day: date, months: int, later: date) -> None:
    assert months_later(day, months) == later


def test_opened_answers_are_deleted_and_the_figures_stay(make_office: MakeOffice) -> None:
    office = make_office(flows=[flow("pulse")], people=[*STAFF, MALLORY])
    office.pass_time("2027-01-04 12:00")
    for name in NAMES:
        office.answer(name, "pulse", {"learnt_needed": "weekly"})
    office.pass_time(LAST_DAY)
    kept = rows(office, Answer), rows(office, LeftAlonePerson), rows(office, PublicationRow)

    office.pass_time(NIGHT_AFTER)

    assert kept == (len(NAMES), 1, 1)
    assert (rows(office, Answer), rows(office, LeftAlonePerson), rows(office, PublicationRow)) == (0, 0, 1)


def test_named_answers_are_deleted_with_all_that_tells_who_gave_them(make_office: MakeOffice) -> None:
    office = make_office(flows=[flow("unused_competence")], people=FEW)
    office.pass_time("2027-01-04 12:00")
    office.answer("Ada", "unused_competence", {"has_more": "yes", "competence": "Polsk"})
    office.pass_time(LAST_DAY)
    kept = rows(office, Answer)

    office.pass_time(NIGHT_AFTER)

    assert kept == 1
    assert (rows(office, Answer), rows(office, Participation)) == (0, 0)
    with office.reading() as session:
        about = f"run:{office.runs()[0].id}"
        assert session.exec(select(Delivery).where(Delivery.about == about)).all() == []


def test_themes_are_deleted_with_those_behind_them_and_what_was_decided(make_office: MakeOffice) -> None:
    office = make_office(flows=[flow("theme_suggestion")], people=FEW)
    office.pass_time("2027-01-04 12:00")
    office.answer("Ada", "theme_suggestion", {"suggestion": "Uro om kvelden"})
    office.answer("Jonas", "theme_suggestion", {"suggestion": "Løfteteknikk", "nearest": "mine"})
    office.pass_time("2027-01-11 12:00")
    with office.reading() as session:
        theme = session.exec(select(Theme.id).where(Theme.text == "Løfteteknikk")).one()
    office.week("Grace").tap(f"save_taken_in:{theme}", {"own": "Fagmøte i mai"})
    office.pass_time(LAST_DAY)
    kept = rows(office, Theme), rows(office, ThemeAuthor), rows(office, Decision)

    office.pass_time(NIGHT_AFTER)

    assert kept == (2, 1, 1)
    assert (rows(office, Theme), rows(office, ThemeAuthor), rows(office, Decision)) == (0, 0, 0)
    assert not any("Løfteteknikk" in message for message in office.inbox("Grace"))


def test_free_texts_are_deleted_with_the_answers(make_office: MakeOffice) -> None:
    steps = shipped("pulse").to_json()["steps"]
    words = dict.fromkeys(("nb", "nn", "en"), "Noe du vil legge til?")
    steps[0]["fields"][3] = {"id": "remark", "kind": "text", "max_length": 200, "label": words}
    office = make_office(flows=[flow("pulse", steps=steps)], people=STAFF)
    office.pass_time("2027-01-04 12:00")
    for name in NAMES:
        office.answer(name, "pulse", {"found_solution": "weekly", "remark": "Mer tid til å øve"})
    office.pass_time(LAST_DAY)
    kept = rows(office, FreeText)

    office.pass_time(NIGHT_AFTER)

    assert kept == len(NAMES)
    assert rows(office, FreeText) == 0


def test_the_log_says_once_that_it_was_deleted(make_office: MakeOffice) -> None:
    office = make_office(flows=[flow("theme_suggestion")], people=FEW)
    office.pass_time("2027-01-04 12:00")

    office.pass_time("2027-02-18 12:00")

    with office.reading() as session:
        entries = [(one.action, one.object) for one in entries_of(session)]
    assert entries.count(("answers deleted, retention over", f"run:{office.runs()[0].id}")) == 1


def test_after_a_long_standstill_it_is_deleted_at_the_first_look(make_office: MakeOffice) -> None:
    office = make_office(flows=[flow("unused_competence")], people=FEW)
    office.pass_time("2027-01-04 12:00")
    office.answer("Ada", "unused_competence", {"has_more": "yes", "competence": "Polsk"})
    office.pass_time("2027-01-16 12:00")

    office.jump_to("2027-06-01 12:00")

    assert rows(office, Answer) == 0


def test_an_open_run_loses_nothing_however_long_it_is_open(make_office: MakeOffice) -> None:
    long = shipped("unused_competence", schedule=on("2027-01-04"), deadline_days=100, retention_months=1)
    office = make_office(flows=[long], people=FEW)
    office.pass_time("2027-01-04 12:00")
    office.answer("Ada", "unused_competence", {"has_more": "yes", "competence": "Polsk"})

    office.pass_time("2027-04-10 12:00")

    assert rows(office, Answer) == 1


def test_digests_are_kept_for_a_year(make_office: MakeOffice) -> None:
    long = shipped("theme_suggestion", schedule=on("2027-01-04"), retention_months=24)
    office = make_office(flows=[long], people=FEW, digest_cron="0 8 11 1 *")
    office.pass_time("2027-01-04 12:00")
    office.answer("Ada", "theme_suggestion", {"suggestion": "Uro om kvelden"})
    office.pass_time("2027-01-16 12:00")
    made = rows(office, Digest)

    office.jump_to("2028-01-10 12:00")
    kept = rows(office, Digest)
    office.jump_to("2028-01-12 12:00")

    assert (made, kept) == (1, 1)
    with office.reading() as session:
        assert {one.local_date.year for one in session.exec(select(Digest))} == {2028}


def test_a_link_that_is_over_explains_itself_for_some_months_and_is_then_unknown(make_office: MakeOffice) -> None:
    office = make_office(flows=[flow("pulse")], people=STAFF)
    office.pass_time("2027-01-04 12:00")
    url = office.follow("Ada", "Pulsen")

    office.jump_to("2027-04-01 12:00")
    explained = Page(office, url).trouble
    office.jump_to("2027-05-01 12:00")
    unknown = Page(office, url).trouble

    assert explained is not None
    assert explained.key == "expired"
    assert unknown is not None
    assert unknown.key == "unknown_link"


def test_until_when_it_is_kept_is_what_people_were_told(make_office: MakeOffice) -> None:
    office = make_office(flows=[flow("unused_competence")], people=FEW)
    office.pass_time("2027-01-04 12:00")

    page = office.open("Ada", "unused_competence")
    receipt = office.answer("Ada", "unused_competence", {"has_more": "no"})

    assert said("promise.kept", count=1) in page.text
    assert said("receipt.after_months", count=1) in receipt.text
