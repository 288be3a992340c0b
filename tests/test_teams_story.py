"""People in Teams: what they are asked there, answer there, and hear of it."""

from typing import Any

import pytest
from sqlmodel import col, select

from storage.tables import Answer, Person, Theme
from storage.tables.sending import DeliveryKind
from tests.browsing import answers
from tests.office import MakeOffice, Office, on, said, shipped
from tests.teams_oracle import buttons_of, inputs_of, text_of
from tests.teams_ways import MakeTenant, TeamsPerson, Tenant

FLOWS = ("pulse", "theme_suggestion", "unused_competence")
WROTE = "Tigrinja [her](https://evil.example) og *buss* æøå"
NAMED = {"has_more": "yes", "competence": WROTE}
ASKED = "2027-01-04 12:00"
AFTER_CLOSING = "2027-02-09 12:00"
ANSWERED = said("receipt.named", leader="Grace Lie")


@pytest.fixture
def tenant(make_office: MakeOffice, make_tenant: MakeTenant) -> Tenant:
    return make_tenant(make_office(flows=[shipped(one, schedule=on("2027-01-04")) for one in FLOWS]))


@pytest.fixture
def ada(tenant: Tenant) -> TeamsPerson:
    """Ada, on the day on which all is asked."""
    ada, _ = tenant.bring_in("Ada", "Grace")
    tenant.office.pass_time(ASKED)
    return ada


def title_of(office: Office, flow: str, language: str = "nb") -> str:
    return office.flows[flow].title.to(language)


def message_about(person: TeamsPerson, flow: str, language: str = "nb") -> str:
    return person.find(title_of(person.tenant.office, flow, language))


def open_question(person: TeamsPerson, flow: str, *, is_old: bool = False) -> str:
    message = message_about(person, flow)
    person.press(said("question.answer"), message, is_old=is_old)
    return message


def count(office: Office, table: type[Any]) -> int:
    with office.reading() as session:
        return len(session.exec(select(table)).all())


def themes(office: Office) -> list[Theme]:
    with office.reading() as session:
        return list(session.exec(select(Theme).order_by(col(Theme.id))))


def test_two_people_are_greeted_and_asked_in_cards_that_leave_once(ada: TeamsPerson) -> None:
    office = ada.tenant.office

    shown = [text_of(one) for one in ada.cards.values()]
    assert said("welcome.title", name="Ada") in shown[0]
    assert len(shown) == 1 + len(FLOWS)
    asked = [one for one in office.deliveries(DeliveryKind.question) if one.person_id == office.id_of("Ada")]
    assert {one.channel for one in asked} == {"teams"}
    assert ada.tenant.teams.refused == []


def test_a_named_question_is_answered_in_the_card_which_becomes_the_receipt(ada: TeamsPerson) -> None:
    office, before = ada.tenant.office, len(ada.cards)

    message = open_question(ada, "unused_competence")
    ada.fill_in(NAMED, message)

    with office.reading() as session:
        (answer,) = session.exec(select(Answer)).all()
    assert (answer.person_id, answer.values["competence"]) == (office.id_of("Ada"), WROTE)
    assert said("receipt.title") in text_of(ada.cards[message])
    assert ANSWERED in text_of(ada.cards[message])
    assert len(ada.cards) == before


def test_a_client_that_knows_no_execute_stores_alike(ada: TeamsPerson) -> None:
    office = ada.tenant.office

    message = open_question(ada, "unused_competence", is_old=True)
    ada.fill_in(NAMED, message, is_old=True)

    with office.reading() as session:
        (answer,) = session.exec(select(Answer)).all()
    assert answer.values["competence"] == WROTE
    assert ANSWERED in text_of(ada.cards[message])


def test_what_is_answered_on_the_web_and_in_teams_counts_once(ada: TeamsPerson) -> None:
    office = ada.tenant.office
    message = open_question(ada, "unused_competence")
    office.answer("Ada", "unused_competence", {"has_more": "yes", "competence": "Buss"})

    ada.fill_in(NAMED, message)

    assert count(office, Answer) == 1
    assert office.open("Ada", "unused_competence").card.title == said("answered.named_title")


def test_what_must_be_mended_stands_at_its_field_with_what_was_written(ada: TeamsPerson) -> None:
    message = open_question(ada, "theme_suggestion")
    button = next(one for one in buttons_of(ada.cards[message]) if one["associatedInputs"] == "auto")

    ada.send({**button["data"], "suggestion": "  "}, message)

    assert said("problem.required") in text_of(ada.cards[message])
    assert themes(ada.tenant.office) == []


def test_two_presses_on_the_same_send_store_one_answer(ada: TeamsPerson) -> None:
    message = open_question(ada, "theme_suggestion")
    first = dict(ada.cards[message])
    ada.fill_in({"suggestion": "Kveldsuro", "nearest": "mine"}, message)
    ada.cards[message] = first

    ada.fill_in({"suggestion": "Kveldsuro", "nearest": "mine"}, message)

    assert [one.text for one in themes(ada.tenant.office)] == ["Kveldsuro"]


@pytest.mark.parametrize("flow", ["theme_suggestion", "unused_competence"])
def test_an_old_card_gets_a_kind_word_when_the_round_has_closed(ada: TeamsPerson, flow: str) -> None:
    message = message_about(ada, flow)
    button = next(one for one in buttons_of(ada.cards[message]) if one["type"] == "Action.Execute")
    ada.tenant.office.pass_time(AFTER_CLOSING)

    ada.press_button(button, message)

    assert said("question.closed_thanks") in text_of(ada.cards[message])


def test_when_a_round_is_over_its_question_says_so_alike_to_all(ada: TeamsPerson) -> None:
    office = ada.tenant.office
    grace = TeamsPerson(ada.tenant, "Grace", ada.tenant.teams.people[1])
    asked = [(one, message_about(one, "pulse")) for one in (ada, grace)]
    office.answer("Ada", "pulse", answers())

    office.pass_time(AFTER_CLOSING)

    shown = {text_of(one.cards[message]) for one, message in asked}
    assert len(shown) == 1
    assert said("question.closed") in shown.pop()


def test_whoever_reads_another_language_reads_it_in_teams(tenant: Tenant) -> None:
    (eldbjorg,) = tenant.bring_in("Eldbjørg")
    tenant.office.pass_time(ASKED)

    message = message_about(eldbjorg, "theme_suggestion", "nn")
    eldbjorg.press(said("question.answer", "nn"), message)
    eldbjorg.fill_in({"suggestion": "Kveldsuro", "nearest": "mine"}, message)

    assert said("receipt.title", "nn") in text_of(eldbjorg.cards[message])


def test_whom_nobody_knows_gets_a_kind_word(ada: TeamsPerson) -> None:
    mallory = ada.tenant.add("Mallory")
    ada.tenant.teams.people[-1].mail = "mallory@elsewhere.example"

    mallory.type("hei")

    assert said("trouble.unknown_address_title") in mallory.text


def test_who_was_not_asked_sees_no_question_behind_anothers_button(ada: TeamsPerson) -> None:
    (mallory,) = ada.tenant.bring_in("Mallory")
    message = message_about(ada, "unused_competence")
    mallory.cards["1"] = ada.cards[message]

    mallory.press(said("question.answer"), "1")

    assert inputs_of(mallory.cards["1"]) == []


@pytest.mark.parametrize("word", ["tema", "Theme!", "/tema"])
def test_a_theme_is_suggested_by_a_word(ada: TeamsPerson, word: str) -> None:
    ada.type(word).fill_in({"suggestion": "Kveldsuro", "nearest": "mine"})

    assert [one.text for one in themes(ada.tenant.office)] == ["Kveldsuro"]
    assert said("receipt.title") in ada.text


def test_the_nearest_themes_are_shown_and_one_can_be_supported(ada: TeamsPerson) -> None:
    office = ada.tenant.office
    office.answer("Jonas", "theme_suggestion", {"suggestion": "Kveldsuro hos redde beboere", "nearest": "mine"})

    ada.type("tema").fill_in({"suggestion": "redde beboere på kvelden"})
    nearest = next(one for one in inputs_of(list(ada.cards.values())[-1]) if one["id"] == "nearest")
    assert nearest["choices"][0]["title"] == "Kveldsuro hos redde beboere"
    ada.fill_in({"nearest": nearest["choices"][0]["value"]})

    assert len(themes(office)) == 1
    assert said("receipt.supported", text="Kveldsuro hos redde beboere") in ada.text


def test_a_suggestion_without_a_round_is_answered_kindly(ada: TeamsPerson) -> None:
    ada.tenant.office.pass_time(AFTER_CLOSING)

    ada.type("tema")

    assert said("trouble.no_round_title") in ada.text


@pytest.mark.parametrize(
    ("words", "title"), [("hjelp", "help_title"), ("Help", "help_title"), ("Takk!", "answer_title")]
)
def test_words_are_answered_kindly(ada: TeamsPerson, words: str, title: str) -> None:
    ada.type(words)

    assert said(f"teams.{title}") in ada.text
    assert said("teams.suggest") in ada.buttons(list(ada.cards)[-1])


def test_a_pause_is_taken_by_a_word_and_ended_by_a_button(ada: TeamsPerson) -> None:
    ada.type("pause")
    with ada.tenant.office.reading() as session:
        paused_until = session.get_one(Person, ada.tenant.office.id_of("Ada")).paused_until

    ada.press(said("home.resume"))

    assert paused_until is not None
    with ada.tenant.office.reading() as session:
        assert session.get_one(Person, ada.tenant.office.id_of("Ada")).paused_until is None


def test_the_own_page_shows_what_waits_and_the_rest_behind_buttons(ada: TeamsPerson) -> None:
    ada.type("hjelp").press(said("teams.to_page"))

    assert said("home.waiting") in ada.text
    assert title_of(ada.tenant.office, "pulse") in ada.text
    ada.press(said("home.stored"))
    assert said("stored.title") in ada.text
    ada.press(said("teams.back"))
    ada.press(said("home.settings"))
    ada.press("Nynorsk")

    assert said("settings.language_chosen", "nn") in ada.text
    with ada.tenant.office.reading() as session:
        assert session.get_one(Person, ada.tenant.office.id_of("Ada")).language == "nn"
