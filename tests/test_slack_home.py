"""The own page and the week in Slack: what waits, what one has said, what one decides."""

import pytest
from sqlmodel import select

from storage.log import entries_of
from storage.tables import Person, Theme
from tests.browsing import answers
from tests.office import MakeOffice, Office, on, said, shipped
from tests.slack_forms import buttons_of, text_of
from tests.slack_oracle import GENERATOR, Oracle
from tests.slack_proxy import Proxy, refused
from tests.slack_server import what_is_missing
from tests.slack_ways import SlackPerson, Workspace, payload

pytestmark = pytest.mark.node
FLOWS = ("pulse", "theme_suggestion", "unused_competence")
OFFER = {"has_more": "yes", "competence": "Tigrinja"}


@pytest.fixture
def workspace(make_office: MakeOffice, slack_proxy: Proxy) -> Workspace:
    """The office on the day on which all is asked; Ada and Grace are in Slack."""
    made = Workspace(make_office(flows=[shipped(one, schedule=on("2027-01-04")) for one in FLOWS]), slack_proxy)
    made.bring_in("Ada", "Grace")
    made.office.pass_time("2027-01-04 12:00")
    return made


@pytest.fixture
def ada(workspace: Workspace) -> SlackPerson:
    return SlackPerson(workspace, "Ada")


@pytest.fixture
def grace(workspace: Workspace) -> SlackPerson:
    """The leader, on the Monday after, when two themes and an offer wait."""
    office = workspace.office
    office.answer("Ada", "theme_suggestion", {"suggestion": "Kveldsuro", "nearest": "mine"})
    office.answer("Jonas", "theme_suggestion", {"suggestion": "Munnstell", "nearest": "mine"})
    office.answer("Ada", "unused_competence", OFFER)
    office.pass_time("2027-01-11 08:30")
    return SlackPerson(workspace, "Grace")


def home_text(person: SlackPerson) -> str:
    return text_of(person.home["blocks"])


def person_in(office: Office, name: str) -> Person:
    with office.reading() as session:
        return session.get_one(Person, office.id_of(name))


def theme(office: Office, text: str) -> Theme:
    with office.reading() as session:
        return session.exec(select(Theme).where(Theme.text == text)).one()


def test_the_home_page_shows_what_waits_and_an_answer_takes_it_away(ada: SlackPerson) -> None:
    title = ada.workspace.office.flows["pulse"].title.to("nb")
    ada.open_home()
    assert said("home.title", name="Ada") in home_text(ada)
    waiting = buttons_of(ada.home["blocks"])
    number = [one["text"]["text"] for one in waiting].count(said("question.answer"))

    while title not in ada.press_at_home(said("question.answer"), number - 1).text:
        number -= 1
    ada.fill_in(answers())
    ada.open_home()

    left = [one["text"]["text"] for one in buttons_of(ada.home["blocks"])].count(said("question.answer"))
    assert left == [one["text"]["text"] for one in waiting].count(said("question.answer")) - 1


def test_a_pause_at_home_is_told_at_home_and_can_be_ended_there(ada: SlackPerson) -> None:
    ada.open_home()

    ada.press_at_home(said("home.pause"))
    assert person_in(ada.workspace.office, "Ada").paused_until is not None
    assert said("home.resume") in home_text(ada)
    ada.press_at_home(said("home.resume"))

    assert person_in(ada.workspace.office, "Ada").paused_until is None
    assert ada.workspace.proxy.called("views.open") == []


def test_another_language_is_spoken_at_once(ada: SlackPerson) -> None:
    ada.open_home()

    ada.press_at_home("Nynorsk")

    assert person_in(ada.workspace.office, "Ada").language == "nn"
    assert said("settings.language_does", "nn") in home_text(ada)


def test_at_home_stands_what_is_stored_and_that_one_has_answered_by_name_but_not_what(ada: SlackPerson) -> None:
    ada.workspace.office.answer("Ada", "unused_competence", OFFER)

    ada.open_home()

    assert said("stored.title") in home_text(ada)
    assert said("elsewhere.answer") in home_text(ada)
    assert "Tigrinja" not in str(ada.home)
    assert "Tigrinja" in ada.press_at_home(said("question.see_answer")).text


def test_what_was_said_by_name_and_is_deleted_has_never_stood_at_home(ada: SlackPerson) -> None:
    office = ada.workspace.office
    office.answer("Ada", "unused_competence", OFFER)
    office.pass_time("2027-02-09 12:00")
    ada.open_home()

    assert "Tigrinja" in ada.press_at_home(said("offers.see")).text
    ada.press_in_modal(said("offers.end"))
    assert said("offers.ended") in ada.text
    ada.press_at_home("Nynorsk")

    assert ada.workspace.proxy.called("views.publish")
    assert "Tigrinja" not in str(ada.workspace.proxy.called("views.publish"))


def test_the_messages_tab_publishes_nothing(ada: SlackPerson) -> None:
    told = payload("app_home_opened_messages")
    told["event"]["user"] = ada.id

    assert ada.workspace.send(told).status_code == 200
    assert ada.workspace.proxy.called("views.publish") == []


def test_a_page_that_slack_does_not_take_is_no_reason_to_tell_of_it_again(ada: SlackPerson) -> None:
    ada.workspace.proxy.plan("views.publish", refused("internal_error"))
    told = payload("app_home_opened")
    told["event"]["user"] = ada.id

    assert ada.workspace.send(told).status_code == 200


def test_the_own_page_opens_by_a_word(ada: SlackPerson) -> None:
    assert said("home.title", name="Ada") in ada.command("/medvirk").text
    ada.press_in_modal(said("home.pause"))

    assert person_in(ada.workspace.office, "Ada").paused_until is not None
    assert said("home.resume") in ada.text


def test_whom_nobody_knows_has_a_home_that_says_so(workspace: Workspace) -> None:
    mallory = SlackPerson(workspace, "Mallory")

    mallory.open_home()

    assert said("trouble.unknown_address_title") in home_text(mallory)


def test_the_weeks_message_names_nobody_and_leads_to_the_week(grace: SlackPerson) -> None:
    message = grace.workspace.messages_to(grace.id)[-1]

    assert "Uka i Avdeling 1" in message["text"]
    assert "«Kveldsuro» har ventet 7 dager." in text_of(message["blocks"])
    assert "Tigrinja" not in str(message)
    assert "Ada" not in str(message)
    assert [one.get("url") for one in buttons_of(message["blocks"]) if one.get("url")] == []


def test_a_leader_decides_on_a_theme_right_from_the_message_which_is_then_shown_anew(grace: SlackPerson) -> None:
    office = grace.workspace.office

    grace.press(said("digest.not_now"))
    grace.submit(reason="reason_money")
    assert said("decision.reason_money") in grace.text
    grace.submit()
    office.beat()

    (decided,) = [one for one in ("Kveldsuro", "Munnstell") if theme(office, one).state == "not_now"]
    assert said("decision.done_saved", text=decided, unit="Avdeling 1") in grace.text
    (message,) = [one for one in grace.workspace.messages_to(grace.id) if "Uka i Avdeling 1" in one["text"]]
    assert decided not in text_of(message["blocks"])
    labels = [one["text"]["text"] for one in buttons_of(message["blocks"])]
    assert labels.count(said("digest.take_in")) == 1


def test_an_old_button_of_a_theme_that_is_decided_says_so(grace: SlackPerson) -> None:
    message = grace.workspace.messages_to(grace.id)[-1]
    (take_in, *_) = [one for one in buttons_of(message["blocks"]) if one["text"]["text"] == said("digest.take_in")]
    grace.press_in_message(take_in, message).submit(own="Fagmøte.").submit()

    grace.press_in_message(take_in, message)

    assert grace.modal.get("submit") is None
    assert any(said("decision.done_already", text=one) in grace.text for one in ("Kveldsuro", "Munnstell"))


def test_who_has_offered_is_seen_from_the_message_in_a_modal_and_that_is_logged(grace: SlackPerson) -> None:
    office = grace.workspace.office

    grace.press(said("digest.see_who"))

    assert "Tigrinja" in grace.text
    with office.reading() as session:
        (entry,) = [one for one in entries_of(session) if one.action == "named answers opened"]
    assert (entry.actor, entry.object.partition(":")[0]) == (f"person:{office.id_of('Grace')}", "digest")


def test_anothers_button_shows_neither_names_nor_themes_and_nothing_is_logged(
    grace: SlackPerson, ada: SlackPerson
) -> None:
    message = grace.workspace.messages_to(grace.id)[-1]

    for button in buttons_of(message["blocks"]):
        ada.press_in_message(button, message)
        assert "Tigrinja" not in ada.text
        assert "Munnstell" not in ada.text
        assert said("trouble.run_gone_title") in ada.text

    with grace.workspace.office.reading() as session:
        assert [one for one in entries_of(session) if one.action == "named answers opened"] == []


def test_at_home_a_leader_sees_the_week_in_short_and_decides_there(grace: SlackPerson) -> None:
    office = grace.workspace.office
    office.pass_time("2027-01-18 08:30")  # the Monday after the pulse has closed
    grace.open_home()
    labels = [one["text"]["text"] for one in buttons_of(grace.home["blocks"])]
    assert said("home.week") in home_text(grace)
    assert said("digest.title", unit="Avdeling 1") in home_text(grace)
    assert said("digest.also") in home_text(grace)
    assert office.flows["pulse"].title.to("nb") in home_text(grace)
    assert said("digest.same_figures") not in home_text(grace)

    grace.press_at_home(said("digest.take_in")).submit(own="Fagmøte onsdag.").submit()
    grace.open_home()

    left = [one["text"]["text"] for one in buttons_of(grace.home["blocks"])]
    assert left.count(said("digest.take_in")) == labels.count(said("digest.take_in")) - 1
    assert said("digest.title", unit="Avdeling 1") in grace.press_at_home(said("digest.open")).text


def test_a_leader_decides_on_a_theme_in_the_modal(grace: SlackPerson) -> None:
    office = grace.workspace.office
    grace.press(said("digest.open"))
    labels = [one["text"]["text"] for one in buttons_of(grace.modal["blocks"])]

    grace.press_in_modal(next(one for one in labels if one.startswith(said("digest.take_in"))))
    grace.submit(own="Fagmøte onsdag 27. januar kl. 14.15.")
    assert said("decision.preview", unit="Avdeling 1") in grace.text
    grace.submit()

    decided = [one for one in ("Kveldsuro", "Munnstell") if theme(office, one).state == "taken_in"]
    assert len(decided) == 1
    assert said("decision.done_saved", text=decided[0], unit="Avdeling 1") in grace.text


def test_a_no_needs_a_reason_which_is_asked_for_at_its_field(grace: SlackPerson) -> None:
    office = grace.workspace.office
    grace.press(said("digest.open"))
    labels = [one["text"]["text"] for one in buttons_of(grace.modal["blocks"])]
    grace.press_in_modal(next(one for one in labels if one.startswith(said("digest.not_now"))))

    grace.submit()
    assert grace.errors == {"reason": said("problem.required")}
    grace.submit(own="Vi tar det til høsten.").submit()

    assert [theme(office, one).state for one in ("Kveldsuro", "Munnstell")].count("not_now") == 1


def test_who_has_offered_is_seen_in_the_modal_and_that_is_logged(grace: SlackPerson) -> None:
    office = grace.workspace.office
    grace.press(said("digest.open"))

    grace.press_in_modal(said("digest.see_who"))

    assert "Tigrinja" in grace.text
    with office.reading() as session:
        assert [one for one in entries_of(session) if one.actor == f"person:{office.id_of('Grace')}"]


def test_anothers_week_stays_closed(grace: SlackPerson, ada: SlackPerson) -> None:
    message = grace.workspace.messages_to(grace.id)[-1]

    ada.press_in_message(buttons_of(message["blocks"])[0], message)

    assert "Munnstell" not in ada.text


def test_slack_would_take_all_that_was_shown(grace: SlackPerson, ada: SlackPerson) -> None:
    if missing := what_is_missing(GENERATOR):
        pytest.skip(f"nothing to check Slack's surfaces with: {missing}")
    oracle, proxy = Oracle(), grace.workspace.proxy
    grace.open_home()
    ada.open_home()
    grace.press(said("digest.open")).press_in_modal(said("digest.see_who"))

    for method, kind in (("views.open", "Modal"), ("views.update", "Modal"), ("views.publish", "Home")):
        assert proxy.called(method)
        for call in proxy.called(method):
            assert oracle.find_problems(kind, call["view"]) == []
    for call in proxy.called("chat.postMessage"):
        assert oracle.find_problems("Message", {"text": call["text"], "blocks": call["blocks"]}) == []


def test_at_home_there_is_room_for_pause_and_language_however_much_has_come(grace: SlackPerson) -> None:
    grace.workspace.office.pass_time("2027-01-25 12:00")

    grace.open_home()

    labels = [one["text"]["text"] for one in buttons_of(grace.home["blocks"])]
    assert said("home.messages") not in home_text(grace)
    assert {"Nynorsk", said("home.pause")} <= set(labels)
    assert said("slack.more") not in home_text(grace)
