"""The engine, as transcripts: a flow, what is filled in, and which card comes next."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.engine import Mended, Progress, find_next, is_due, is_last, split_texts, take
from flows.fields import Nearest, WithOptions
from flows.model import Flow
from flows.values import Unreadable

Form = dict[str, list[str]]


def text(words: str) -> dict[str, str]:
    return {"nb": words, "nn": words, "en": words}


def field(field_id: str, kind: str, **more: Any) -> dict[str, Any]:
    return {"id": field_id, "kind": kind, "label": text(f"{field_id}?"), **more}


def options(*ids: str) -> list[dict[str, str]]:
    return [{"id": one, **text(one)} for one in ids]


def flow_of(*steps: dict[str, Any]) -> Flow:
    return Flow.model_validate(
        {
            "name": "made_up",
            "kind": "contribution",
            "title": text("Made up"),
            "purpose": text("The answers are used in a test."),
            "not_used_for": text("The answers are not used for anything else."),
            "seen_by": ["unit"],
            "schedule": {"on_demand": True},
            "retention_months": 1,
            "steps": list(steps),
            "outcome": {"kind": "themes"},
        }
    )


COMPETENCE = flow_of(
    {"id": "hello", "say": text("Two minutes.")},
    {"id": "more", "fields": [field("has_more", "choose", options=options("yes", "no", "unsure"))]},
    {"id": "tell", "when": {"field": "has_more", "is": ["yes"]}, "fields": [field("competence", "text")]},
    {"id": "wish", "fields": [field("tasks", "text")]},
)


def walk(flow: Flow, *forms: Form) -> tuple[list[str], Progress]:
    """The cards that come while `forms` are sent in, one after the other, and what was stored."""
    progress, cards = Progress(), []
    for form in forms:
        card = find_next(flow, progress)
        assert card is not None, "the flow ended before all forms were sent"
        cards.append(card.id)
        taken = take(flow, progress, form)
        assert isinstance(taken, Progress), f"{card.id} was not accepted: {taken}"
        progress = taken
    last = find_next(flow, progress)
    return [*cards, last.id if last else "end"], progress


def problem_of(flow: Flow, form: Form) -> Unreadable:
    """The one problem of the first card, filled in with `form`."""
    taken = take(flow, Progress(), form)
    assert isinstance(taken, Mended), f"accepted: {taken}"
    assert len(taken.problems) == 1
    return next(iter(taken.problems.values()))


def test_ada_says_yes_and_is_asked_what_it_is() -> None:
    cards, progress = walk(
        COMPETENCE, {}, {"has_more": ["yes"]}, {"competence": ["Polsk"]}, {"tasks": ["Å lære opp nye"]}
    )

    assert cards == ["hello", "more", "tell", "wish", "end"]
    assert progress.values == {"has_more": "yes", "competence": "Polsk", "tasks": "Å lære opp nye"}


@pytest.mark.parametrize("answer", [["no"], ["unsure"], []])
def test_ada_does_not_say_yes_and_is_not_asked_what_it_is(answer: list[str]) -> None:
    cards, progress = walk(COMPETENCE, {}, {"has_more": answer}, {})

    assert cards == ["hello", "more", "wish", "end"]
    assert progress.values == ({"has_more": answer[0]} if answer else {})


def test_nobody_has_to_answer_anything() -> None:
    cards, progress = walk(COMPETENCE, {}, {}, {})

    assert cards == ["hello", "more", "wish", "end"]
    assert progress.values == {}


def test_a_condition_on_several_choices_holds_when_one_of_them_was_chosen() -> None:
    flow = flow_of(
        {
            "id": "what",
            "fields": [field("barriers", "choose_several", options=options("time", "tools", "people"))],
        },
        {
            "id": "which",
            "when": {"field": "barriers", "is": ["tools", "people"]},
            "say": text("Who can help?"),
        },
    )

    assert walk(flow, {"barriers": ["time"]})[0] == ["what", "end"]
    assert walk(flow, {"barriers": ["time", "people"]})[0] == ["what", "which"]


def test_a_card_after_a_card_that_was_left_out_is_left_out_too() -> None:
    flow = flow_of(
        {"id": "first", "fields": [field("a", "choose", options=options("yes", "no"))]},
        {
            "id": "second",
            "when": {"field": "a", "is": ["yes"]},
            "fields": [field("b", "choose", options=options("yes", "no"))],
        },
        {"id": "third", "when": {"field": "b", "is": ["yes"]}, "say": text("Both.")},
    )

    assert walk(flow, {"a": ["no"]})[0] == ["first", "end"]
    assert walk(flow, {"a": ["yes"]}, {"b": ["yes"]})[0] == ["first", "second", "third"]


SUGGESTION = flow_of(
    {"id": "suggest", "fields": [field("suggestion", "text")]},
    {"id": "compare", "fields": [field("nearest", "nearest", of="suggestion", keep=text("No, save mine"))]},
)


def test_nothing_is_compared_where_nothing_was_written() -> None:
    assert walk(SUGGESTION, {"suggestion": ["  "]})[0] == ["suggest", "end"]
    assert walk(SUGGESTION, {"suggestion": ["Kveldsuro"]})[0] == ["suggest", "compare"]


def test_the_theme_that_is_supported_is_a_choice_and_the_suggestion_a_text() -> None:
    _, progress = walk(SUGGESTION, {"suggestion": ["Kveldsuro"]}, {"nearest": ["17"]})

    choices, texts = split_texts(SUGGESTION, progress.values)

    assert choices == {"nearest": "17"}
    assert texts == {"suggestion": "Kveldsuro"}


def test_a_forged_theme_is_refused_when_it_cannot_be_the_id_of_one() -> None:
    progress = Progress("suggest", {"suggestion": "Kveldsuro"})

    for forged in ("<b>", "1 OR 1=1", "x" * 41, "æ"):
        taken = take(SUGGESTION, progress, {"nearest": [forged]})
        assert isinstance(taken, Mended)
        assert taken.problems["nearest"].key == "problem.unknown_option"


def test_what_was_written_is_not_lost_when_another_field_must_be_mended() -> None:
    flow = flow_of({"id": "both", "fields": [field("note", "text"), field("people", "number", least=1, most=99)]})

    taken = take(flow, Progress(), {"note": ["Vi trenger et rom"], "people": ["mange"]})

    assert isinstance(taken, Mended)
    assert list(taken.problems) == ["people"]
    assert taken.problems["people"].key == "problem.not_a_number"
    assert taken.written == {"note": ["Vi trenger et rom"], "people": ["mange"]}


def test_a_card_that_must_be_mended_is_still_the_next_one() -> None:
    progress = Progress("hello")

    assert isinstance(take(COMPETENCE, progress, {"has_more": ["perhaps"]}), Mended)
    card = find_next(COMPETENCE, progress)

    assert card is not None
    assert card.id == "more"


def test_an_option_nobody_offered_is_refused() -> None:
    flow = flow_of({"id": "one", "fields": [field("a", "choose", options=options("yes", "no"))]})

    assert problem_of(flow, {"a": ["maybe"]}).key == "problem.unknown_option"


def test_one_unknown_option_among_known_ones_is_refused() -> None:
    flow = flow_of({"id": "one", "fields": [field("a", "choose_several", options=options("x", "y"))]})

    assert problem_of(flow, {"a": ["x", "z"]}).key == "problem.unknown_option"


def test_several_choices_do_not_tell_in_which_order_they_were_tapped() -> None:
    flow = flow_of({"id": "one", "fields": [field("a", "choose_several", options=options("x", "y", "z"))]})

    assert walk(flow, {"a": ["z", "x", "z"]})[1].values == {"a": ["x", "z"]}


def test_a_field_the_card_does_not_have_is_not_stored() -> None:
    _, progress = walk(COMPETENCE, {"competence": ["Polsk"], "mallory": ["was here"]})

    assert progress.values == {}


def test_a_required_field_left_open_is_told() -> None:
    flow = flow_of({"id": "one", "fields": [field("a", "text", required=True)]})

    for nothing in ([], [""], ["   \n"], ["\u200b\u2060"]):
        assert problem_of(flow, {"a": nothing}).key == "problem.required"


def test_ada_changes_her_yes_to_a_no_and_what_she_wrote_after_the_yes_is_taken_back() -> None:
    before = Progress(values={"has_more": "yes", "competence": "Polsk", "tasks": "Å lære opp nye"})
    progress = take(COMPETENCE, before, {})
    assert isinstance(progress, Progress)

    progress = take(COMPETENCE, progress, {"has_more": ["no"]})

    assert isinstance(progress, Progress)
    assert progress.values == {"has_more": "no", "tasks": "Å lære opp nye"}


def test_a_field_that_was_answered_before_and_is_emptied_now_is_taken_back() -> None:
    before = Progress("more", {"has_more": "yes", "competence": "Polsk"})

    progress = take(COMPETENCE, before, {"competence": [""]})

    assert progress == Progress("tell", {"has_more": "yes"})


def test_the_last_card_is_known_as_the_last_only_when_nothing_can_follow() -> None:
    hello, more, tell, wish = COMPETENCE.steps
    assert [is_last(COMPETENCE, one, {}) for one in (hello, more, tell, wish)] == [False, False, False, True]

    suggest, compare = SUGGESTION.steps
    assert not is_last(SUGGESTION, suggest, {})
    assert is_last(SUGGESTION, compare, {"suggestion": "Kveldsuro"})

    flow = flow_of(
        {"id": "first", "fields": [field("a", "choose", options=options("yes", "no"))]},
        {"id": "second", "say": text("Thanks.")},
        {"id": "third", "when": {"field": "a", "is": ["yes"]}, "say": text("Why?")},
    )
    first, second, _ = flow.steps
    assert not is_last(flow, first, {})
    assert is_last(flow, second, {"a": "no"})
    assert not is_last(flow, second, {"a": "yes"})


def test_a_form_sent_after_the_end_changes_nothing() -> None:
    progress = Progress("wish", {"has_more": "no"})

    assert take(COMPETENCE, progress, {"has_more": ["yes"], "tasks": ["more"]}) == progress


def test_progress_made_with_another_flow_is_refused_and_not_begun_anew() -> None:
    with pytest.raises(KeyError, match=r"made_up has no step 'month'; this progress was made with another flow"):
        find_next(COMPETENCE, Progress("month", {"a": "b"}))


def test_progress_travels_as_json_and_comes_back_the_same() -> None:
    progress = Progress("more", {"a": "b", "c": ["d", "e"], "f": 2.5})

    assert Progress.from_json(json.loads(json.dumps(progress.to_json()))) == progress
    assert Progress.from_json({}) == Progress()


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("12", 12),
        ("-3,5", -3.5),
        ("\u22123", -3),  # the typographic minus
        ("1 000", 1000),
        ("1\u00a0000,25", 1000.25),
        ("1\u202f000", 1000),
        ("+7", 7),
    ],
)
def test_a_number_is_read_as_norwegians_write_it(written: str, stored: float) -> None:
    flow = flow_of({"id": "one", "fields": [field("n", "number", least=-10)]})

    assert walk(flow, {"n": [written]})[1].values == {"n": stored}


@pytest.mark.parametrize("written", ["ti", "1_000", "nan", "inf", "1e3", "--1", "0x10", "1.2.3", "٣"])
def test_what_is_no_number_is_told(written: str) -> None:
    flow = flow_of({"id": "one", "fields": [field("n", "number")]})

    assert problem_of(flow, {"n": [written]}).key == "problem.not_a_number"


def test_a_number_outside_its_bounds_is_told_with_the_bounds() -> None:
    flow = flow_of({"id": "one", "fields": [field("n", "number", least=1, most=12)]})

    for outside in ("0", "-1", "13", "9" * 30):
        problem = problem_of(flow, {"n": [outside]})
        assert problem.key == "problem.number_outside"
        assert problem.with_words == {"least": "1", "most": "12"}
    assert walk(flow, {"n": ["1"]})[1].values == {"n": 1}
    assert walk(flow, {"n": ["12"]})[1].values == {"n": 12}


def test_a_date_is_stored_in_one_form_and_an_impossible_one_is_told() -> None:
    flow = flow_of({"id": "one", "fields": [field("d", "date")]})

    assert walk(flow, {"d": ["2027-01-04"]})[1].values == {"d": "2027-01-04"}
    for impossible in ("2027-02-29", "4. januar", "2027-13-01"):
        assert problem_of(flow, {"d": [impossible]}).key == "problem.not_a_date"


# What people write. `one` is a card with a single text field.

ONE_TEXT = flow_of({"id": "one", "fields": [field("a", "text", max_length=1_000)]})


def stored(written: str) -> str:
    values = walk(ONE_TEXT, {"a": [written]})[1].values
    return str(values.get("a", ""))


def test_ten_thousand_characters_are_told_as_too_many_and_kept_in_the_form() -> None:
    essay = "æ" * 10_000

    taken = take(ONE_TEXT, Progress(), {"a": [essay]})

    assert isinstance(taken, Mended)
    assert taken.problems["a"].key == "problem.too_long"
    assert taken.problems["a"].with_words == {"length": 10_000, "most": 1_000}
    assert taken.written["a"] == [essay]


def test_a_text_as_long_as_allowed_is_stored_whole() -> None:
    assert stored("x" * 1_000) == "x" * 1_000


@pytest.mark.parametrize(
    "emoji",
    [
        "👍🏽",
        "👩‍⚕️",
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "\U0001fae8",  # younger than some Pythons that run this
    ],
)
def test_an_emoji_is_stored_as_it_was_written(emoji: str) -> None:
    assert stored(f"Bra {emoji}!") == f"Bra {emoji}!"
    assert stored(emoji) == emoji


def test_text_from_right_to_left_is_stored_and_cannot_turn_the_rest_of_the_page() -> None:
    assert stored("سلام\u200f همکار") == "سلام\u200f همکار"
    assert stored("\u202eevil\u202c and \u2066more\u2069") == "evil and more"


def test_control_characters_go_and_line_breaks_stay() -> None:
    assert stored("a\x00b\x07c\x1b[31md\x7f") == "abc[31md"
    assert stored("en\r\nto\rtre\u2028fire\x0bfem") == "en\nto\ntre\nfire\nfem"
    assert stored("en\tto") == "en to"
    assert stored("\ud800halv") == "halv"


def test_the_same_letter_is_stored_in_one_way_however_it_was_typed() -> None:
    assert stored("a\u030a") == stored("\u00e5") == "\u00e5"
    assert stored("a\u0000\u030a") == "\u00e5"


@given(st.text(max_size=200))
def test_stored_text_can_be_stored_again_without_change(written: str) -> None:
    once = stored(written)

    assert stored(once) == once
    once.encode("utf-8")  # no half of a surrogate pair is left
    assert "\x00" not in once


# Random flows, and random people who fill them in.

IDS = st.sampled_from(["a", "b", "c", "d"])


@st.composite
def flows(draw: st.DrawFn) -> Flow:
    steps: list[dict[str, Any]] = []
    choices: dict[str, list[str]] = {}
    texts: list[str] = []
    for i in range(draw(st.integers(1, 6))):
        step: dict[str, Any] = {"id": f"step{i}", "say": text("Hei")}
        if draw(st.booleans()) and choices:
            name = draw(st.sampled_from(sorted(choices)))
            step["when"] = {
                "field": name,
                "is": draw(st.lists(st.sampled_from(choices[name]), min_size=1, unique=True)),
            }
        if texts and draw(st.integers(0, 3)) == 0:
            of = draw(st.sampled_from(texts))
            step["fields"] = [field(f"near{i}", "nearest", of=of, keep=text("Mine"))]
        else:
            here = [draw(fields(f"f{i}_{j}")) for j in range(draw(st.integers(0, 3)))]
            step["fields"] = here
            choices |= {one["id"]: [option["id"] for option in one["options"]] for one in here if "options" in one}
            texts += [one["id"] for one in here if one["kind"] == "text"]
        steps.append(step)
    return flow_of(*steps)


@st.composite
def fields(draw: st.DrawFn, field_id: str) -> dict[str, Any]:
    kind = draw(st.sampled_from(["choose", "choose_several", "scale", "text", "number", "date"]))
    required = draw(st.booleans())
    more: dict[str, Any] = {"required": required}
    if kind in ("choose", "choose_several", "scale"):
        more["options"] = options(*draw(st.lists(IDS, min_size=2, unique=True)))
    if kind == "scale":
        more["scale"] = "made_up"
    return field(field_id, kind, **more)


# Options, numbers, dates and whatever else people and machines send in
WRITTEN = st.one_of(IDS, st.text(max_size=20), st.integers().map(str), st.dates().map(str))
ACCEPTED = {"text": "Hei", "number": "5", "date": "2027-01-04", "nearest": "17"}


@given(flows(), st.data())
def test_every_flow_ends_and_moves_forward_only(flow: Flow, data: st.DataObject) -> None:
    order = [step.id for step in flow.steps]
    progress, seen = Progress(), list[str]()
    while (card := find_next(flow, progress)) is not None:
        assert is_due(card, progress.values)
        names = st.sampled_from([*(one.id for one in flow.fields), "unknown"])
        form = data.draw(st.dictionaries(names, st.lists(WRITTEN, max_size=3)))
        taken = take(flow, progress, form)
        if isinstance(taken, Mended):
            assert set(taken.problems) <= {one.id for one in card.fields}
            assert find_next(flow, progress) == card
            form = {
                one.id: [one.options[0].id if isinstance(one, WithOptions) else ACCEPTED[one.kind]]
                for one in card.fields
            }
            taken = take(flow, progress, form)
        assert isinstance(taken, Progress)
        assert taken.step == card.id
        assert Progress.from_json(json.loads(json.dumps(taken.to_json()))) == taken
        seen.append(card.id)
        progress = taken

    assert seen == [one for one in order if one in seen], "each card once, in the order of the file"
    for name, value in progress.values.items():
        step, one = flow.find_field(name)
        assert step.id in seen, "only cards that were shown leave values"
        if isinstance(one, WithOptions):
            assert set(value if isinstance(value, list) else [value]) <= set(one.option_ids)
        if isinstance(one, Nearest):
            assert one.of in progress.values
