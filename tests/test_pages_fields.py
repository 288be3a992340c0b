"""Fields on a page: names, what was written before, hints, limits and problems."""

import re
from dataclasses import replace

import pytest

from bot.cards import Ask, Buttons, Card, Chart, Say
from bot.pages.rendering import Shell, render_card_page
from tests.reading_pages import find
from tests.sample_cards import PULSE, SHELL, THEME_SUGGESTION, TOO_LONG, WITH_PROBLEMS


def render(*blocks: Say | Ask | Buttons | Chart, shell: Shell = SHELL) -> str:
    return render_card_page(Card("Et spørsmål", blocks), shell)


def test_the_form_sends_state_answers_and_the_button_that_was_pressed() -> None:
    html = render_card_page(PULSE, SHELL)

    assert find(html, "input", type="hidden", name="state", value="sealed-state")
    assert len(find(html, "input", type="radio", name="used_strength")) == 5
    assert [own["value"] for own in find(html, "input", type="radio", name="used_strength") if "checked" in own] == [
        "every_week"
    ]
    assert find(html, "button", name="action", value="later")


def test_a_field_may_not_take_a_name_that_the_form_uses_itself() -> None:
    with pytest.raises(ValueError, match=r"'action'.*another id"):
        render(Ask("action", "text", "Hva gjør du?"))


def test_problems_stand_at_the_top_as_links_and_at_their_fields() -> None:
    html = render_card_page(WITH_PROBLEMS, SHELL)
    problems = [ask.id for ask in WITH_PROBLEMS.asks if ask.problem]
    textarea = find(html, "textarea", name="what")[0]

    assert [own["href"] for own in find(html, "a") if own["href"] != "#content"] == [
        f"#field-{one}" for one in problems
    ]
    assert html.index('class="problems"') < html.index("<h1>")
    assert "<title>Se over dette: " in html
    assert textarea["aria-invalid"] == "true"
    assert (textarea["aria-describedby"] or "").split() == [
        "field-what-hint",
        "field-what-limit",
        "field-what-problem",
    ]
    assert find(html, "fieldset", role="radiogroup", aria_invalid="true", aria_describedby="field-has_unused-problem")
    assert {own.get("aria-invalid") for own in find(html, "input", name="tasks")} == {"true"}
    assert "aria-invalid" not in find(html, "input", name="who_knows")[0]


def test_a_text_that_is_too_long_comes_back_whole() -> None:
    html = render_card_page(WITH_PROBLEMS, SHELL)

    assert TOO_LONG in html
    assert "maxlength" not in html


def test_a_text_that_begins_with_an_empty_line_keeps_it() -> None:
    html = render(Ask("a", "text", "Fortell", written=("\nførsteord",), rows=3))

    assert re.search(r"<textarea[^>]*>\n\nførsteord</textarea>", html)


def test_what_is_no_date_is_shown_again_and_not_dropped() -> None:
    ask = Ask("when", "date", "Når?", written=("4. mai",))

    assert find(render(ask), "input", name="when", type="text", value="4. mai")
    assert find(render(replace(ask, written=("2026-05-04",))), "input", name="when", type="date", value="2026-05-04")
    assert find(render(replace(ask, written=())), "input", name="when", type="date", value="")


def test_fields_are_marked_as_optional_only_beside_one_that_is_not() -> None:
    free, asked = Ask("a", "text", "Fritt"), Ask("b", "text", "Må med", required=True)

    assert "valgfritt" not in render(free, replace(free, id="c"))
    assert render(free, asked).count("valgfritt") == 1


def test_a_limit_is_told_in_the_way_of_the_language() -> None:
    ask = Ask("a", "text", "Fortell", max_length=1000)
    english = replace(SHELL, language="en", words={**SHELL.words, "at_most_characters": "At most {count} characters."})

    assert "Høyst 1\xa0000 tegn." in render(ask)
    assert "At most 1,000 characters." in render(ask, shell=english)


def test_what_people_wrote_finds_its_own_direction() -> None:
    html = render_card_page(THEME_SUGGESTION, SHELL)

    assert '<span dir="auto">العناية' in html
    assert '<blockquote><p dir="auto">' in html
