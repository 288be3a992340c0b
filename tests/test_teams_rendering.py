"""Cards in Microsoft's own renderer: no trouble, a name for every field, nothing that somebody wrote read as markup;
and pictures of them."""

from collections.abc import Iterator

import pytest

from bot.cards import Ask, Button, Buttons, Card, Choice, Say
from bot.channels.teams.cards import make_room
from tests.teams_renderer import Renderer, open_renderer, what_is_missing
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
