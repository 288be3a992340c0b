"""The promise before each question: three short lines that begin with what they are about, and nothing left out."""

import pytest

from bot.cards import Card, as_text
from bot.channels.mail.html import as_html
from bot.pages.rendering import render_card_page
from bot.rounds.promises import make_promise, threshold_of
from bot.words import words_in
from flows.model import Flow, Kind
from flows.text import LANGUAGES
from tests.office import said, shipped, shipped_flows
from tests.sample_cards import SHELL

FLOWS = sorted(shipped_flows(), key=lambda flow: flow.name)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("flow", FLOWS, ids=[flow.name for flow in FLOWS])
def test_it_says_who_sees_what_for_and_how_long_and_all_of_what_the_flow_says(flow: Flow, language: str) -> None:
    sees, used, kept = make_promise(flow, words_in(language), "Grace Lie")

    assert said(f"promise.{flow.kind}", language) in sees.text
    assert used.text == f"{flow.purpose.to(language)} {flow.not_used_for.to(language)}"
    assert kept.text == said("promise.kept", language, count=flow.retention_months)
    if flow.why_confidential:
        assert flow.why_confidential.to(language) in sees.text
    if flow.kind.is_sealed:
        assert str(threshold_of(flow).respondents) in sees.text
    if flow.kind in (Kind.named, Kind.anonymous, Kind.confidential):
        assert "Grace Lie" in sees.text
    assert [one.begins for one in (sees, used, kept)] == [
        said(key, language) for key in ("promise.who", "promise.what_for", "promise.how_long")
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_whoever_sees_the_figures_is_named_the_safety_representative_too(language: str) -> None:
    sees, _, _ = make_promise(shipped("pulse"), words_in(language), "Grace Lie")

    for reader in ("representative", "safety", "superior"):
        assert said(f"promise.reader.{reader}", language) in sees.text


def test_where_a_representative_is_not_named_nor_is_the_safety_representative() -> None:
    sees, _, _ = make_promise(shipped("unused_competence"), words_in("nb"), "Grace Lie")

    assert "verneombud" not in sees.text


def test_what_a_line_begins_with_stands_out_on_the_page_and_in_a_mail_and_is_there_in_plain_text() -> None:
    card = Card("Pulsen", make_promise(shipped("pulse"), words_in("nb"), "Grace Lie"))

    for shown in (render_card_page(card, SHELL), as_html(card, [], "")):
        assert "<strong>Hvem ser det?</strong> Anonymt" in shown
    assert "Hvem ser det? Anonymt" in as_text(card)
