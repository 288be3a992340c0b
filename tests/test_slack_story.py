"""People in Slack: what they are asked there, answer there, and hear of it."""

from typing import Any

import pytest
from sqlmodel import select

from storage.tables import Answer, Envelope, Participation, Theme
from storage.tables.sending import DeliveryKind
from tests.browsing import answers, find_codes
from tests.office import MakeOffice, Office, on, said, shipped
from tests.slack_forms import buttons_of, text_of
from tests.slack_proxy import Proxy
from tests.slack_ways import SlackPerson, Workspace

pytestmark = pytest.mark.node
FLOWS = ("pulse", "theme_suggestion", "unused_competence")
WROTE = "Tigrinja <!channel> og *buss*"
NAMED = {"has_more": "yes", "competence": WROTE}
ASKED = "2027-01-04 12:00"
AFTER_CLOSING = "2027-02-09 12:00"


@pytest.fixture
def workspace(make_office: MakeOffice, slack_proxy: Proxy) -> Workspace:
    office = make_office(flows=[shipped(one, schedule=on("2027-01-04")) for one in FLOWS])
    return Workspace(office, slack_proxy)


@pytest.fixture
def ada(workspace: Workspace) -> SlackPerson:
    """Ada, on the day on which all is asked."""
    ada, _ = workspace.bring_in("Ada", "Grace")
    workspace.office.pass_time(ASKED)
    return ada


def title_of(office: Office, flow: str, language: str = "nb") -> str:
    return office.flows[flow].title.to(language)


def message_about(person: SlackPerson, title: str) -> dict[str, Any]:
    """The newest message with this title."""
    return next(one for one in reversed(person.workspace.messages_to(person.id)) if one["text"] == title)


def open_question(person: SlackPerson, flow: str) -> SlackPerson:
    message = message_about(person, title_of(person.workspace.office, flow))
    return person.press(said("question.answer"), message)


def count(office: Office, table: type[Any]) -> int:
    with office.reading() as session:
        return len(session.exec(select(table)).all())


def has_answered(office: Office, name: str, flow: str) -> bool:
    (run,) = office.runs(flow)
    with office.reading() as session:
        return bool(session.get_one(Participation, (run.id, office.id_of(name))).answered)


def test_two_people_are_greeted_and_asked_in_messages_that_leave_once(ada: SlackPerson) -> None:
    office, grace = ada.workspace.office, SlackPerson(ada.workspace, "Grace")

    titles = [one["text"] for one in ada.workspace.messages_to(ada.id)]
    assert titles[0] == said("welcome.title", name="Ada")
    assert sorted(titles[1:]) == sorted(title_of(office, one) for one in FLOWS)
    assert len(ada.workspace.messages_to(grace.id)) >= 1
    assert {
        one.channel for one in office.deliveries(DeliveryKind.question) if one.person_id == office.id_of("Ada")
    } == {"slack"}


def test_a_message_is_a_door_and_asks_nothing_itself(ada: SlackPerson) -> None:
    for message in ada.workspace.messages_to(ada.id)[1:]:
        assert [one["type"] for one in message["blocks"] if one["type"] == "input"] == []
        assert [one.get("url") for one in buttons_of(message["blocks"])] == [None]


def test_a_named_question_is_answered_in_a_modal(ada: SlackPerson) -> None:
    office = ada.workspace.office

    open_question(ada, "unused_competence").fill_in(NAMED)

    with office.reading() as session:
        (answer,) = session.exec(select(Answer)).all()
    assert (answer.person_id, answer.values["competence"]) == (office.id_of("Ada"), WROTE)
    assert said("receipt.named", leader="Grace Lie") in ada.text


def test_an_anonymous_receipt_and_its_code_stand_in_the_modal_alone(ada: SlackPerson) -> None:
    office, before = ada.workspace.office, len(ada.messages)

    open_question(ada, "pulse").fill_in(answers())

    (code,) = find_codes(ada.text)
    office.pass_time("2027-01-04 13:00")
    assert count(office, Envelope) == 1
    assert ada.messages[before:] == []
    assert not any(code in one for one in ada.messages)
    assert code not in str([said for name, said in ada.workspace.proxy.calls if name.startswith("chat.")])


def test_an_anonymous_answer_is_taken_back_by_its_code(ada: SlackPerson) -> None:
    open_question(ada, "pulse").fill_in(answers())
    (code,) = find_codes(ada.text)

    open_question(ada, "pulse")
    assert said("answered.title") in ada.text
    ada.submit(code=code)

    assert said("answered.deleted_title") in ada.text
    assert count(ada.workspace.office, Envelope) == 0


def test_what_is_answered_on_the_web_and_in_slack_counts_once(ada: SlackPerson) -> None:
    office = ada.workspace.office
    open_question(ada, "pulse")
    office.answer("Ada", "pulse", answers())

    ada.submit(**answers())

    assert said("answered.title") in ada.text
    assert count(office, Envelope) == 1


def test_what_is_answered_in_slack_is_answered_on_the_web_too(ada: SlackPerson) -> None:
    office = ada.workspace.office

    open_question(ada, "unused_competence").fill_in(NAMED)

    assert office.open("Ada", "unused_competence").card.title == said("answered.named_title")
    assert count(office, Answer) == 1


def test_what_must_be_mended_stands_at_its_field(ada: SlackPerson) -> None:
    open_question(ada, "theme_suggestion")

    ada.submit_unchecked({"values": {}})

    assert ada.errors == {"suggestion": said("problem.required")}
    assert count(ada.workspace.office, Theme) == 0


def test_two_presses_on_the_same_send_store_one_answer(ada: SlackPerson) -> None:
    open_question(ada, "pulse")
    first = dict(ada.modal)
    ada.fill_in(answers())
    ada.workspace.proxy.shown[ada.modal_id] = first

    ada.submit(**answers())

    assert said("answered.title") in ada.text
    assert count(ada.workspace.office, Envelope) == 1


@pytest.mark.parametrize("flow", FLOWS)
def test_an_old_button_gets_a_kind_word_when_the_round_has_closed(ada: SlackPerson, flow: str) -> None:
    message = message_about(ada, title_of(ada.workspace.office, flow))
    ada.workspace.office.pass_time(AFTER_CLOSING)

    ada.press_in_message(buttons_of(message["blocks"])[0], message)

    assert said("question.closed_thanks") in ada.text
    assert "submit" not in ada.modal or ada.modal["submit"] is None


def test_a_named_answer_is_seen_in_the_message_and_a_sealed_one_is_not(ada: SlackPerson) -> None:
    office = ada.workspace.office
    before = message_about(ada, title_of(office, "pulse"))

    open_question(ada, "unused_competence").fill_in(NAMED)
    open_question(ada, "pulse").fill_in(answers())
    office.beat()

    named = message_about(ada, title_of(office, "unused_competence"))
    assert said("question.see_answer") in text_of(named["blocks"])
    assert WROTE not in text_of(named["blocks"])
    assert message_about(ada, title_of(office, "pulse"))["blocks"] == before["blocks"]


def test_when_a_round_is_over_its_question_says_so_alike_to_all(ada: SlackPerson) -> None:
    office, grace = ada.workspace.office, SlackPerson(ada.workspace, "Grace")
    asked = [(one, message_about(one, title_of(office, "pulse"))["ts"]) for one in (ada, grace)]
    open_question(ada, "pulse").fill_in(answers())

    office.pass_time(AFTER_CLOSING)

    shown = [
        text_of(message["blocks"])
        for person, ts in asked
        for message in ada.workspace.messages_to(person.id)
        if message["ts"] == ts
    ]
    assert len(shown) == 2
    assert len(set(shown)) == 1
    assert said("question.closed") in shown[0]


def test_a_modal_that_stood_open_past_the_end_is_answered_kindly(ada: SlackPerson) -> None:
    open_question(ada, "pulse")
    ada.workspace.office.pass_time(AFTER_CLOSING)

    ada.submit(**answers())

    assert said("question.closed_thanks") in ada.text


def test_not_now_in_a_modal_says_until_when(ada: SlackPerson) -> None:
    open_question(ada, "pulse").press_in_modal(said("answer.later"))

    assert said("answer.later_title") in ada.text


def test_whoever_reads_another_language_reads_it_in_slack(workspace: Workspace) -> None:
    (eldbjorg,) = workspace.bring_in("Eldbjørg")
    workspace.office.pass_time(ASKED)

    message = message_about(eldbjorg, title_of(workspace.office, "pulse", "nn"))
    eldbjorg.press(said("question.answer", "nn"), message).fill_in(answers())

    assert said("receipt.title", "nn") in eldbjorg.text
    assert eldbjorg.modal["close"]["text"] == said("slack.close", "nn")


def test_whom_nobody_knows_gets_a_kind_word(ada: SlackPerson) -> None:
    mallory = SlackPerson(ada.workspace, "Mallory")
    question = message_about(ada, title_of(ada.workspace.office, "pulse"))

    mallory.press_in_message(buttons_of(question["blocks"])[0], question)

    assert said("trouble.unknown_address_title") in mallory.text


def test_who_was_not_asked_sees_no_question_behind_anothers_button(ada: SlackPerson) -> None:
    (mallory,) = ada.workspace.bring_in("Mallory")
    question = message_about(ada, title_of(ada.workspace.office, "unused_competence"))

    mallory.press_in_message(buttons_of(question["blocks"])[0], question)

    assert [one for one in mallory.modal["blocks"] if one["type"] == "input"] == []


def test_nothing_that_somebody_wrote_is_markup(ada: SlackPerson) -> None:
    open_question(ada, "unused_competence").fill_in(NAMED)
    open_question(ada, "unused_competence")

    assert WROTE in ada.text
    assert "mrkdwn" not in str(ada.modal) + str(ada.workspace.proxy.calls)
    assert text_of(ada.modal["title"]) == "Medvirk"
