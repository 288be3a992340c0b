"""Cards in Microsoft's own renderer: no trouble, a name for every field, nothing that somebody wrote read as markup;
and pictures of them."""

from collections.abc import Iterator

import pytest

from bot.cards import Ask, Button, Buttons, Card, Choice, Say
from bot.channels.teams.cards import make_message, make_room
from bot.channels.teams.words import labels_in
from flows.text import LANGUAGES
from tests.exploring import is_told_apart
from tests.office import MakeOffice
from tests.teams_oracle import Oracle, parts_of
from tests.teams_renderer import Renderer, open_renderer, what_is_missing
from tests.test_slack_surfaces import MOST_HOMES, live_through_a_spring
from tests.test_teams_cards import LABELS, ROOM, SHOWN, as_shown, home_with_all_its_sections

pytestmark = [pytest.mark.oracle, pytest.mark.chromium, pytest.mark.node]


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    if missing := what_is_missing():
        pytest.skip(missing)
    with open_renderer() as one:
        yield one


@pytest.mark.parametrize("what", SHOWN)
def test_microsofts_renderer_finds_no_trouble_and_every_field_has_a_name(renderer: Renderer, what: str) -> None:
    for made in as_shown([SHOWN[what]]):
        assert renderer.find_problems(made) == []
        renderer.draw(f"card {what}", made)


def test_the_own_page_is_rendered_section_by_section(renderer: Renderer) -> None:
    for number, made in enumerate(home_with_all_its_sections()):
        assert renderer.find_problems(made) == []
        renderer.draw(f"own page {number}", made)


@pytest.mark.parametrize(
    "text", ["[her](https://evil.example)", "*a* _b_ `c`", "# a", "1. a", "- a", "<b>a</b>", "&lt;"]
)
def test_what_somebody_wrote_is_no_markup(renderer: Renderer, text: str) -> None:
    field = Ask("a", "choose", text, text, True, (Choice("1", text), Choice("2", "to")), (), text)
    says = [Say(text, style) for style in ("plain", "note", "lead", "quote", "warning", "code")]
    card = Card(text, (*says, field, Buttons((Button(text, "send"),))), kicker=text)

    seen = renderer.render(make_room([card], ROOM, LABELS))

    assert seen["links"] == 0
    assert seen["text"].count(text) >= 10


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_all_that_is_shown_and_sent_in_a_spring_is_taken_and_rendered_without_trouble(
    renderer: Renderer, make_office: MakeOffice, language: str
) -> None:
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

    oracle = Oracle()
    assert [one for card in made for one in oracle.find_problems(card)] == []
    assert [one for card in made for one in renderer.find_problems(card)] == []
    assert (len(messages) > 20, len(rooms) > 50, len(homes) > 10) == (True, True, True)
    assert not [part for card in made for part in parts_of(card) if part.get("type") == "Action.ShowCard"]
