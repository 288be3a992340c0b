"""A flow as a document: what holds together, and what its hashes say."""

import copy
import json
from typing import Any

import pytest
from pydantic import ValidationError

from flows.model import Flow, Kind
from flows.text import Text


def text(words: str) -> dict[str, str]:
    return {"nb": words, "nn": f"{words} (nn)", "en": f"{words} (en)"}


def document() -> dict[str, Any]:
    """A confidential flow with every part that can be written, made up."""
    return {
        "name": "course_reaction",
        "kind": "confidential",
        "title": text("Kurset"),
        "purpose": text("Svarene brukes til å gjøre kurset bedre."),
        "not_used_for": text("Svarene brukes ikke til lønn."),
        "why_confidential": text("Vi spør igjen etter 90 dager."),
        "seen_by": ["leader", "representative"],
        "audience": {"units": ["Solvik / Helse"], "people": "everyone"},
        "schedule": {"on": ["2027-01-12"], "time": "10:00"},
        "minutes": 1.5,
        "deadline_days": 10,
        "remind_after_days": [4, 8],
        "if_small": "skip",
        "if_over_budget": "wait",
        "near_health": True,
        "about_staff": True,
        "retention_months": 6,
        "steps": [
            {
                "id": "used",
                "say": text("Tenk på de siste 30 dagene."),
                "fields": [
                    {
                        "id": "application",
                        "kind": "choose",
                        "label": text("Har du brukt det?"),
                        "hint": text("Ingen vurderer deg ut fra svaret."),
                        "options": [
                            {"id": "yes", **text("Ja")},
                            {"id": "no", **text("Nei")},
                            {"id": "stopped", **text("Noe stoppet meg")},
                        ],
                        "headline": ["yes"],
                        "headline_label": text("har brukt det"),
                    },
                ],
            },
            {
                "id": "why",
                "when": {"field": "application", "is": ["no", "stopped"]},
                "fields": [
                    {"id": "what", "kind": "text", "label": text("Hva stoppet deg?"), "max_length": 200},
                ],
            },
        ],
        "outcome": {"kind": "reactions", "fields": {"application": "application"}},
    }


def changed(*path: str | int, to: Any) -> dict[str, Any]:
    """The document with the part at `path` replaced."""
    whole = document()
    here = whole
    for part in path[:-1]:
        here = here[part]  # type: ignore[index]
    here[path[-1]] = to  # type: ignore[index]
    return whole


def mistakes_in(flow: dict[str, Any]) -> list[str]:
    """The mistakes told, each after its place."""
    with pytest.raises(ValidationError) as caught:
        Flow.model_validate(flow)
    return [f"{'.'.join(str(part) for part in one['loc'])}: {one['msg']}" for one in caught.value.errors()]


def test_a_whole_flow_is_read() -> None:
    flow = Flow.model_validate(document())

    assert flow.kind is Kind.confidential
    assert [field.id for field in flow.fields] == ["application", "what"]
    assert flow.steps[1].when is not None
    assert flow.steps[1].when.is_ == ("no", "stopped")


def test_what_is_frozen_with_a_run_comes_back_as_the_same_flow() -> None:
    flow = Flow.model_validate(document())

    frozen = json.loads(json.dumps(flow.to_json()))

    assert Flow.model_validate(frozen) == flow
    assert Flow.model_validate(frozen).hash == flow.hash


def test_what_is_left_out_and_what_is_written_as_its_default_is_the_same_flow() -> None:
    left_out = document()
    del left_out["near_health"]

    assert Flow.model_validate(left_out).hash == Flow.model_validate(changed("near_health", to=False)).hash


@pytest.mark.parametrize(
    ("path", "to"),
    [
        (("retention_months",), 7),
        (("seen_by",), ["leader"]),
        (("purpose", "en"), "Other words."),
        (("steps", 0, "fields", 0, "options", 0, "nn"), "Jau"),
        (("steps", 1, "when", "is"), ["no"]),
        (("schedule", "time"), "10:30"),
    ],
)
def test_every_change_gives_a_new_hash(path: tuple[str | int, ...], to: Any) -> None:
    assert Flow.model_validate(changed(*path, to=to)).hash != Flow.model_validate(document()).hash


FIRST = ("steps", 0, "fields", 0)


@pytest.mark.parametrize(
    ("path", "to"),
    [
        ((*FIRST, "label", "nb"), "Har du fått brukt det?"),
        ((*FIRST, "label", "nn"), "Har du nytta det?"),
        ((*FIRST, "label", "en"), "Did you use it?"),
        ((*FIRST, "hint"), None),
        ((*FIRST, "hint", "en"), "Nobody judges you."),
        ((*FIRST, "options", 2, "en"), "Something was in the way"),
        ((*FIRST, "options", 2, "id"), "hindered"),
        ((*FIRST, "options"), [{"id": "yes", **text("Ja")}, {"id": "stopped", **text("Noe stoppet meg")}]),
        (("steps", 0, "say", "nb"), "Tenk på de siste 90 dagene."),
        (("steps", 0, "say"), None),
    ],
)
def test_a_changed_wording_starts_a_new_series(path: tuple[str | int, ...], to: Any) -> None:
    other = changed(*path, to=to)
    del other["steps"][1]["when"]  # it names options, which some of these changes take away
    other["outcome"]["fields"] = {}

    before = Flow.model_validate(document()).question_hash("application")

    assert Flow.model_validate(other).question_hash("application") != before


@pytest.mark.parametrize(
    ("path", "to"),
    [
        (("title", "nb"), "Et annet kurs"),
        (("minutes",), 2),
        (("deadline_days",), 20),
        (("retention_months",), 12),
        (("steps", 0, "id"), "month"),
        ((*FIRST, "required"), True),
        ((*FIRST, "headline"), ["yes", "stopped"]),
        ((*FIRST, "headline_label", "nb"), "brukte det"),
        (("steps", 1, "fields", 0, "label", "nb"), "Hva var i veien?"),
        (("steps", 1, "fields", 0, "max_length"), 300),
    ],
)
def test_a_change_that_people_do_not_read_in_the_question_goes_on_with_the_series(
    path: tuple[str | int, ...], to: Any
) -> None:
    before, after = Flow.model_validate(document()), Flow.model_validate(changed(*path, to=to))

    assert after != before
    assert after.question_hash("application") == before.question_hash("application")


def test_the_order_of_options_is_part_of_the_question() -> None:
    turned = changed(*FIRST, "options", to=list(reversed(document()["steps"][0]["fields"][0]["options"])))

    before = Flow.model_validate(document()).question_hash("application")

    assert Flow.model_validate(turned).question_hash("application") != before


def test_a_field_that_is_not_there_is_told_by_its_name() -> None:
    with pytest.raises(KeyError, match=r"the flow course_reaction has no field 'mood'"):
        Flow.model_validate(document()).question_hash("mood")


@pytest.mark.parametrize(
    ("path", "to", "told"),
    [
        (("why_confidential",), None, "kind: is confidential without a reason; say why"),
        (("seen_by",), ["leader", "unit"], "seen_by: 'unit' reads contributions"),
        (("kind",), "contribution", "seen_by: a contribution is read by the unit"),
        (("kind",), "named", "seen_by: a named answer is read by the leader alone"),
        (("remind_after_days",), [10], "remind_after_days: a reminder comes before the deadline"),
        (("remind_after_days",), [8, 4], "remind_after_days: the second reminder comes after the first"),
        (("remind_after_days",), [4, 4], "remind_after_days: the second reminder comes after the first"),
        (("steps", 1, "id"), "used", "steps.1.id: the id is used twice"),
        (("steps", 1, "fields", 0, "id"), "application", "steps.1.fields.0.id: the id is used twice"),
        (
            ("steps", 1, "when", "field"),
            "what",
            "steps.1.when.field: 'what' is not a choice on an earlier card",
        ),
        (("steps", 1, "when", "is"), ["never"], "steps.1.when.is: 'never' is not an option of application"),
        (("outcome", "fields"), {"text": "mood"}, "outcome.fields.text: names the field 'mood'"),
    ],
)
def test_what_contradicts_itself_is_told_where_it_stands(path: tuple[str | int, ...], to: Any, told: str) -> None:
    (mistake,) = mistakes_in(changed(*path, to=to))

    assert mistake.startswith(told)


def test_all_contradictions_are_told_at_once() -> None:
    flow = changed("why_confidential", to=None)
    flow["steps"][1]["id"] = "used"
    flow["outcome"]["fields"] = {"text": "mood"}

    assert [mistake.split(":")[0] for mistake in mistakes_in(flow)] == [
        "steps.1.id",
        "kind",
        "outcome.fields.text",
    ]


def test_two_fields_of_a_card_with_the_same_id_are_told() -> None:
    flow = document()
    flow["steps"][1]["fields"].append({"id": "what", "kind": "date", "label": text("Når?")})

    assert mistakes_in(flow) == ["steps.1.fields.1.id: the id is used twice; give this field another"]


def test_a_condition_on_the_same_card_looks_ahead_and_is_refused() -> None:
    flow = document()
    flow["steps"][0]["when"] = {"field": "application", "is": ["yes"]}

    assert mistakes_in(flow)[0].startswith("steps.0.when.field: 'application' is not a choice on an earlier card")


def test_a_sealed_run_asks_at_most_five_questions_and_a_named_one_may_ask_more() -> None:
    flow = document()
    flow["steps"] += [
        {"id": f"more{i}", "fields": [{"id": f"more{i}", "kind": "text", "label": text("Mer?")}]} for i in range(4)
    ]
    named = {**copy.deepcopy(flow), "kind": "named", "seen_by": ["leader"]}

    assert mistakes_in(flow) == ["steps: asks 6 questions in one run; ask at most 5, or people stop answering"]
    assert len(Flow.model_validate(named).fields) == 6


def test_nearest_themes_are_shown_in_contributions_only_and_alone_on_their_card() -> None:
    nearest = {
        "id": "near",
        "kind": "nearest",
        "of": "what",
        "label": text("Er det dette?"),
        "keep": text("Nei"),
    }
    anonymous = {**document(), "kind": "anonymous"}
    anonymous["steps"].append({"id": "compare", "fields": [nearest]})
    crowded = {**document(), "kind": "contribution", "seen_by": ["unit"]}
    crowded["steps"].append({"id": "compare", "fields": [nearest, {"id": "x", "kind": "date", "label": text("Når?")}]})
    same_card = {**document(), "kind": "contribution", "seen_by": ["unit"]}
    same_card["steps"][1]["fields"].append(nearest)
    of_a_choice = {**document(), "kind": "contribution", "seen_by": ["unit"]}
    of_a_choice["steps"].append({"id": "compare", "fields": [{**nearest, "of": "application"}]})

    assert mistakes_in(anonymous)[0].startswith("steps.2.fields.0: shows what others wrote")
    assert mistakes_in(crowded)[0].startswith("steps.2.fields.0: is alone on its card")
    assert mistakes_in(same_card)[0].startswith("steps.1.fields.1.of: 'what' is not a text field on an earlier card")
    assert mistakes_in(of_a_choice)[0].startswith("steps.2.fields.0.of: 'application' is not a text field")


def test_only_sealed_kinds_are_shown_through_the_gate() -> None:
    assert [kind.value for kind in Kind if kind.is_sealed] == ["confidential", "anonymous"]


def test_white_space_in_a_text_is_folded_so_that_a_file_may_wrap_its_lines() -> None:
    assert Text(nb="  Hei\n  du ", nn="Hei", en="Hi").nb == "Hei du"


def test_a_language_nobody_translated_gets_bokmål() -> None:
    words = Text(nb="Hei", nn="Hei du", en="Hi")

    assert [words.to(one) for one in ("nb", "nn", "en", "se", "")] == ["Hei", "Hei du", "Hi", "Hei", "Hei"]
