"""The demo's page: moving time, being somebody, and what is told beside it."""

from dataclasses import replace

from bot.pages.demo_rendering import DEMO_WORDS, group_by_reason, render_demo_page
from tests.reading_pages import find
from tests.sample_demo import ADA, DEMO


def test_the_demo_moves_time_for_the_chosen_person() -> None:
    html = render_demo_page(DEMO)

    assert [own["value"] for own in find(html, "button", name="action") if "lang" not in own] == [
        "to_next",
        "day",
        "week",
    ]
    assert find(html, "input", type="hidden", name="person", value=ADA.id)
    assert [own["src"] for own in find(html, "iframe")] == ["/home"]
    assert [own["href"] for own in find(html, "a", aria_current="true")] == [f"?person={ADA.id}#page"]


def test_the_demo_offers_everybody_by_unit() -> None:
    html = render_demo_page(DEMO)

    assert [own["label"] for own in find(html, "optgroup")] == [group.title for group in DEMO.by_unit]
    assert len(find(html, "option")) == sum(len(group.people) for group in DEMO.by_unit)


def test_the_demo_shows_no_frame_before_somebody_is_chosen() -> None:
    html = render_demo_page(replace(DEMO, chosen=None))

    assert not find(html, "iframe")
    assert DEMO.words["choose_somebody"] in html


def test_those_left_alone_are_told_by_reason_the_most_common_first() -> None:
    reasons = group_by_reason(tuple(reversed(DEMO.left_alone)))

    assert next(iter(reasons)) == "Har fri i dag"
    assert sum(len(people) for people in reasons.values()) == len(DEMO.left_alone)


def test_the_demo_uses_exactly_the_words_it_lists() -> None:
    assert set(DEMO.words) == set(DEMO_WORDS)
