"""The preview of a flow: every card as people will see it, and who gets to see what."""

import pytest
from click.testing import CliRunner

from bot.commands.flow import flow as flow_commands
from bot.rounds.preview import preview
from bot.words import words_in
from flows.fields import Nearest, WithOptions
from flows.model import Flow
from flows.text import LANGUAGES
from tests.office import said, shipped, shipped_flows

EVERY_FLOW = pytest.mark.parametrize("flow", shipped_flows(), ids=lambda flow: flow.name)
EVERY_LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)


def shown(flow: Flow, language: str = "nb") -> str:
    return preview(flow, words_in(language)).replace("\N{NO-BREAK SPACE}", " ")


@EVERY_FLOW
@EVERY_LANGUAGE
def test_every_question_hint_and_option_stands_there_in_the_language_asked_for(flow: Flow, language: str) -> None:
    text = shown(flow, language)

    for field in flow.fields:
        assert field.label.to(language) in text
        if field.hint:
            assert field.hint.to(language) in text
        if isinstance(field, WithOptions):
            assert all(option.to(language) in text for option in field.options)
        if isinstance(field, Nearest):
            assert field.keep.to(language) in text


@EVERY_FLOW
@EVERY_LANGUAGE
def test_the_promise_stands_there_once_and_first(flow: Flow, language: str) -> None:
    text = shown(flow, language)

    assert text.count(flow.purpose.to(language)) == 1
    assert text.index(flow.not_used_for.to(language)) < text.index(flow.fields[0].label.to(language))


def test_a_card_with_a_condition_says_for_whom_it_is() -> None:
    text = shown(shipped("unused_competence"))

    question = "Kan du noe nyttig som du sjelden får bruke?"
    assert said("preview.condition", question=question, chosen="Ja") in text
    assert text.count("bare til dem") == 1


def test_cards_are_numbered_and_only_the_last_one_sends() -> None:
    text = shown(shipped("unused_competence"))

    places = [text.index(said("preview.card", number=number, total=3)) for number in (1, 2, 3)]
    assert places == sorted(places)
    assert text.count(f"[{said('answer.next')}]") == 2
    assert text.count(f"[{said('answer.send')}]") == 1


def test_of_sealed_answers_it_says_from_how_many_on_figures_are_shown() -> None:
    pulse, near_health = shown(shipped("pulse")), shown(shipped("pulse", near_health=True))

    assert said("preview.least", invited=10, respondents=5) in pulse
    assert said("preview.least", invited=10, respondents=6) in near_health
    assert said("preview.figures.representative") in pulse
    assert said("preview.sees.leader") not in pulse


def test_of_named_answers_it_says_who_reads_them() -> None:
    text = shown(shipped("unused_competence"))

    assert said("preview.sees.leader") in text
    assert said("preview.nobody_else") in text
    assert "10" not in text.partition(said("preview.readers"))[2]


def test_the_command_shows_it_and_names_the_flows_there_are_where_there_is_no_such_one() -> None:
    good = CliRunner().invoke(flow_commands, ["preview", "pulse", "--lang", "nn"])
    bad = CliRunner().invoke(flow_commands, ["preview", "puls"])

    assert good.exit_code == 0
    assert "Kor ofte lærte du noko du treng i jobben?" in good.output
    assert bad.exit_code == 1
    assert "There is no flow 'puls'" in bad.output
    assert "unused_competence" in bad.output
