"""The own page: pause, 'don't ask me' and language, each a tap."""

import pytest
from sqlmodel import select

from storage.tables import Person
from tests.office import MALLORY, MakeOffice, Office, said
from tests.rounds import FEW, STAFF, begun, flow


@pytest.fixture
def pulse(make_office: MakeOffice) -> Office:
    """Monday noon, with an anonymous question for all but Mallory, whose employer has discussed nothing."""
    return begun(make_office(flows=[flow("pulse")], people=[*STAFF, MALLORY]))


@pytest.fixture
def themes(make_office: MakeOffice) -> Office:
    """Monday noon, with a question for themes."""
    return begun(make_office(flows=[flow("theme_suggestion")], people=FEW))


def test_a_pause_is_told_and_over_when_it_is_over(pulse: Office) -> None:
    page = pulse.home("Ada").tap("pause")
    during = page.text
    pulse.pass_time("2027-02-04 12:00")

    assert said("home.paused", day="onsdag 3. februar") in during
    assert [button.action for button in page.cards[0].buttons] == ["resume"]
    assert "pause til" not in pulse.home("Ada").text
    assert [button.action for button in pulse.home("Ada").cards[0].buttons] == ["pause", "decline"]


def test_dont_ask_me_is_one_tap_and_can_be_taken_back(pulse: Office) -> None:
    page = pulse.home("Ada").tap("decline")
    declined = page.text

    page.tap("resume")

    assert said("home.declined") in declined
    assert said("home.declined") not in page.text
    with pulse.reading() as session:
        assert not any(one.declined for one in session.exec(select(Person)))


def test_a_chosen_language_holds_for_all_that_comes_and_for_the_next_import(themes: Office) -> None:
    themes.home("Ada").tap("language:en")

    themes.import_people(FEW)
    themes.pass_time("2027-01-16 12:00")

    assert said("result.no_themes", "en") in themes.latest("Ada")
    assert "«Ikkje no»" not in themes.latest("Ada")
    assert said("result.no_themes", "nn") in themes.latest("Eldbjørg")


def test_an_action_that_nobody_offered_changes_nothing(pulse: Office) -> None:
    page = pulse.home("Ada")
    before = page.text

    for action in ("", "send", "language:de", "language:", "names", "save_taken_in:1", "pause:now'"):
        page.tap(action)

    with pulse.reading() as session:
        ada = session.get(Person, pulse.id_of("Ada"))
    assert ada is not None
    assert (ada.declined, ada.language) == (False, "nb")
    assert before.splitlines()[0] == page.text.splitlines()[0]
