"""What is typed behind a slash, and shortcuts: a suggestion, a pause, the own page."""

from datetime import date

import pytest
from sqlmodel import col, select

from storage.tables import Person, Theme
from tests.office import MakeOffice, Office, on, said, shipped
from tests.slack_proxy import Proxy
from tests.slack_ways import SlackPerson, Workspace

pytestmark = pytest.mark.node
AFTER_CLOSING = "2027-02-09 12:00"


@pytest.fixture
def ada(make_office: MakeOffice, slack_proxy: Proxy) -> SlackPerson:
    """Ada, on the day on which suggestions are asked for."""
    office = make_office(flows=[shipped("theme_suggestion", schedule=on("2027-01-04"))])
    (ada,) = Workspace(office, slack_proxy).bring_in("Ada")
    office.pass_time("2027-01-04 12:00")
    return ada


def themes(office: Office) -> list[Theme]:
    with office.reading() as session:
        return list(session.exec(select(Theme).order_by(col(Theme.id))))


def paused_until(person: SlackPerson) -> date | None:
    office = person.workspace.office
    with office.reading() as session:
        return session.get_one(Person, office.id_of(person.name)).paused_until


@pytest.mark.parametrize("word", ["/tema", "/theme"])
def test_a_theme_is_suggested_by_a_command(ada: SlackPerson, word: str) -> None:
    ada.command(word).fill_in({"suggestion": "Kveldsuro", "nearest": "mine"})

    assert [one.text for one in themes(ada.workspace.office)] == ["Kveldsuro"]
    assert said("receipt.title") in ada.text


def test_a_theme_is_suggested_by_the_shortcut_and_another_can_be_supported(ada: SlackPerson) -> None:
    office = ada.workspace.office
    office.answer("Jonas", "theme_suggestion", {"suggestion": "Kveldsuro hos redde beboere", "nearest": "mine"})

    ada.shortcut("suggest").submit(suggestion="redde beboere på kvelden")
    assert said("answer.you_wrote") in ada.text
    nearest = next(one for one in ada.modal["blocks"] if one.get("block_id") == "nearest")
    ada.fill_in({"nearest": nearest["element"]["options"][0]["value"]})

    assert len(themes(office)) == 1
    assert said("receipt.supported", text="Kveldsuro hos redde beboere") in ada.text


def test_a_suggestion_without_a_round_is_answered_kindly(ada: SlackPerson) -> None:
    ada.workspace.office.pass_time(AFTER_CLOSING)

    ada.command("/tema")

    assert said("trouble.no_round_title") in ada.text


def test_pause_by_the_welcome_message(ada: SlackPerson) -> None:
    ada.press(said("home.pause"))

    with ada.workspace.office.reading() as session:
        assert session.get_one(Person, ada.workspace.office.id_of("Ada")).paused_until is not None
    assert said("home.resume") in ada.text


@pytest.mark.parametrize("word", ["/tema", "/theme"])
def test_what_is_written_behind_the_command_stands_in_the_field(ada: SlackPerson, word: str) -> None:
    ada.command(word, "  førstehjelp  for <@U1> små barn ")
    assert themes(ada.workspace.office) == []  # nothing is suggested before it has been looked at

    ada.submit()

    assert [one.text for one in themes(ada.workspace.office)] == ["førstehjelp for <@U1> små barn"]


def test_more_than_the_field_holds_is_cut_where_slack_would_refuse_it(ada: SlackPerson) -> None:
    ada.command("/tema", "ord " * 900)

    (field,) = [one["element"] for one in ada.modal["blocks"] if one["type"] == "input"]
    assert len(field["initial_value"]) <= field["max_length"]


@pytest.mark.parametrize(
    ("written", "until"),
    [
        ("", date(2027, 2, 3)),
        ("2 uker", date(2027, 1, 18)),
        ("1 VEKE", date(2027, 1, 11)),
        ("3 weeks", date(2027, 1, 25)),
        ("10", date(2027, 1, 14)),
        ("2 månader", date(2027, 3, 5)),
        ("999 months", date(2028, 1, 4)),
        ("0", date(2027, 2, 3)),
        ("til jeg sier fra: nei", date(2027, 2, 3)),
    ],
)
def test_a_pause_by_a_word_for_as_long_as_was_written(ada: SlackPerson, written: str, until: date) -> None:
    ada.command("/pause", written)

    assert paused_until(ada) == until
    assert said("home.resume") in ada.text


def test_a_pause_by_the_shortcut_is_taken_back_where_it_is_told(ada: SlackPerson) -> None:
    ada.shortcut("pause")
    assert paused_until(ada) == date(2027, 2, 3)
    assert said("settings.language_does") not in ada.text  # what became of it, and not the whole page

    ada.press_in_modal(said("home.resume"))

    assert paused_until(ada) is None
    assert said("settings.resumed") in ada.text


def test_whom_nobody_knows_gets_a_kind_word_to_each_command(ada: SlackPerson) -> None:
    mallory = SlackPerson(ada.workspace, "Mallory")

    for word in ("/tema", "/pause", "/sporring", "/medvirk"):
        assert said("trouble.unknown_address_title") in mallory.command(word, "noe").text
