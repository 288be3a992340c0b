"""Deciding on a theme: once, by its leader, with a reason, and told to the whole unit."""

import pytest
from sqlmodel import Session, select

from bot.messages.links import way_to_digest
from storage.log import entries_of
from storage.tables import Decision, Person, Support, ThemeAuthor
from storage.tables.sending import DeliveryKind
from tests.browsing import Browser, path_of
from tests.office import ADA, WARD, MakeOffice, Office, Page, line, said
from tests.weeks import PEOPLE, competence, decide, digests, suggest_all, theme_id, themes


@pytest.fixture
def office(make_office: MakeOffice) -> Office:
    """Monday noon: everybody has been asked for themes, and leaders' people for what they can do."""
    made = make_office(flows=[themes(), competence()], people=PEOPLE)
    made.pass_time("2027-01-04 12:00")
    return made


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
        return way_to_digest(session, office.parts, mallory, of_grace.id or 0, of_grace.made_at).url

    page = Page(office, office.parts.writer.do_now(work))

    assert "Uro om kvelden" not in page.text
    assert said("trouble.run_gone") in page.tap("names").text


def test_who_is_no_longer_the_leader_can_neither_decide_nor_see_names(office: Office) -> None:
    suggest_all(office, "Ada", "Uro om kvelden")
    office.answer("Ada", "unused_competence", {"has_more": "yes", "competence": "Polsk"})
    office.pass_time("2027-01-11 12:00")
    kept = office.week("Grace")  # left open
    office.import_people([ADA, line(102, "Grace Lie", WARD), *PEOPLE[2:]])

    page = kept.tap(f"save_taken_in:{theme_id(office, 'Uro om kvelden')}", {})

    with office.reading() as session:
        assert session.exec(select(Decision)).all() == []
    assert page.actions == []
    assert "Polsk" not in kept.tap("names").text


def test_a_second_tap_on_a_decision_changes_nothing(office: Office) -> None:
    suggest_all(office, "Ada", "Uro om kvelden")
    office.pass_time("2027-01-11 12:00")
    first = decide(office, "Grace", "Uro om kvelden", own="Fagmøte 12. mai")

    second = decide(office, "Grace", "Uro om kvelden", "not_now", reason="reason_money")
    office.pass_time("2027-01-12 12:00")

    assert said("decision.done_saved", text="Uro om kvelden", unit="Avdeling 1") in first.text
    assert said("decision.done_already", text="Uro om kvelden") in second.text
    with office.reading() as session:
        assert [(one.verdict, one.reason) for one in session.exec(select(Decision))] == [
            ("taken_in", "|Fagmøte 12. mai")
        ]
    assert sum("Uro om kvelden" in message for message in office.inbox("Jonas")) == 1


def test_a_leader_sees_the_message_before_it_is_sent(office: Office) -> None:
    suggest_all(office, "Ada", "Uro om kvelden")
    office.pass_time("2027-01-11 12:00")
    week = office.week("Grace")
    theme = next(one.action.partition(":")[2] for one in week.card.buttons if one.action.startswith("taken_in"))

    seen = week.tap(f"taken_in:{theme}").tap(f"look_taken_in:{theme}", {"own": "Fagmøte 12. mai"})

    assert said("decision.told_taken_in", text="Uro om kvelden") in seen.text
    assert said("decision.told_what", reason="Fagmøte 12. mai") in seen.text
    with office.reading() as session:
        assert session.exec(select(Decision)).all() == []
    saved = seen.tap(f"save_taken_in:{theme}", {"own": "Fagmøte 12. mai"})
    assert said("decision.done_saved", text="Uro om kvelden", unit="Avdeling 1") in saved.text
    assert said("digest.say_decided_now", text="Uro om kvelden") in saved.text


@pytest.mark.parametrize(("own", "problem"), [("", "problem.required"), ("æ" * 301, "problem.too_long")])
def test_what_a_leader_writes_is_neither_left_out_nor_cut(office: Office, own: str, problem: str) -> None:
    suggest_all(office, "Ada", "Uro om kvelden")
    office.pass_time("2027-01-11 12:00")

    page = decide(office, "Grace", "Uro om kvelden", own=own)

    assert said(problem, length=301, most=300)[:20] in page.text
    assert page.card.asks[-1].written == (own,)
    with office.reading() as session:
        assert session.exec(select(Decision)).all() == []


def test_all_themes_that_wait_can_be_seen_and_decided(office: Office) -> None:
    for number in range(5):
        suggest_all(office, "Ada", f"Tema nummer {number} om noe eget {'abcde'[number] * 9}")
    office.pass_time("2027-01-11 12:00")
    week = office.week("Grace")
    assert sum(one.action.startswith("taken_in") for one in week.card.buttons) == 3

    week.tap("all_themes")

    assert sum(one.action.startswith("taken_in") for one in week.card.buttons) == 5


def test_what_to_say_in_the_morning_promises_nothing_when_themes_have_waited_for_weeks(office: Office) -> None:
    suggest_all(office, "Ada", "Uro om kvelden")

    office.pass_time("2027-02-15 12:00")

    assert said("digest.say_waited", count=1) in office.week("Grace").text


def link_to_decide(office: Office, label: str) -> str:
    """The path behind a button of the newest week's message."""
    (message,) = [one for one in office.home("Grace").cards if one.title == "Uka i Avdeling 1"]
    (url,) = [one.url for one in message.buttons if one.label == said(label)]
    return path_of(url)


def test_the_weeks_message_leads_to_a_decision_and_decides_nothing_by_being_opened(office: Office) -> None:
    suggest_all(office, "Ada", "Uro om kvelden")
    office.pass_time("2027-01-11 12:00")
    browser = Browser(office)

    browser.visit(link_to_decide(office, "digest.not_now"))

    assert said("decision.title_not_now", text="Uro om kvelden") in browser.text
    assert office.deliveries(DeliveryKind.decision) == []


def test_a_link_to_a_decision_that_was_taken_says_so(office: Office) -> None:
    suggest_all(office, "Ada", "Uro om kvelden")
    office.pass_time("2027-01-11 12:00")
    link = link_to_decide(office, "digest.take_in")
    decide(office, "Grace", "Uro om kvelden", own="Fagmøte.")
    browser = Browser(office)

    browser.visit(link)

    assert said("decision.done_already", text="Uro om kvelden") in browser.text


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
        told = "\n".join(office.inbox(name))
        assert "Uro om kvelden" in told
        assert said("decision.reason_time") in told
        assert "Vi ser på det i juni." in told
        assert "Grace Lie" in told


def test_who_stood_behind_a_theme_is_forgotten_and_not_told_alone_in_another_unit(office: Office) -> None:
    """A message to the one who has moved would say in the outbox who stood behind it."""
    suggest_all(office, "Ada", "Uro om kvelden")
    office.import_people([line(101, "Ada Berg", "Solvik / Avdeling 2"), *PEOPLE[1:]])
    office.pass_time("2027-01-11 12:00")

    decide(office, "Grace", "Uro om kvelden", own="Fagmøte 12. mai")
    office.pass_time("2027-01-11 12:01")

    assert office.got(DeliveryKind.decision) == {"Grace", "Jonas", "Siv"}
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
    decide(office, "Grace", "Uro om kvelden", own="Fagmøte 12. mai")

    offered = [button.action for button in office.week("Grace").card.buttons if button.action.startswith("taken_in")]

    assert offered == [f"taken_in:{theme_id(office, 'Ergonomi')}"]
