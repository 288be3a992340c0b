"""Whom a poll goes to, where there are more units than anybody reads through: looked for by words, on a page and in
Teams; Slack looks while somebody writes (`test_slack_polls.py`)."""

from typing import Any

import pytest

from bot.cards import Ask, Find
from bot.channels.teams.cards import LARGEST_BYTES, Labels, make_room, measure
from bot.conversations.poll_cards import make_form_card
from bot.pages.rendering import render_card_page
from storage.tables import Unit
from tests.office import MakeOffice, Page, said
from tests.polling import QUESTION, group_page, make_large_polling_office, make_polling_office, place
from tests.sample_cards import SHELL
from tests.sample_polls import GROUP, PLACES, RAW, WORDS
from tests.teams_ways import MakeTenant

ZONES = 120
WRITTEN: dict[str, Any] = dict(QUESTION)


@pytest.fixture
def page(make_office: MakeOffice) -> Page:
    """Ada, where she says whom she asks among more units than fit on a card."""
    return group_page(make_large_polling_office(make_office, ZONES), "Ada").tap("new").tap("to_audience", QUESTION)


def field(page: Page, name: str) -> Ask:
    return next(one for one in page.card.asks if one.id == name)


def labels(page: Page, name: str = "units") -> list[str]:
    return [one.label for one in field(page, name).choices]


def ids(page: Page, *wanted: str) -> list[str]:
    return [one.id for one in field(page, "units").choices if one.label in wanted]


def look_for(page: Page, words: str, *chosen: str, button: str = "find") -> Page:
    return page.tap(button, {"find_units": words, "units": chosen, "days": "7", "people": "everyone"})


def test_a_unit_is_found_by_the_beginnings_of_words(page: Page) -> None:
    look_for(page, "sone 117")

    assert labels(page) == ["Sone 117 · Tjeneste 37 · Sektor 2"]
    assert field(page, "units").hint == said("poll.found.all", sought="sone 117", count=1)
    assert field(page, "find_units").written == ()


def test_what_is_ticked_stays_while_more_is_looked_for(page: Page) -> None:
    look_for(page, "sone 117")
    look_for(page, "avdeling", *ids(page, "Sone 117 · Tjeneste 37 · Sektor 2"))
    assert labels(page) == ["Sone 117 · Tjeneste 37 · Sektor 2", "Avdeling 1", "Avdeling 2"]

    chosen = [*field(page, "units").written, *ids(page, "Avdeling 2")]
    page.tap("preview", {"units": chosen, "days": "7", "people": "everyone", "kept": "anonymous"})
    page.tap("to_audience")

    ticked = [one.label for one in field(page, "units").choices if one.id in field(page, "units").written]
    assert sorted(ticked) == ["Avdeling 2", "Sone 117 · Tjeneste 37 · Sektor 2"]


def test_what_is_no_longer_ticked_is_gone(page: Page) -> None:
    look_for(page, "sone 117")
    look_for(page, "sone 77", *ids(page, "Sone 117 · Tjeneste 37 · Sektor 2"))
    look_for(page, "avdeling")

    assert labels(page) == ["Avdeling 1", "Avdeling 2"]


def test_words_that_were_not_looked_for_yet_are_looked_for_before_going_on(page: Page) -> None:
    """Enter in the field presses the button that goes on."""
    look_for(page, "avdeling", button="preview")

    assert page.card.title == said("poll.audience_title")
    assert labels(page) == ["Avdeling 1", "Avdeling 2"]
    assert all(not one.problem for one in page.card.asks)


def test_where_nothing_is_found_it_is_said_with_what_stood_there_before(page: Page) -> None:
    before = labels(page)

    look_for(page, "finst ikke")

    assert field(page, "find_units").problem == said("poll.found.none", sought="finst ikke")
    assert labels(page) == before


def test_of_very_many_the_first_are_shown_and_all_counted(page: Page) -> None:
    look_for(page, "sektor")

    assert len(labels(page)) == 20
    assert labels(page)[:2] == ["Sektor 0", "Sektor 1"]
    assert field(page, "units").hint == said("poll.found.first", sought="sektor", count=ZONES + 40 + 5, most=20)


def test_who_pastes_a_whole_document_is_shown_what_its_beginning_finds(page: Page) -> None:
    """Each word is looked for in each unit, while everybody else's answers wait."""
    document = "sone 117 " + "sone " * 5_000

    look_for(page, document)

    assert labels(page) == ["Sone 117 · Tjeneste 37 · Sektor 2"]
    assert field(page, "units").hint == said("poll.found.all", sought=document[:100].strip(), count=1)


def test_groups_are_looked_for_in_the_same_way(page: Page) -> None:
    page.tap("find", {"find_groups": "ressursgruppe 77"})

    assert labels(page, "groups") == ["Ressursgruppe 77"]


def test_all_else_on_the_card_stands_as_it_was_written(page: Page) -> None:
    page.tap("find", {"find_units": "avd", "days": "12", "people": "leaders", "kept": "named"})

    assert [field(page, one).written for one in ("days", "people", "kept")] == [("12",), ("leaders",), ("named",)]


def test_where_there_are_few_units_nothing_is_looked_for(make_office: MakeOffice) -> None:
    page = group_page(make_polling_office(make_office), "Ada").tap("new").tap("to_audience", QUESTION)

    assert not any(isinstance(one, Find) for one in page.card.blocks)


def test_what_was_found_is_read_with_the_field_and_the_button_looks(page: Page) -> None:
    html = render_card_page(look_for(page, "sone 117").card, SHELL)

    assert 'aria-describedby="field-units-hint"' in html
    assert '<button class="button plain" name="action" value="find">Søk i avdelinger</button>' in html


def test_in_teams_too_a_unit_is_found_and_asked(make_office: MakeOffice, make_tenant: MakeTenant) -> None:
    office = make_large_polling_office(make_office, ZONES)
    (ada,) = make_tenant(office).bring_in("Ada")
    ada.type("hjelp").press(said("teams.to_page"))
    ada.press(said("poll.open_group", group="Ressursgruppe Demens")).press(said("poll.new"))
    ada.press(said("answer.next"), **WRITTEN)
    ada.press(said("poll.find.look.units"), find_units="sektor 4")
    assert "«sektor 4»: " in ada.text
    ada.press(
        said("poll.look"), units=place(office, "Solvik / Sektor 4"), people="everyone", days="7", kept="anonymous"
    )

    assert "Om lag 25 kan bli spurt." in ada.text  # the 24 of the sector, and who asks


def test_as_many_as_are_shown_at_most_fit_in_a_card_of_teams() -> None:
    """Units with the longest paths that municipalities have, and all that travels with the card."""
    path = "Solvik kommune / Sektor for helse og mestring / Virksomhet hjemmetjenester og rehabilitering / Sykehjemmet"
    names = [f"Avdeling for personer med demens {number}" for number in range(200)]
    many = [Unit(id=1_000 + i, path=f"{path} i Ytre Solvik {i} / {name}", name=name) for i, name in enumerate(names)]
    places, sought = [*PLACES, *many], {"units": "demens"}
    card = make_form_card("audience", RAW, {}, WORDS, GROUP, places, "x" * 900, sought)

    assert len(card.asks[0].choices) == 20 + 4
    assert make_room([card], "group:9", Labels("", "", "", ""))["body"][-1]["type"] == "ActionSet"
    assert measure(make_room([card], "group:9", Labels("", "", "", ""))) <= LARGEST_BYTES
