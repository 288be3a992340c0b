"""The week: what each reader gets, only when it says something, and once."""

from datetime import date

import pytest
from sqlmodel import select

from bot.digests import make_digests
from storage.log import entries_of
from storage.tables import Digest
from storage.tables.sending import DeliveryKind
from tests.office import ADA, WARD, MakeOffice, Office, Post, crowd, line, on, oslo, said, shipped
from tests.weeks import DIRECTOR, JONAS, PEOPLE, TURID, competence, digests, readers, suggest_all, themes


@pytest.fixture
def office(make_office: MakeOffice) -> Office:
    """Monday noon: everybody has been asked for themes, and leaders' people for what they can do."""
    made = make_office(flows=[themes(), competence()], people=PEOPLE)
    made.pass_time("2027-01-04 12:00")
    return made


def test_a_digest_comes_only_to_those_for_whom_it_says_something(office: Office) -> None:
    suggest_all(office, "Ada", "Uro om kvelden")

    office.pass_time("2027-01-11 12:00")

    assert readers(office) == {"Grace", "Jonas", "Siv", "Marit"}  # not Turid, and not Sverre, who decides nothing here
    assert office.got(DeliveryKind.digest) == readers(office)
    assert not any("Uka i" in message for message in office.inbox("Turid"))


def test_a_week_in_which_nothing_happened_sends_nothing(office: Office) -> None:
    office.pass_time("2027-01-11 12:00")

    assert digests(office) == []


def test_a_digest_comes_once_however_often_the_morning_is_looked_at(office: Office) -> None:
    suggest_all(office, "Ada", "Uro om kvelden")
    office.pass_time("2027-01-11 08:00")

    office.parts.writer.do_now(
        lambda session: make_digests(session, office.parts, date(2027, 1, 11), oslo("2027-01-11 08:05"))
    )
    office.pass_time("2027-01-11 12:00")

    assert len(digests(office)) == len(readers(office))
    assert sum("Uka i" in message for message in office.inbox("Grace")) == 1


def test_after_weeks_of_standstill_there_is_one_digest(office: Office) -> None:
    suggest_all(office, "Ada", "Uro om kvelden")

    office.jump_to("2027-02-03 09:00")  # a Wednesday

    assert {one.local_date for one in digests(office)} == {date(2027, 2, 1)}
    assert len(digests(office)) == len(readers(office))


def test_a_leader_gets_at_most_three_decisions_and_hears_how_many_more_wait(office: Office) -> None:
    suggest_all(office, "Ada", "Uro", "Ergonomi", "Palliasjon", "Dokumentasjon", "Svelgevansker")
    office.answer("Jonas", "unused_competence", {"has_more": "yes", "competence": "Polsk"})

    office.pass_time("2027-01-11 12:00")
    week = office.week("Grace")

    buttons = week.actions
    assert buttons.count("names") + buttons.count("taken_in") == 3
    assert said("digest.more_wait", count=3) in week.text


def test_the_oldest_theme_comes_first_with_how_long_it_has_waited(make_office: MakeOffice) -> None:
    office = make_office(flows=[themes("2027-01-04")], people=PEOPLE)
    office.pass_time("2027-01-04 12:00")
    suggest_all(office, "Ada", "Uro om kvelden")
    office.pass_time("2027-01-08 12:00")
    suggest_all(office, "Ada", "Ergonomi")

    office.pass_time("2027-01-11 12:00")

    week = office.week("Grace").text
    assert week.index("«Uro om kvelden» har ventet 7 dager") < week.index("«Ergonomi» har ventet 3 dager")


def test_a_theme_of_a_unit_without_a_leader_goes_to_the_nearest_one_above(make_office: MakeOffice) -> None:
    office = make_office(flows=[themes()], people=[ADA, *JONAS, *DIRECTOR, *TURID])
    office.pass_time("2027-01-04 12:00")
    suggest_all(office, "Ada", "Uro om kvelden")

    office.pass_time("2027-01-11 12:00")

    assert "«Uro om kvelden»" in office.week("Sverre").text
    assert said("digest.from_unit", unit="Avdeling 1") in office.week("Sverre").text
    assert readers(office) == {"Sverre", "Jonas"}


def test_who_is_not_the_leader_reads_how_many_themes_wait_and_the_mark_of_the_log_and_decides_nothing(
    office: Office,
) -> None:
    suggest_all(office, "Ada", "Uro om kvelden")
    office.answer("Ada", "unused_competence", {"has_more": "yes", "competence": "Polsk"})
    office.pass_time("2027-01-11 12:00")

    for name in ("Jonas", "Siv", "Marit"):
        week = office.week(name)
        assert said("digest.themes_wait", count=1) in week.text
        assert "Uro om kvelden" not in week.text
        assert week.actions == []
        reads = "digest.figures_of_all" if name == "Marit" else "digest.figures_only"
        assert said(reads) in week.text
    with office.reading() as session:
        marks = {one.facts["log_head"] for one in session.exec(select(Digest))}
        hashes = [entry.hash for entry in entries_of(session)]
    assert len(marks) == 1
    assert any(one.startswith(next(iter(marks))) for one in hashes)
    assert next(iter(marks)) in office.week("Jonas").text


def test_figures_go_only_to_those_to_whom_the_flow_promised_them(make_office: MakeOffice) -> None:
    flow = shipped("pulse", schedule=on("2027-01-04"), seen_by=["leader"])
    office = make_office(flows=[flow], people=[*PEOPLE, *crowd(300, WARD, "Bo Cecilie Dan Elin Finn Gard Hege Iris")])

    office.pass_time("2027-01-18 12:00")

    assert "Grace" in readers(office)
    assert readers(office).isdisjoint({"Jonas", "Siv", "Marit"})


def test_named_answers_are_counted_in_the_message_and_named_on_the_logged_page_alone(make_office: MakeOffice) -> None:
    office = make_office(flows=[competence()], people=PEOPLE, post=Post())
    office.pass_time("2027-01-04 12:00")
    office.answer("Ada", "unused_competence", {"has_more": "yes", "competence": "Polsk", "tasks": "Turer"})
    office.pass_time("2027-01-11 12:00")

    message = next(one for one in office.letters("Grace") if "Uka i" in one)
    page = office.week("Grace")
    before, opened = page.text, _openings(office)
    names = page.tap("names").text

    for text in (message, before):
        assert "Ada" not in text
        assert "Polsk" not in text
    assert said("digest.offers", count=1) in message
    assert "ADA BERG" in names
    assert "Polsk" in names
    assert (opened, _openings(office)) == (0, 1)


def _openings(office: Office) -> int:
    with office.reading() as session:
        return [entry.action for entry in entries_of(session)].count("named answers opened")


def test_an_answer_given_after_the_digest_of_a_monday_is_in_the_next_one(make_office: MakeOffice) -> None:
    office = make_office(flows=[competence()], people=PEOPLE)
    office.pass_time("2027-01-11 12:00")  # a Monday, after the morning's digest

    office.answer("Ada", "unused_competence", {"has_more": "yes", "competence": "Polsk"})
    office.pass_time("2027-01-18 12:00")

    assert said("digest.offers", count=1) in office.week("Grace").text


def test_an_answer_given_before_the_digest_of_a_monday_is_told_once(make_office: MakeOffice) -> None:
    office = make_office(flows=[competence()], people=PEOPLE, digest_cron="0 12 * * mon")
    office.pass_time("2027-01-11 10:00")
    office.answer("Ada", "unused_competence", {"has_more": "yes", "competence": "Polsk"})

    office.pass_time("2027-01-25 14:00")

    assert [one.facts["offers"] for one in digests(office)] == [1]


def test_a_pause_from_questions_does_not_keep_a_leader_from_the_week(office: Office) -> None:
    suggest_all(office, "Ada", "Uro om kvelden")
    office.home("Grace").tap("pause")

    office.pass_time("2027-01-11 12:00")

    assert "Grace" in office.got(DeliveryKind.digest)


def test_a_leader_on_leave_gets_the_week_on_coming_back(make_office: MakeOffice) -> None:
    away = line(102, "Grace Lie", WARD, "leader", leave="2027-01-09/2027-01-12")
    office = make_office(flows=[themes()], people=[ADA, away, *PEOPLE[2:]])
    office.pass_time("2027-01-04 12:00")
    suggest_all(office, "Ada", "Uro om kvelden")

    office.pass_time("2027-01-12 22:00")
    before = office.got(DeliveryKind.digest)
    office.pass_time("2027-01-13 12:00")

    assert "Grace" not in before
    assert "Grace" in office.got(DeliveryKind.digest)


def test_whoever_loses_the_role_while_on_leave_neither_gets_the_week_nor_reads_it(make_office: MakeOffice) -> None:
    away = {"leave": "2027-01-09/2027-01-12"}
    office = make_office(flows=[themes()], people=[ADA, line(102, "Grace Lie", WARD, "leader", **away), *PEOPLE[2:]])
    office.pass_time("2027-01-04 12:00")
    suggest_all(office, "Ada", "Uro om kvelden")
    office.pass_time("2027-01-12 12:00")

    office.import_people([ADA, line(102, "Grace Lie", WARD, **away), *PEOPLE[2:]])
    office.pass_time("2027-01-13 12:00")

    hers = [one for one in office.deliveries(DeliveryKind.digest) if one.person_id == office.id_of("Grace")]
    assert [one.state for one in hers] == ["cancelled"]
    assert "Uro om kvelden" not in office.home("Grace").text


def test_whoever_loses_the_role_reads_the_week_on_the_own_page_no_more(office: Office) -> None:
    suggest_all(office, "Ada", "Uro om kvelden")
    office.pass_time("2027-01-11 12:00")
    before = office.home("Grace").text

    office.import_people([ADA, line(102, "Grace Lie", WARD), *PEOPLE[2:]])

    assert "Uro om kvelden" in before
    assert "Uro om kvelden" not in office.home("Grace").text
