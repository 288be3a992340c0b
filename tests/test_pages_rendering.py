"""The pages as HTML: what is on them, what is escaped, and what a strict policy lets through."""

import hashlib
import re
from dataclasses import replace
from itertools import pairwise

import pytest
from jinja2 import UndefinedError

from bot.cards import Ask, Bar, Button, Buttons, Card, Chart, Choice, Say
from bot.pages.rendering import (
    SHELL_WORDS,
    Shell,
    render_card_page,
    render_home_page,
    render_plain_page,
)
from bot.pages.styles import read_style, style_url
from tests.reading_pages import find, read_elements
from tests.sample_cards import (
    DIGEST,
    DOOR,
    HOME,
    NEAREST_AS_ITEMS,
    PULSE,
    SHELL,
    UNUSED_COMPETENCE,
)
from tests.sample_pages import PAGES


def render(*blocks: Say | Ask | Buttons | Chart, shell: Shell = SHELL) -> str:
    return render_card_page(Card("Et spørsmål", blocks), shell)


@pytest.fixture(params=PAGES)
def page(request: pytest.FixtureRequest) -> str:
    return PAGES[str(request.param)]()


def test_a_page_has_no_script_and_no_style_of_its_own(page: str) -> None:
    elements = read_elements(page)

    assert not {"script", "style", "img", "object", "base"} & {tag for tag, _ in elements}
    assert not [own for _, own in elements if "style" in own or any(name.startswith("on") for name in own)]


def test_a_page_takes_nothing_from_outside(page: str) -> None:
    addresses = [
        value or "" for _, own in read_elements(page) for key in ("src", "href", "action") if (value := own.get(key))
    ]

    assert style_url() in addresses
    assert not [one for one in addresses if not one.startswith(("/", "#", "?")) or one.startswith("//")]


def test_a_page_has_one_first_heading_and_skips_no_level(page: str) -> None:
    levels = [int(tag[1]) for tag, _ in read_elements(page) if re.fullmatch(r"h[1-6]", tag)]
    below_the_title = levels[levels.index(1) :]

    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(below_the_title))


def test_what_refers_to_an_element_finds_exactly_one(page: str) -> None:
    elements = read_elements(page)
    ids = [own["id"] for _, own in elements if "id" in own]
    referred = [
        one
        for _, own in elements
        for key in ("for", "form", "aria-labelledby", "aria-describedby")
        for one in (own.get(key) or "").split()
    ]
    referred += [(own["href"] or "")[1:] for tag, own in elements if tag == "a" and (own["href"] or "").startswith("#")]

    assert len(ids) == len(set(ids))
    assert set(referred) <= set(ids)


def test_each_form_that_is_sent_carries_its_csrf_word(page: str) -> None:
    posted = find(page, "form", method="post")

    assert posted
    assert len(find(page, "input", name="csrf", value="made-up-csrf")) == len(posted)


def test_what_somebody_wrote_is_text_and_never_markup() -> None:
    wrote = "<script>alert('&')</script>\"><b onclick='x'>"
    choice = Choice('1"><i>', wrote)
    html = render_card_page(
        Card(
            title=wrote,
            kicker=wrote,
            state=wrote,
            blocks=(
                *(Say(wrote, style) for style in ("plain", "note", "lead", "quote", "warning")),
                Ask("a", "text", wrote, hint=wrote, problem=wrote, written=(wrote,), rows=3),
                Ask("b", "text", wrote, written=(wrote,)),
                Ask("c", "choose", wrote, choices=(choice,), written=(choice.id,)),
                Chart(wrote, (Bar(wrote, wrote, 5, wrote),)),
                Buttons((Button(wrote, wrote), Button(wrote, url=f"/{wrote}"))),
            ),
        ),
        SHELL,
    )

    assert not {"script", "b", "i"} & {tag for tag, _ in read_elements(html)}
    assert find(html, "input", name="b", value=wrote)
    assert find(html, "input", name="c", value=choice.id, type="radio")
    assert find(html, "input", name="state", value=wrote)


def test_an_answer_page_with_its_stylesheet_stays_under_30_kilobytes() -> None:
    html = render_card_page(PULSE, SHELL)

    assert len(html.encode()) + len(read_style()) < 30_000


def test_the_stylesheet_is_named_after_its_content() -> None:
    assert hashlib.sha256(read_style()).hexdigest()[:16] in style_url()


def test_the_first_button_of_the_form_is_the_primary_one_so_that_enter_presses_it() -> None:
    first, second, *_ = find(render_card_page(UNUSED_COMPETENCE, SHELL), "button")

    assert (first["value"], first["tabindex"], first["aria-hidden"]) == ("answer", "-1", "true")
    assert second["value"] == "language:nb"


def test_a_language_button_sends_the_form_with_all_that_is_filled_in() -> None:
    html = render_card_page(PULSE, SHELL)

    assert [own["value"] for own in find(html, "button", form="form", lang="nn")] == ["language:nn"]
    assert [own["lang"] for own in find(html, "button", aria_current="true")] == ["nb"]
    assert find(html, "form", id="form", method="post")


def test_there_is_no_language_switch_where_there_is_one_language() -> None:
    html = render_plain_page("Borte", [], replace(SHELL, languages=(("nb", "Bokmål", True),)))

    assert "language:" not in html


def test_a_card_in_another_language_than_the_page_says_so() -> None:
    html = render_card_page(replace(PULSE, language="en"), SHELL)

    assert find(html, "html", lang="nb")
    assert find(html, "form", lang="en")


def test_a_button_with_an_address_is_a_link() -> None:
    html = render(Buttons((Button("Svar", url="/answer/1", style="primary"),)))

    assert [own["class"] for own in find(html, "a", href="/answer/1")] == ["button primary"]


def test_decisions_stand_with_their_buttons_and_each_button_says_what_it_decides() -> None:
    html = render_card_page(NEAREST_AS_ITEMS, SHELL)
    supported = [own.get("aria-describedby") for own in find(html, "button") if "support" in (own.get("value") or "")]

    assert len(find(html, "div", **{"class": "item"})) == 3
    assert len(set(supported) - {None}) == 3


def test_a_single_pair_of_text_and_buttons_is_no_decision() -> None:
    assert not find(render(Say("Åpent til fredag."), Buttons((Button("Svar", "open"),))), "div", **{"class": "item"})


def test_each_figure_is_in_text_and_the_drawing_is_not_read_aloud() -> None:
    html = render_card_page(DIGEST, SHELL)

    assert '<span class="figure">50 %</span> <span class="before">sist 50 %</span>' in html
    assert len(find(html, "rect", **{"class": "fill", "width": "70%"})) == 1
    assert len(find(html, "dd", aria_hidden="true")) == 5


def test_several_rounds_are_columns_with_the_newest_last_and_all_figures_in_text() -> None:
    html = render(Chart("", (Bar("brukte det", "70 %", 70, "før: 40 %, 50 %", (40, 50)),)))

    columns = [own for own in find(html, "rect") if own["class"] != "track"]
    assert [(own["class"], own["height"]) for own in columns] == [
        ("faint", "16.0"),
        ("faint", "20.0"),
        ("fill", "28.0"),
    ]
    assert '<span class="before">før: 40 %, 50 %</span>' in html


def test_a_bar_is_never_drawn_outside_its_frame() -> None:
    html = render(Chart("", (Bar("mer enn alle", "120 %", 120), Bar("ingen", "0 %", 0))))

    assert [own["width"] for own in find(html, "rect", **{"class": "fill"})] == ["100%", "0%"]


def test_sections_stand_under_their_headings_and_what_is_folded_is_folded_away() -> None:
    html = render_home_page(HOME, SHELL)
    before, after = html.split("<details", 1)

    assert [title for title in ("Venter på deg", "Meldinger til deg") if f">{title}</h2>" in before]
    assert before.count("<article") == 4
    assert "<summary><h2>Eldre meldinger (2)</h2></summary>" in after
    assert after.split("</details>")[0].count("<article") == 2
    assert "Ikke spør meg" in after.rsplit("</details>")[-1]


def test_messages_do_not_share_state_or_ids() -> None:
    ask = Ask("a", "text", "Fritt")
    cards = [Card(f"Kort {n}", (ask,), state=f"state-{n}", section="Meldinger") for n in (1, 2)]
    html = render_home_page([Card("Hei"), *cards], SHELL)
    first, second = html.split("<article")[2:]

    assert 'value="state-1"' in first
    assert 'value="state-2"' in second
    assert find(first, "label", **{"for": "section-1-1-field-a"})
    assert find(second, "input", id="section-1-2-field-a", name="a")


def test_an_own_page_may_have_its_greeting_alone() -> None:
    html = render_home_page([Card("Hei, Ada!")], SHELL)

    assert "Hei, Ada!</h1>" in html
    assert "<h2" not in html


def test_the_frame_uses_exactly_the_words_it_lists() -> None:
    assert set(SHELL.words) == set(SHELL_WORDS)


@pytest.mark.parametrize("word", SHELL_WORDS)
def test_a_word_nobody_gave_is_an_error_and_not_a_gap(word: str) -> None:
    shell = replace(SHELL, words={key: text for key, text in SHELL.words.items() if key != word})
    needy = Card("Alt", (Ask("a", "text", "A", max_length=5, problem="x"), Ask("b", "text", "B", required=True)))

    with pytest.raises(UndefinedError, match=word):
        _ = render_card_page(needy, shell) + render_home_page([DOOR] * 6, shell)
