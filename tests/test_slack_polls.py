"""A resource group's poll, wholly in Slack: composed, looked at, mended, sent, answered, and what came of it."""

import json
from typing import Any

import pytest
from sqlmodel import select

from storage.tables import Envelope
from tests.office import MakeOffice, Office, said
from tests.polling import (
    ANOTHER_GROUP,
    OTHER_WARD,
    QUESTION,
    WARD,
    WITH_GROUPS,
    in_group,
    make_large_polling_office,
    make_polling_office,
    open_poll,
    place,
)
from tests.slack_forms import buttons_of, text_of
from tests.slack_oracle import GENERATOR, Oracle
from tests.slack_proxy import Proxy
from tests.slack_server import what_is_missing
from tests.slack_ways import SlackPerson, Workspace

pytestmark = pytest.mark.node
JONAS_TOO = (*WITH_GROUPS, in_group(103, "Jonas Vik"))


@pytest.fixture
def workspace(make_office: MakeOffice, slack_proxy: Proxy) -> Workspace:
    return Workspace(make_polling_office(make_office, JONAS_TOO), slack_proxy)


@pytest.fixture
def ada(workspace: Workspace) -> SlackPerson:
    """Who coordinates the group for dementia; Grace and Jonas are in Slack too."""
    return workspace.bring_in("Ada", "Grace", "Jonas")[0]


def compose(person: SlackPerson, **chosen: Any) -> SlackPerson:
    """From the command to what is seen before sending."""
    office = person.workspace.office
    person.command("/sporring").press_in_modal(said("poll.new")).submit(**QUESTION)  # type: ignore[arg-type]
    return person.submit(**{"units": place(office, WARD, OTHER_WARD), "days": "7", **chosen})


def field_of(person: SlackPerson, name: str) -> Any:
    return next(one["element"] for one in person.modal["blocks"] if one.get("block_id") == name)


def labels_of(person: SlackPerson) -> list[str]:
    return [one["text"]["text"] for one in buttons_of(person.modal["blocks"])]


def message_about(person: SlackPerson, title: str) -> str:
    """The words of the newest message with this title."""
    found = [one for one in person.workspace.messages_to(person.id) if one["text"] == title]
    return text_of(found[-1]["blocks"])


def test_a_poll_is_composed_looked_at_mended_sent_and_answered_in_slack(ada: SlackPerson) -> None:
    office = ada.workspace.office
    grace, jonas = SlackPerson(ada.workspace, "Grace"), SlackPerson(ada.workspace, "Jonas")

    ada.command("/sporring").press_in_modal(said("poll.new"))
    ada.submit(**{**QUESTION, "options": "Bare ett"})  # type: ignore[arg-type]
    assert ada.errors == {"options": said("poll.problem.options", most=10, count=1)}
    ada.submit(**QUESTION)  # type: ignore[arg-type]
    ada.submit(units=place(office, WARD, OTHER_WARD), days="2")
    assert ada.errors == {"days": said("problem.number_outside", least=3, most=30)}
    ada.submit(units=place(office, WARD, OTHER_WARD), days="7")

    assert "Om lag 20 kan bli spurt. Svarer alle, tar det om lag 20 minutter til sammen." in ada.text
    assert said("poll.sees_whole", least=8) in ada.text
    assert str(QUESTION["question"]) in ada.text
    ada.press_in_modal(said("poll.change_question")).submit(title="Urolige kvelder")
    ada.submit()
    assert said("poll.preview_title", title="Urolige kvelder") in ada.text
    ada.press_in_modal(said("poll.send"))
    assert said("poll.sent") in ada.text

    office.pass_time("2027-01-05 12:00")
    open_poll(office, "Grace", "Urolige kvelder").fill_in({"answer": "option_1"})  # by the link of her own page
    grace.press(said("question.answer"))
    assert said("answered.title") in grace.text
    jonas.press(said("question.answer")).fill_in({"answer": "option_1"})
    assert said("receipt.title") in jonas.text
    assert count_envelopes(office) == 2

    for name in ["Petra", "Dag", "Linn", "Siv", "Unni", "Geir", "Hilde", "Ivar", "Jorunn"]:
        open_poll(office, name, "Urolige kvelder").fill_in({"answer": "option_1"})
    office.pass_time("2027-01-12 12:00")

    title = said("result.title", title="Urolige kvelder")
    for_grace, for_jonas = message_about(grace, title), message_about(jonas, title)  # who was asked, and a member
    assert said("result.group_next", group="Ressursgruppe Demens") in for_grace
    assert said("poll.closed_for_group", group="Ressursgruppe Demens") in for_jonas
    assert "Sang og musikk" in for_jonas
    ada.press(said("poll.to_group"))
    ada.press_in_modal(said("poll.see"))
    assert title in ada.text
    assert "Sang og musikk" in ada.text


def count_envelopes(office: Office) -> int:
    with office.reading() as session:
        return len(session.exec(select(Envelope)).all())


def test_the_shortcut_leads_to_the_same(ada: SlackPerson) -> None:
    ada.shortcut("poll")

    assert said("poll.title", group="Ressursgruppe Demens") in ada.text
    assert labels_of(ada)[0] == said("poll.new")


@pytest.mark.parametrize("word", ["/sporring", "/poll"])
def test_what_is_written_behind_the_command_is_what_it_is_about(ada: SlackPerson, word: str) -> None:
    ada.command(word, "Kveldsuro på ferie")

    assert field_of(ada, "title")["initial_value"] == "Kveldsuro på ferie"
    ada.submit(**{name: given for name, given in QUESTION.items() if name != "title"})  # type: ignore[arg-type]
    assert said("poll.audience_title") in ada.text


def test_a_draft_is_found_again_and_not_written_over_by_words_behind_the_command(ada: SlackPerson) -> None:
    compose(ada)

    ada.command("/sporring", "Noe annet")

    assert field_of(ada, "title")["initial_value"] == QUESTION["title"]
    assert said("poll.draft", title="Kveldsuro") in ada.command("/sporring").text


@pytest.mark.parametrize("deed", ["/sporring", "/poll", "shortcut", "with words"])
def test_who_coordinates_no_group_reads_who_does(ada: SlackPerson, deed: str) -> None:
    grace = SlackPerson(ada.workspace, "Grace")

    match deed:
        case "shortcut":
            grace.shortcut("poll")
        case "with words":
            grace.command("/sporring", "Kveldsuro")
        case word:
            grace.command(word)

    assert said("poll.no_group_title") in grace.text
    assert said("poll.no_group") in grace.text
    assert "submit" not in grace.modal or grace.modal["submit"] is None


def test_who_coordinates_no_longer_cannot_send_what_they_composed(ada: SlackPerson) -> None:
    office = ada.workspace.office
    compose(ada)
    office.import_people([one for one in JONAS_TOO if one != in_group(101, "Ada Berg", "group_coordinator")])

    ada.press_in_modal(said("poll.send"))

    assert said("poll.no_group") in ada.text
    assert office.runs() == []


def test_who_coordinates_several_groups_chooses_which_one_asks(make_office: MakeOffice, slack_proxy: Proxy) -> None:
    another = in_group(101, "Ada Berg", "group_coordinator", ANOTHER_GROUP)
    office = make_polling_office(make_office, (*WITH_GROUPS, another))
    (ada,) = Workspace(office, slack_proxy).bring_in("Ada")

    ada.command("/sporring")
    assert said("poll.which_group") in ada.text
    ada.press_in_modal("Ressursgruppe Etikk").press_in_modal(said("poll.new")).submit(**QUESTION)  # type: ignore[arg-type]
    ada.submit(units=place(office, WARD, OTHER_WARD)).press_in_modal(said("poll.send"))

    assert said("poll.sent") in ada.text
    assert office.runs()[0].frozen["asked_by"] == "Ressursgruppe Etikk"


@pytest.mark.parametrize("word", ["/sporring", "/poll"])
def test_what_is_written_behind_the_command_is_kept_until_the_group_is_chosen(
    make_office: MakeOffice, slack_proxy: Proxy, word: str
) -> None:
    another = in_group(101, "Ada Berg", "group_coordinator", ANOTHER_GROUP)
    office = make_polling_office(make_office, (*WITH_GROUPS, another))
    (ada,) = Workspace(office, slack_proxy).bring_in("Ada")

    ada.command(word, "Kveldsuro: når  og «hvordan»?")
    assert said("poll.which_group") in ada.text
    ada.press_in_modal("Ressursgruppe Etikk")

    assert field_of(ada, "title")["initial_value"] == "Kveldsuro: når og «hvordan»?"
    assert "Ressursgruppe Etikk" in ada.text
    ada.press_in_modal(said("poll.leave"))
    ada.command(word).press_in_modal("Ressursgruppe Demens")
    assert said("poll.title", group="Ressursgruppe Demens") in ada.text


def test_two_presses_on_send_ask_once(ada: SlackPerson) -> None:
    compose(ada)
    first = dict(ada.modal)
    ada.press_in_modal(said("poll.send"))
    ada.workspace.proxy.shown[ada.modal_id] = first

    ada.press_in_modal(said("poll.send"))

    assert len(ada.workspace.office.runs()) == 1
    assert said("poll.sent") in ada.text


@pytest.mark.parametrize("answer", ["choose_several", "frequency", "text"])
@pytest.mark.parametrize("kept", ["anonymous", "named"])
def test_every_kind_of_question_and_answer_is_composed_and_sent(ada: SlackPerson, answer: str, kept: str) -> None:
    ada.command("/poll").press_in_modal(said("poll.new"))
    ada.submit(**{**QUESTION, "answer": answer, "more": "yes"})  # type: ignore[arg-type]
    ada.submit(units=place(ada.workspace.office, WARD, OTHER_WARD), kept=kept, people="everyone")
    ada.press_in_modal(said("poll.send"))

    (run,) = ada.workspace.office.runs()
    assert (run.kind, run.frozen["steps"][0]["fields"][0]["kind"]) == (
        kept,
        "scale" if answer == "frequency" else answer,
    )


def test_the_longest_poll_that_can_be_written_travels_with_the_modal(ada: SlackPerson) -> None:
    options = "\n".join(f"{number} {'æøå ' * 18}"[:75].strip() for number in range(10))
    long = {"title": "Ø" * 60, "question": "Hvorfor ærlig talt? " * 15, "options": options, "answer": "choose"}

    ada.command("/sporring").press_in_modal(said("poll.new")).submit(**long)
    ada.submit(units=place(ada.workspace.office, WARD, OTHER_WARD)).press_in_modal(said("poll.send"))

    assert said("poll.sent") in ada.text


# A municipality with more units than Slack lists


@pytest.fixture
def large(make_office: MakeOffice, slack_proxy: Proxy) -> SlackPerson:
    """Ada, where there are two thousand units in forty services of five sectors."""
    office = make_large_polling_office(make_office)
    (ada,) = Workspace(office, slack_proxy).bring_in("Ada")
    return ada.command("/sporring").press_in_modal(said("poll.new")).submit(**QUESTION)  # type: ignore[arg-type]


def test_one_of_two_thousand_units_is_found_by_its_name(large: SlackPerson) -> None:
    assert large.search("units", "sone 1234") == ["Sone 1234 · Tjeneste 34 · Sektor 4"]
    assert large.search("units", "SEKTOR 4")[0] == "Sektor 4"
    assert large.search("units", "avd") == ["Avdeling 1", "Avdeling 2"]
    assert large.search("units", "finnes ikke") == []
    assert 10 < len(large.search("units", "")) <= 100
    assert large.search("groups", "ressursgruppe 77") == ["Ressursgruppe 77"]
    assert large.search("title", "sone") == []


def test_what_was_found_is_asked_and_stands_there_still_on_the_way_back(large: SlackPerson) -> None:
    large.search("units", "sektor 4")
    large.search("units", "avdeling")
    chosen = [one["value"] for one in large.found["units"] if one["text"]["text"] in ("Sektor 4", "Avdeling 1")]

    large.submit(units=chosen)
    assert "Om lag 410 kan bli spurt." in large.text
    large.press_in_modal(said("poll.change_audience"))

    assert {one["text"]["text"] for one in field_of(large, "units")["initial_options"]} == {"Sektor 4", "Avdeling 1"}
    assert "Om lag 410 kan bli spurt." in large.submit().text


def test_who_may_not_ask_finds_no_units(large: SlackPerson) -> None:
    (grace,) = large.workspace.bring_in("Grace")
    grace.modal_id = large.modal_id

    assert grace.search("units", "avd") == []
    mallory = SlackPerson(large.workspace, "Mallory")
    mallory.modal_id = large.modal_id
    assert mallory.search("units", "avd") == []


def test_slack_would_take_what_was_shown_on_the_way(large: SlackPerson) -> None:
    if missing := what_is_missing(GENERATOR):
        pytest.skip(f"nothing to check Slack's surfaces with: {missing}")
    oracle = Oracle()
    large.search("units", "sektor")

    assert oracle.find_problems("Modal", as_sent(large.workspace)) == []
    large.submit(units=[one["value"] for one in large.found["units"][:5]])
    large.press_in_modal(said("poll.change_audience"))

    assert oracle.find_problems("Modal", as_sent(large.workspace)) == []


def as_sent(workspace: Workspace) -> Any:
    """The newest modal that was opened or replaced by a call, as it came to Slack."""
    calls = [told for method, told in workspace.proxy.calls if method in ("views.open", "views.update")]
    view = calls[-1]["view"]
    return json.loads(view) if isinstance(view, str) else view


def test_a_hundred_units_travel_with_the_modal(large: SlackPerson) -> None:
    for words in ("sektor 1", "sektor 2", "tjeneste 3"):
        large.search("units", words)
    chosen = list(dict.fromkeys(one["value"] for one in large.found["units"]))
    assert len(chosen) > 100

    large.submit(units=chosen)

    assert said("slack.too_long") not in large.text
    assert large.press_in_modal(said("poll.change_question")).submit(title="Noe annet").errors == {}
