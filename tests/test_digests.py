"""The week: what each reader gets, only when it says something; and what a leader decides, once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from sqlalchemy import event
from sqlmodel import Session, col, select

from bot.digests import make_digests
from bot.messages.links import digest_url
from bot.scheduling import tick
from flows.model import Flow
from storage.log import entries_of
from storage.store import Store
from storage.tables import Decision, Digest, Person, Support, Theme, ThemeAuthor, Unit
from storage.tables.sending import DeliveryKind
from storage.themes import suggest
from tests.office import ADA, GRACE, WARD, Office, Page, Post, crowd, line, on, oslo, said, shipped

MakeOffice = Callable[..., Office]

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


@pytest.fixture
def office(make_office: MakeOffice) -> Office:
    """Monday noon: everybody has been asked for themes, and leaders' people for what they can do."""
    made = make_office(flows=[themes(), competence()], people=PEOPLE)
    made.pass_time("2027-01-04 12:00")
    return made


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

    buttons = [button.action.partition(":")[0] for button in week.card.buttons]
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
        assert week.card.buttons == ()
        assert said("digest.figures_only") in week.text
    with office.reading() as session:
        marks = {one.facts["log_head"] for one in session.exec(select(Digest))}
        hashes = [entry.hash for entry in entries_of(session)]
    assert len(marks) == 1
    assert any(one.startswith(next(iter(marks))) for one in hashes)
    assert next(iter(marks)) in office.week("Jonas").text


def test_who_is_not_the_leader_can_neither_decide_nor_see_names_by_hand(office: Office) -> None:
    suggest_all(office, "Ada", "Uro om kvelden")
    office.answer("Ada", "unused_competence", {"has_more": "yes", "competence": "Polsk og litauisk"})
    office.pass_time("2027-01-11 12:00")

    for name in ("Jonas", "Siv", "Marit"):
        seen = decide(office, name, "Uro om kvelden", own="Nei takk").text + office.week(name).tap("names").text

        assert "Polsk" not in seen
        assert "Ada Berg" not in seen
    with office.reading() as session:
        assert session.exec(select(Decision)).all() == []
        assert "named answers opened" not in [entry.action for entry in entries_of(session)]


def test_a_leader_cannot_decide_for_another_unit_by_hand(office: Office) -> None:
    suggest_all(office, "Ada", "Uro om kvelden")
    suggest_all(office, "Bente", "Ergonomi")
    office.pass_time("2027-01-11 12:00")

    decide(office, "Turid", "Uro om kvelden")

    with office.reading() as session:
        assert session.exec(select(Decision)).all() == []


def test_nobody_reads_the_week_of_somebody_else(office: Office) -> None:
    suggest_all(office, "Ada", "Uro om kvelden")
    office.pass_time("2027-01-11 12:00")
    of_grace = next(one for one in digests(office) if one.person_id == office.id_of("Grace"))

    def work(session: Session) -> str:
        mallory = session.get(Person, office.id_of("Turid"))
        assert mallory is not None
        return digest_url(session, office.parts, mallory, of_grace.id or 0, of_grace.made_at)

    page = Page(office, office.parts.writer.do_now(work))

    assert "Uro om kvelden" not in page.text
    assert said("trouble.run_gone") in page.tap("names").text


def test_who_is_no_longer_the_leader_can_neither_decide_nor_see_names(office: Office) -> None:
    suggest_all(office, "Ada", "Uro om kvelden")
    office.answer("Ada", "unused_competence", {"has_more": "yes", "competence": "Polsk"})
    office.pass_time("2027-01-11 12:00")
    office.import_people([ADA, line(102, "Grace Lie", WARD), *PEOPLE[2:]])

    page = decide(office, "Grace", "Uro om kvelden")

    with office.reading() as session:
        assert session.exec(select(Decision)).all() == []
    assert page.card.buttons == ()
    assert "Polsk" not in office.week("Grace").tap("names").text


def test_a_second_tap_on_a_decision_changes_nothing(office: Office) -> None:
    suggest_all(office, "Ada", "Uro om kvelden")
    office.pass_time("2027-01-11 12:00")
    first = decide(office, "Grace", "Uro om kvelden", own="Fagmøte 12. mai")

    second = decide(office, "Grace", "Uro om kvelden", "not_now", reason="reason_money")
    office.pass_time("2027-01-12 12:00")

    assert said("decision.saved") in first.text
    assert said("decision.already") in second.text
    with office.reading() as session:
        assert [(one.verdict, one.reason) for one in session.exec(select(Decision))] == [
            ("taken_in", "|Fagmøte 12. mai")
        ]
    assert sum("Uro om kvelden" in message for message in office.inbox("Jonas")) == 1


def test_no_without_a_reason_is_asked_for_one(office: Office) -> None:
    suggest_all(office, "Ada", "Uro om kvelden")
    office.pass_time("2027-01-11 12:00")

    page = decide(office, "Grace", "Uro om kvelden", "not_now")

    assert said("problem.required") in page.text
    assert "Uro om kvelden" in office.week("Grace").text
    with office.reading() as session:
        assert session.exec(select(Decision)).all() == []


def test_a_decision_is_told_to_the_whole_unit_in_the_leaders_own_words(office: Office) -> None:
    suggest_all(office, "Ada", "Uro om kvelden")
    office.pass_time("2027-01-11 12:00")

    decide(office, "Grace", "Uro om kvelden", "not_now", reason="reason_time", own="Vi ser på det i juni.")
    office.pass_time("2027-01-11 12:01")

    assert office.got(DeliveryKind.decision) == {"Ada", "Grace", "Jonas", "Siv"}
    for name in ("Ada", "Jonas"):
        told = office.latest(name)
        assert "Uro om kvelden" in told
        assert said("decision.reason_time") in told
        assert "Vi ser på det i juni." in told
        assert "Grace Lie" in told


def test_who_stood_behind_a_theme_hears_of_it_in_another_unit_too_and_is_then_forgotten(office: Office) -> None:
    suggest_all(office, "Ada", "Uro om kvelden")
    office.import_people([line(101, "Ada Berg", "Solvik / Avdeling 2"), *PEOPLE[1:]])
    office.pass_time("2027-01-11 12:00")

    decide(office, "Grace", "Uro om kvelden")
    office.pass_time("2027-01-11 12:01")

    assert "Ada" in office.got(DeliveryKind.decision)
    with office.reading() as session:
        assert session.exec(select(ThemeAuthor)).all() == []
        assert session.exec(select(Support)).all() == []


def test_a_decision_stands_in_the_next_week_and_the_theme_no_more_among_those_that_wait(office: Office) -> None:
    suggest_all(office, "Ada", "Uro om kvelden")
    office.pass_time("2027-01-11 12:00")
    decide(office, "Grace", "Uro om kvelden", own="Fagmøte 12. mai")

    office.pass_time("2027-01-18 12:00")

    week = office.week("Grace").text
    assert said("decision.told_taken_in", text="Uro om kvelden") in week
    assert "har ventet" not in week
    assert said("digest.themes_decided", count=1) in office.week("Jonas").text
    assert not any(button.action.startswith("taken_in") for button in office.week("Grace").card.buttons)


def test_a_page_of_last_week_no_longer_offers_what_is_decided(office: Office) -> None:
    suggest_all(office, "Ada", "Uro om kvelden", "Ergonomi")
    office.pass_time("2027-01-11 12:00")
    decide(office, "Grace", "Uro om kvelden")

    offered = [button.action for button in office.week("Grace").card.buttons if button.action.startswith("taken_in")]

    assert offered == [f"taken_in:{theme_id(office, 'Ergonomi')}"]


def test_figures_go_only_to_those_to_whom_the_flow_promised_them(make_office: MakeOffice) -> None:
    flow = shipped("pulse", schedule=on("2027-01-04"), seen_by=["leader"])
    office = make_office(flows=[flow], people=[*PEOPLE, *crowd(300, WARD, "Bo Cecilie Dan Elin Finn Gard Hege Iris")])

    office.pass_time("2027-01-18 12:00")

    assert "Grace" in readers(office)
    assert readers(office).isdisjoint({"Jonas", "Siv", "Marit"})


# Named answers


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


# Many leaders


@contextmanager
def counted(store: Store) -> Iterator[list[str]]:
    """The SQL statements that the block sends."""
    statements: list[str] = []

    def note(*arguments: object) -> None:
        statements.append(str(arguments[2]))

    event.listen(store.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(store.engine, "before_cursor_execute", note)


def _statements_for(make_office: MakeOffice, leaders: int) -> list[str]:
    """What the digests of a morning cost with so many wards, each with a leader, ten people, a theme and a figure."""
    wards = [f"Solvik / Avdeling {i}" for i in range(leaders)]
    people = [
        one
        for i, ward in enumerate(wards)
        for one in (
            line(1000 + i, f"Leder{i} Moen", ward, "leader"),
            *crowd(10_000 + 20 * i, ward, " ".join(f"P{i}x{j}" for j in range(10))),
        )
    ]
    office = make_office(flows=[shipped("pulse", schedule=on("2027-01-04"), deadline_days=4, remind_after_days=[])])
    office.import_people(people)
    store = office.parts.store
    for moment in ("2027-01-04 08:59", "2027-01-04 09:00", "2027-01-08 09:00"):
        with store.writing() as session:
            tick(session, office.parts, oslo(moment))
    with store.writing() as session:
        for ward in wards:
            unit_id = session.exec(select(Unit.id).where(Unit.path == ward)).one() or 0
            author = session.exec(select(Person.id)).first() or 0
            suggest(session, office.runs()[0].id or 0, unit_id, author, f"Tema i {ward}", date(2027, 1, 5))
    with store.writing() as session, counted(store) as statements:
        make_digests(session, office.parts, date(2027, 1, 11), oslo("2027-01-11 08:00"))
    with office.reading() as session:
        made = session.exec(select(Digest)).all()
    assert sum(one.facts["role"] == "leader" and bool(one.facts["runs"]) for one in made) == leaders
    return statements


def test_ten_times_as_many_leaders_cost_one_statement_more_each(
    make_office: MakeOffice, make_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    few = _statements_for(make_office, 5)
    other_store = Store(make_database())
    others: list[Office] = []

    def make_other(**chosen: object) -> Office:
        others.append(Office(other_store, tmp_path_factory.mktemp("other"), **chosen))  # type: ignore[arg-type]
        return others[-1]

    many = _statements_for(make_other, 50)
    others[0].close()
    other_store.close()

    assert len(many) - len(few) <= 45  # each digest is queued; all the rest is found for all at once
