"""Whatever card the product makes, Teams takes it: by Microsoft's schema, and in Microsoft's own renderer."""

import re
from collections.abc import Sequence
from typing import Any

import pytest

from bot.cards import Ask, Bar, Button, Buttons, Card, Chart, Say
from bot.channels.teams.cards import make_message, make_room
from bot.channels.teams.elements import Json
from bot.channels.teams.surfaces import Surface
from bot.channels.teams.words import labels_in, make_help
from bot.rooms import HOME
from flows.model import Flow
from flows.text import LANGUAGES
from tests import sample_cards, teams_oracle
from tests.exploring import is_told_apart
from tests.office import MakeOffice
from tests.teams_oracle import LARGEST_BYTES, Oracle, buttons_of, inputs_of, parts_of, text_of
from tests.teams_renderer import open_renderer, what_is_missing
from tests.test_slack_surfaces import (
    FLOWS,
    MOST_HOMES,
    SAMPLES,
    live_through_a_spring,
    make_cards,
    with_whole_addresses,
)

ROOM = "run:12"
LABELS = labels_in("nb")
PAGE = "https://medvirk.solvik.example/l/abc/def"
HELP = {
    f"{kind} in {one}": make_help(one, is_answer=kind == "answer") for one in LANGUAGES for kind in ("help", "answer")
}
SHOWN = SAMPLES | HELP


@pytest.fixture(scope="module")
def oracle() -> Oracle:
    if missing := teams_oracle.what_is_missing():
        pytest.skip(missing)
    return Oracle()


def as_shown(cards: Sequence[Card]) -> list[Json]:
    """As messages, and in a room."""
    whole = [with_whole_addresses(one) for one in cards]
    return [*(make_message(one, LABELS) for one in whole), make_room(whole, ROOM, LABELS)]


def home_with_all_its_sections() -> list[Json]:
    whole = [with_whole_addresses(one) for one in sample_cards.HOME]
    sections = dict.fromkeys(one.section for one in whole)
    return [make_room(whole, HOME, LABELS, section) for section in sections]


@pytest.mark.oracle
@pytest.mark.parametrize("what", SHOWN)
def test_a_sample_card_is_taken(oracle: Oracle, what: str) -> None:
    for made in as_shown([SHOWN[what]]):
        assert oracle.find_problems(made) == []


@pytest.mark.oracle
def test_an_own_page_and_each_section_of_it_is_taken(oracle: Oracle) -> None:
    for made in home_with_all_its_sections():
        assert oracle.find_problems(made) == []


@pytest.mark.oracle
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("flow", FLOWS, ids=[flow.name for flow in FLOWS])
def test_every_card_of_every_flow_is_taken_empty_filled_in_and_with_what_must_be_mended(
    oracle: Oracle, flow: Flow, language: str
) -> None:
    for card in make_cards(flow, language):
        for made in as_shown([card]):
            assert oracle.find_problems(made) == []


@pytest.mark.oracle
def test_what_teams_does_not_take_is_found(oracle: Oracle) -> None:
    good = as_shown([sample_cards.UNUSED_COMPETENCE])[0]
    field, button = inputs_of(good)[0], buttons_of(good)[0]
    drawn = next(one for one in parts_of(as_shown([sample_cards.DIGEST])[0]) if one.get("type") == "Image")
    wrong = [
        {**good, "version": 1.5},
        {**good, "body": [*good["body"], {"type": "Banner"}]},
        {**good, "body": [{**field, "label": ""}]},
        {**good, "body": [field, field]},
        {**good, "body": [{**field, "isRequired": True, "errorMessage": ""}]},
        {**good, "body": [{"type": "ActionSet", "actions": [{**button, "verb": 7}]}]},
        {
            **good,
            "body": [{"type": "ActionSet", "actions": [{**button, "fallback": {**button["fallback"], "data": {}}}]}],
        },
        {**good, "body": [{"type": "ActionSet", "actions": [button] * 7}]},
        {**good, "body": [{"type": "TextBlock", "text": "æ" * LARGEST_BYTES}]},
        {**good, "body": [{**drawn, "altText": ""}]},
        {**good, "body": [{**drawn, "url": "https://medvirk.solvik.example/figures.png"}]},
        {**good, "body": [{**drawn, "url": drawn["url"][:40]}]},
    ]

    assert oracle.find_problems(good) == []
    assert [one for one in wrong if not oracle.find_problems(one)] == []


def test_a_long_card_is_shortened_and_says_where_the_rest_is() -> None:
    says = tuple(Say(f"ord{number} " + "æ" * 200) for number in range(200))

    made = make_message(Card("Tema", says, own_page=PAGE), LABELS)

    assert 0.8 * LARGEST_BYTES < len(str(made).encode("utf-16-le")) <= LARGEST_BYTES
    assert "ord0 " in text_of(made)
    assert "ord199 " not in text_of(made)
    assert text_of(made).endswith(LABELS.more)
    assert [one["url"] for one in buttons_of(made)] == [PAGE]


def test_pictures_give_way_before_words_do() -> None:
    bars = tuple(Bar(f"figur{number}", "70 %", 70, "før: 40 %, 60 %", (40, 60)) for number in range(20))
    says = tuple(Say(f"ord{number} " + "æ" * 100) for number in range(40))

    small, large = (make_message(Card("Uka", (Chart("", bars), *more)), LABELS) for more in ((), says))

    assert [len([one for one in parts_of(made) if one.get("type") == "Image"]) for made in (small, large)] == [20, 0]
    assert "figur19: 70 % (før: 40 %, 60 %)" in text_of(large)
    assert "ord39" in text_of(large)


def test_what_fits_is_left_whole() -> None:
    words = [f"ord{number}" for number in range(1_000)]

    made = make_message(Card("Tema", (Say(" ".join(words)),)), LABELS)

    assert re.findall(r"ord\d+", text_of(made)) == words


def test_only_a_button_that_sends_the_form_has_it_looked_at() -> None:
    card = sample_cards.UNUSED_COMPETENCE

    buttons = buttons_of(make_room([card], ROOM, LABELS))

    assert [one["associatedInputs"] for one in buttons] == ["auto", "auto", "none"]


def test_a_question_that_may_not_lie_in_teams_is_a_door_to_the_page() -> None:
    named = Button("Svar", url=PAGE, room=ROOM)
    sealed = Button("Svar", url=PAGE, room=ROOM, is_off_record=True)

    buttons = buttons_of(make_message(Card("Spørsmål", (Buttons((named, sealed)),)), LABELS))

    assert [one["type"] for one in buttons] == ["Action.Execute", "Action.OpenUrl"]
    assert buttons[1]["url"] == PAGE
    assert Surface.from_data(buttons[0]["data"]) == Surface(ROOM)


def test_fields_of_several_cards_on_one_surface_are_kept_apart() -> None:
    card = Card("Timer", (Ask("a", "text", "A"), Buttons((Button("Lagre", "save", style="primary"),))), section="Mitt")

    made = make_room([Card("Hei"), card, card], HOME, LABELS)

    names = [one["id"] for one in inputs_of(made)]
    prefixes = [one["data"]["medvirk"]["prefix"] for one in buttons_of(made)]
    assert len(set(names)) == 2
    assert names == [f"{one}a" for one in prefixes]


@pytest.mark.slow
@pytest.mark.oracle
@pytest.mark.chromium
@pytest.mark.node
@pytest.mark.parametrize("language", LANGUAGES)
def test_all_that_is_shown_and_sent_in_a_spring_is_taken_and_rendered_without_trouble(
    oracle: Oracle, make_office: MakeOffice, language: str
) -> None:
    if missing := what_is_missing():
        pytest.skip(missing)
    door, post = live_through_a_spring(make_office, language, is_on_record=True)
    labels = labels_in(language)
    messages = {is_told_apart(one.card): one.card for one in post.sent}
    rooms = {is_told_apart(one.cards[0]): one for one in door.shown if len(one.cards) == 1}
    homes = {tuple(is_told_apart(card)[1:] for card in one.cards): one for one in door.shown if len(one.cards) > 1}

    made = [
        *(make_message(card, labels) for card in messages.values()),
        *(make_room(seen.cards, seen.room, labels) for seen in rooms.values()),
        *(
            make_room(seen.cards, seen.room, labels, section)
            for seen in list(homes.values())[:MOST_HOMES]
            for section in dict.fromkeys(card.section for card in seen.cards)
        ),
    ]

    assert [one for card in made for one in oracle.find_problems(card)] == []
    with open_renderer() as renderer:  # not before: the browser's loop leaves no room for the office's
        assert [one for card in made for one in renderer.find_problems(card)] == []
    assert (len(messages) > 20, len(rooms) > 50, len(homes) > 10) == (True, True, True)
    assert not [part for card in made for part in parts_of(card) if part.get("type") == "Action.ShowCard"]


def test_nothing_but_words_travels_with_a_button() -> None:
    garbage: list[Any] = [
        {},
        {"medvirk": {}},
        {"medvirk": []},
        {"medvirk": {"room": 7}},
        {"medvirk": {"room": "a", "x": "b"}},
    ]

    assert [Surface.from_data(one) for one in garbage] == [None] * 5
