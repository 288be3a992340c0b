"""The flows that come with Medvirk: they load, say the same in three languages and keep the asking rules."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest

from bot.cards import Say
from bot.conversations.question_cards import make_question_card
from bot.words import words_in
from flows.attention import Budget, decide_when
from flows.calendars import Calendar
from flows.fields import Choose, Nearest, Scale, TextField
from flows.loading import DEFINITIONS, load_flows, load_scales, read_flow
from flows.model import Flow, Kind
from flows.schedule import add_days, find_occurrences
from flows.text import LANGUAGES

NAMES = sorted(path.stem for path in DEFINITIONS.glob("*.yaml"))
OSLO = "Europe/Oslo"

BEGIN = datetime(2027, 1, 4, 7, tzinfo=UTC)  # a Monday, eight o'clock in Oslo


@cache
def flows() -> dict[str, Flow]:
    return load_flows()


@pytest.fixture(params=NAMES)
def flow(request: pytest.FixtureRequest) -> Flow:
    return flows()[str(request.param)]


def texts_in(part: Any) -> Iterator[dict[str, str]]:
    """Every text of a flow's JSON document, as its languages."""
    if isinstance(part, dict):
        if set(LANGUAGES) <= set(part):
            yield {language: part[language] for language in LANGUAGES}
        for inner in part.values():
            yield from texts_in(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from texts_in(inner)


def test_the_first_three_flows_are_there() -> None:
    assert {"theme_suggestion", "pulse", "unused_competence"} <= set(NAMES)


def test_reading_a_file_twice_gives_the_same_hash(flow: Flow) -> None:
    again = read_flow(DEFINITIONS / f"{flow.name}.yaml")

    assert isinstance(again, Flow)
    assert again.hash == flow.hash
    assert [again.question_hash(one.id) for one in again.fields] == [flow.question_hash(one.id) for one in flow.fields]


def test_a_flow_comes_back_whole_from_what_a_run_freezes(flow: Flow) -> None:
    assert Flow.model_validate(flow.to_json()) == flow


def test_no_two_questions_have_the_same_hash_but_those_that_rounds_after_a_course_ask_alike() -> None:
    named = {(one.id, flow.question_hash(one.id)) for flow in flows().values() for one in flow.fields}
    asked = [(flow.question_hash(one.id), flow.name) for flow in flows().values() for one in flow.fields]

    repeated = {name for name, hash_ in named if sum(one == hash_ for one, _ in asked) > 1}

    assert repeated == {"able", "used", "barrier"}
    assert len({hash_ for _, hash_ in named}) == len(named)


def test_a_text_ends_alike_in_all_languages(flow: Flow) -> None:
    for text in texts_in(flow.to_json()):
        ends = {re.sub(r"[^.?!:]", "", words[-1]) for words in text.values()}
        assert len(ends) == 1, text


def test_a_text_has_as_many_sentences_in_each_language(flow: Flow) -> None:
    for text in texts_in(flow.to_json()):
        assert len({len(re.findall(r"[.?!:](?: |$)", words)) for words in text.values()}) == 1, text


def test_a_language_is_about_as_long_as_another(flow: Flow) -> None:
    for text in texts_in(flow.to_json()):
        lengths = [len(words) for words in text.values()]
        assert max(lengths) <= 2 * min(lengths) + 20, text


# Words that give away that a text was left in the other form of Norwegian
ONLY_BOKMÅL = r"ikke|hva|hvor|hvilke|hvem|noe|dere|jeg|fra|mer|svarene|brukes|oppgaver|gjøre|uke|hver|løsning(er)?"
ONLY_NYNORSK = r"ikkje|kva|korleis|kvar|noko|frå|meir|svara|oppgåver|gjere|veke|løysing(ar)?|dagane|eit|ein|ei"


@pytest.mark.parametrize("name", [*NAMES, "scales"])
def test_each_form_of_norwegian_is_written_as_itself(name: str) -> None:
    scales = [one.model_dump() for scale in load_scales().values() for one in scale]
    part = scales if name == "scales" else flows()[name].to_json()

    for text in texts_in(part):
        assert not re.search(rf"\b({ONLY_BOKMÅL})\b", text["nn"], re.IGNORECASE), text["nn"]
        assert not re.search(rf"\b({ONLY_NYNORSK})\b", text["nb"], re.IGNORECASE), text["nb"]


def test_purpose_and_limits_are_whole_sentences_of_one_form(flow: Flow) -> None:
    forms = {
        "nb": (r"[A-ZÆØÅ]\w+ brukes til å .+\.", r"[A-ZÆØÅ]\w+ brukes ikke til .+\."),
        "nn": (r"[A-ZÆØÅ]\w+ blir brukte til å .+\.", r"[A-ZÆØÅ]\w+ blir ikkje brukte til .+\."),
        "en": (r"The \w+ are used to .+\.", r"The \w+ are not used for .+\."),
    }
    for language, (purpose, not_used_for) in forms.items():
        assert re.fullmatch(purpose, flow.purpose.to(language))
        assert re.fullmatch(not_used_for, flow.not_used_for.to(language))


def test_pay_downsizing_and_assessment_are_ruled_out(flow: Flow) -> None:
    assert re.search("lønn.*nedbemanning.*vurdering", flow.not_used_for.nb)
    assert re.search("løn,.*nedbemanning.*vurdering", flow.not_used_for.nn)
    assert re.search("pay.*job cuts.*judging", flow.not_used_for.en)


def test_no_text_repeats_the_promise_that_medvirk_makes_itself(flow: Flow) -> None:
    for step in flow.steps:
        for text in texts_in([step.say.model_dump()] if step.say else []):
            assert not re.search(
                "anonym|navn|namn|name|lønn|løn |pay|leder|leiar", text["nb"] + text["nn"] + text["en"]
            )


def test_beside_every_free_text_stands_whom_not_to_write_about(flow: Flow) -> None:
    for language in LANGUAGES:
        words = words_in(language)
        for step in flow.steps:
            card = make_question_card(flow, step, words, leader="Grace", is_first=False, is_last=False)
            says_it = words("promise.text_warning") in [block.text for block in card.blocks if isinstance(block, Say)]
            assert says_it == any(isinstance(field, TextField) for field in step.fields)


def test_a_run_has_at_most_five_questions_with_free_text_last(flow: Flow) -> None:
    kinds = [type(field) for field in flow.fields if not isinstance(field, Nearest)]

    assert len(kinds) <= 5
    assert kinds == sorted(kinds, key=lambda kind: kind is TextField)


def test_a_person_is_not_asked_to_agree_on_numbers(flow: Flow) -> None:
    for field in flow.fields:
        if isinstance(field, Choose | Scale):
            assert not any(re.search(r"\d|\benig\b|\bagree\b", one.nb + one.en) for one in field.options)


def test_every_part_of_an_outcome_has_its_field() -> None:
    assert flows()["theme_suggestion"].outcome.model_dump() == {
        "kind": "themes",
        "fields": {"suggestion": "suggestion", "nearest": "nearest"},
    }
    assert flows()["pulse"].outcome.model_dump() == {"kind": "indicators", "fields": {}}
    assert flows()["unused_competence"].outcome.model_dump() == {
        "kind": "competences",
        "fields": {"has_more": "has_more", "competence": "competence", "tasks": "tasks"},
    }


def test_the_promises_are_kept_as_they_were_agreed() -> None:
    kinds = {name: (flows()[name].kind, flows()[name].seen_by) for name in NAMES}

    assert kinds["theme_suggestion"] == (Kind.contribution, ("unit",))
    assert kinds["pulse"] == (Kind.anonymous, ("leader", "representative", "superior"))
    assert kinds["unused_competence"] == (Kind.named, ("leader",))


def test_the_pulse_counts_at_least_weekly_in_four_questions() -> None:
    fields = flows()["pulse"].fields

    assert len(fields) == 4
    for field in fields:
        assert isinstance(field, Scale)
        assert field.options == load_scales()["frequency"]
        assert field.headline == ("every_shift", "weekly")
        assert field.headline_label is not None


def test_the_competence_is_asked_for_only_after_a_yes() -> None:
    more, tell, wish = flows()["unused_competence"].steps

    assert more.when is None
    assert tell.when is not None
    assert (tell.when.field, tell.when.is_) == ("has_more", ("yes",))
    assert wish.when is None


def test_in_eight_weeks_there_are_two_rounds_of_themes_and_pulse_and_one_of_competence() -> None:
    until = BEGIN + timedelta(weeks=8)

    days = {
        name: [one.local_date.isoformat() for one in find_occurrences(flows()[name].schedule, OSLO, BEGIN, until)]
        for name in ("theme_suggestion", "pulse", "unused_competence")
    }

    assert days == {
        "theme_suggestion": ["2027-01-04", "2027-02-01"],
        "pulse": ["2027-01-11", "2027-02-08"],
        "unused_competence": ["2027-01-20"],
    }


def test_ada_is_asked_in_every_round_without_being_asked_too_much() -> None:
    """The first three flows for half a year, within the attention that all flows share."""
    rounds = sorted(
        (one.at, name)
        for name in ("theme_suggestion", "pulse", "unused_competence")
        for one in find_occurrences(flows()[name].schedule, OSLO, BEGIN, BEGIN + timedelta(weeks=25))
    )
    asked: list[tuple[datetime, float]] = []
    for at, name in rounds:
        flow = flows()[name]
        deadline = add_days(at, flow.deadline_days, OSLO)
        moment = decide_when(at, deadline, Calendar(OSLO), tuple(asked), Budget(), flow.minutes, flow.if_over_budget)
        assert isinstance(moment, datetime), f"{name} on {at:%d.%m.} was left out: {moment}"
        asked.append((moment, flow.minutes))

    assert len(asked) == len(rounds) == 13
