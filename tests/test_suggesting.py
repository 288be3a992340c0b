"""Suggesting themes: the nearest ones first, support by a tap, and no way to what was not offered."""

import pytest
from sqlmodel import select

from storage.tables import Support, Theme, ThemeAuthor
from tests.office import MakeOffice, Office, said
from tests.rounds import FEW, begun, count, flow, waiting_themes


@pytest.fixture
def themes(make_office: MakeOffice) -> Office:
    """Monday noon, with a question for themes."""
    return begun(make_office(flows=[flow("theme_suggestion")], people=FEW))


def test_the_nearest_themes_are_shown_before_one_more_is_stored(themes: Office) -> None:
    themes.answer("Jonas", "theme_suggestion", {"suggestion": "Uro om kvelden"})
    themes.answer("Bo", "theme_suggestion", {"suggestion": "Løfteteknikk og ergonomi", "nearest": "mine"})

    page = themes.open("Ada", "theme_suggestion").tap("send", {"suggestion": "Når pasienter er urolige om kvelden"})

    labels = [choice.label for choice in page.card.asks[0].choices]
    assert labels[0] == "Uro om kvelden"
    assert "Løfteteknikk og ergonomi" not in labels
    assert waiting_themes(themes) == {"Uro om kvelden", "Løfteteknikk og ergonomi"}


def test_a_theme_is_supported_by_a_tap_and_once(themes: Office) -> None:
    themes.answer("Jonas", "theme_suggestion", {"suggestion": "Uro om kvelden"})

    for _ in range(2):
        page = themes.open("Ada", "theme_suggestion").tap("send", {"suggestion": "Kveldsuro"})
        nearest = page.card.asks[0].choices[0].id
        page.tap("send", {"nearest": nearest})

    assert said("receipt.supported", text="Uro om kvelden") in page.text
    assert said("receipt.stored") not in page.text  # her own words were not kept
    assert "Kveldsuro" not in page.text
    assert (count(themes, Theme), count(themes, Support)) == (1, 1)


def test_where_nothing_is_near_there_is_no_second_card(themes: Office) -> None:
    page = themes.open("Ada", "theme_suggestion").tap("send", {"suggestion": "Uro om kvelden"})

    assert said("receipt.title") in page.text


def test_the_same_words_are_one_theme(themes: Office) -> None:
    themes.answer("Jonas", "theme_suggestion", {"suggestion": "Uro om kvelden"})
    themes.answer("Ada", "theme_suggestion", {"suggestion": "uro om  KVELDEN!", "nearest": "mine"})

    assert waiting_themes(themes) == {"Uro om kvelden"}
    assert count(themes, Support) == 1


def test_ones_own_theme_is_not_supported_by_oneself(themes: Office) -> None:
    for _ in range(2):
        themes.answer("Ada", "theme_suggestion", {"suggestion": "Uro om kvelden", "nearest": "mine"})

    assert (count(themes, Theme), count(themes, ThemeAuthor), count(themes, Support)) == (1, 1, 0)


def test_one_may_suggest_one_more(themes: Office) -> None:
    page = themes.answer("Ada", "theme_suggestion", {"suggestion": "Uro om kvelden"})

    page.tap("again").fill_in({"suggestion": "Løfteteknikk", "nearest": "mine"})

    assert waiting_themes(themes) == {"Uro om kvelden", "Løfteteknikk"}


def test_a_theme_that_was_not_offered_cannot_be_supported(themes: Office) -> None:
    themes.answer("Jonas", "theme_suggestion", {"suggestion": "Uro om kvelden"})
    for forged in ("999", "0", "-1", "9" * 30, "mine'"):
        page = themes.open("Ada", "theme_suggestion").tap("send", {"suggestion": f"Kveldsuro {forged}"})

        page.tap("send", {"nearest": forged})

        assert page.trouble is None
    assert count(themes, Support) == 0


def test_a_theme_of_another_unit_is_neither_shown_nor_supported(themes: Office) -> None:
    themes.answer("Turid", "theme_suggestion", {"suggestion": "Uro om kvelden"})
    themes.answer("Jonas", "theme_suggestion", {"suggestion": "Kveldsvakt og uro"})
    with themes.reading() as session:
        other = session.exec(select(Theme.id).where(Theme.text == "Uro om kvelden")).one()

    page = themes.open("Ada", "theme_suggestion").tap("send", {"suggestion": "Uro om kvelden på vakt"})
    labels = [choice.label for choice in page.card.asks[0].choices]
    page.tap("send", {"nearest": str(other)})

    assert "Uro om kvelden" not in labels
    assert count(themes, Support) == 0


def test_a_theme_that_is_decided_while_one_writes_ties_nobody_to_it(themes: Office) -> None:
    themes.answer("Jonas", "theme_suggestion", {"suggestion": "Uro om kvelden"})
    themes.pass_time("2027-01-11 12:00")
    page = themes.open("Ada", "theme_suggestion").tap("send", {"suggestion": "Urolige kvelder"})
    nearest = page.card.asks[0].choices[0].id
    themes.week("Grace").tap(f"save_taken_in:{nearest}", {"own": "Fagmøte i mai"})

    page.tap("send", {"nearest": nearest})

    assert count(themes, Support) == 0
    assert waiting_themes(themes) == {"Uro om kvelden", "Urolige kvelder"}


def test_words_that_were_decided_on_in_the_same_round_can_be_written_again(themes: Office) -> None:
    themes.answer("Jonas", "theme_suggestion", {"suggestion": "Uro om kvelden"})
    themes.pass_time("2027-01-11 12:00")
    with themes.reading() as session:
        theme = session.exec(select(Theme.id)).one()
    themes.week("Grace").tap(f"save_taken_in:{theme}", {"own": "Fagmøte i mai"})

    page = themes.answer("Ada", "theme_suggestion", {"suggestion": "Uro om kvelden"})

    assert said("receipt.title") in page.text
    assert (count(themes, Theme), count(themes, Support), count(themes, ThemeAuthor)) == (1, 0, 0)


def test_ones_own_suggestion_can_be_taken_back_and_nobody_elses(themes: Office) -> None:
    receipt = themes.answer("Ada", "theme_suggestion", {"suggestion": "Uro om kvelden"})
    themes.answer("Jonas", "theme_suggestion", {"suggestion": "Løfteteknikk", "nearest": "mine"})
    with themes.reading() as session:
        ids = dict(session.exec(select(Theme.text, Theme.id)).all())

    receipt.tap(f"take_back:{ids['Løfteteknikk']}")
    receipt.tap(f"take_back:{ids['Uro om kvelden']}")

    assert said("suggestions.withdrawn_title") in receipt.text
    assert waiting_themes(themes) == {"Løfteteknikk"}
