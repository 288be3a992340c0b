"""Every mistake in a flow file is told with file, line, place and remedy, so that its author can mend it."""

from pathlib import Path

import pytest

from flows.loading import parse_flow
from flows.model import Flow

HELPED = (Path(__file__).parent / "data" / "helped.yaml").read_text(encoding="utf-8")


def problems_in(content: str) -> list[str]:
    """What is told about `content`, in the order of its lines."""
    found = parse_flow("helped.yaml", content)
    assert not isinstance(found, Flow), "the flow was read without a problem"
    return [str(problem) for problem in found]


def with_(old: str, new: str) -> str:
    """The made-up flow with the first `old` in it replaced by `new`."""
    assert old in HELPED
    return HELPED.replace(old, new, 1)


# (what stands in the file, what is written instead, everything that is told)
MISTAKES = [
    (
        "          nn: Kvifor ikkje?\n",
        "",
        [
            "line 30: step why, field reason, label: the nynorsk text is missing; a flow has all three languages",
        ],
    ),
    (
        "nn: Hjelpte det?",
        'nn: ""',
        [
            "line 18: step month, field helped, label, nn: is empty; write the text, or leave the "
            "key out if it may be left out",
        ],
    ),
    (
        "nn: Hjelpte det?",
        "nn:",
        [
            "line 18: step month, field helped, label, nn: is empty; write the text, or leave the "
            "key out if it may be left out",
        ],
    ),
    (
        "nn: Hjelpte det?",
        "nn: 12",
        [
            "line 18: step month, field helped, label, nn: 12 is read as a number or as true or "
            "false; put it in quotes",
        ],
    ),
    (
        "title: {nb: Kurset, nn: Kurset, en: The course}",
        "title: Kurset",
        ["line 4: title: a text stands in three languages; write nb, nn and en below, indented"],
    ),
    (
        "en: Yes}",
        "en: Yes, se: Juo}",
        [
            "line 21: step month, field helped, option yes: 'se' is not known here; write one of: nb, nn, en, id",
        ],
    ),
    (
        "en: Yes}",
        f"en: {'Yes ' * 20}}}",
        [
            "line 21: step month, field helped, option yes: has 79 characters in en; at most 75 fit on a button",
        ],
    ),
    (
        "retention_months: 12",
        "retention_moths: 12",
        [
            "line 2: 'retention_months' is missing; add it",
            "line 10: 'retention_moths' is not known here; did you mean 'retention_months'?",
        ],
    ),
    (
        "        kind: text\n",
        "        kind: text\n        max_lenght: 200\n",
        ["line 30: step why, field reason: 'max_lenght' is not known here; did you mean 'max_length'?"],
    ),
    (
        "        kind: text\n",
        "        kind: text\n        options: []\n",
        [
            "line 30: step why, field reason: 'options' is not known here; write one of: id, "
            "label, hint, required, kind, max_length, rows",
        ],
    ),
    (
        "kind: anonymous",
        "kind: anonym",
        ["line 2: kind: 'anonym' cannot stand here; did you mean 'anonymous'?"],
    ),
    (
        "kind: anonymous",
        "kind: secret",
        [
            "line 2: kind: 'secret' cannot stand here; write one of: named, confidential, anonymous, contribution",
        ],
    ),
    (
        "kind: text",
        "kind: tekst",
        ["line 29: step why, field reason, kind: 'tekst' is no kind of field; did you mean 'text'?"],
    ),
    (
        "        kind: text\n",
        "",
        [
            "line 28: step why, field reason: the field has no 'kind'; write one of: choose, "
            "choose_several, scale, text, number, date, nearest",
        ],
    ),
    (
        "kind: text",
        "kind: scale\n        scale: frequenzy",
        [
            "line 30: step why, field reason, scale: no scale is known by the name 'frequenzy'; "
            "did you mean 'frequency'?",
        ],
    ),
    (
        "kind: text",
        "kind: scale",
        [
            "line 28: step why, field reason, scale: names no scale; write one of: frequency, application, barrier",
        ],
    ),
    (
        "kind: text",
        "kind: scale\n        scale: [frequency]",
        [
            "line 30: step why, field reason, scale: no scale is known by the name ['frequency']; "
            "did you mean 'frequency'?",
        ],
    ),
    (
        "kind: text",
        "kind: scale\n        scale: frequency\n        options: []",
        [
            "line 31: step why, field reason, options: belong to the scale; take them away, or "
            "write kind: choose for your own",
        ],
    ),
    (
        "field: helped",
        "field: reason",
        [
            "line 25: step why, when, field: 'reason' is not a choice on an earlier card; a "
            "condition looks back, to a field of the kind choose, choose_several or scale",
        ],
    ),
    (
        "is: [no]",
        "is: [not]",
        ["line 26: step why, when, is: 'not' is not an option of helped; did you mean 'no'?"],
    ),
    (
        "is: [no]",
        "is: no",
        [
            "line 26: step why, when, is: is a list, also where it has one part only; write [no], or lines with -",
        ],
    ),
    (
        "id: reason",
        "id: helped",
        [
            "line 28: step why, field helped, id: the id is used twice; give this field another",
            ("line 37: outcome, fields, reason: names the field 'reason', which no step has; write one of: helped"),
        ],
    ),
    (
        "id: why",
        "id: month",
        ["line 23: step month, id: the id is used twice; give each step its own"],
    ),
    (
        "id: yes,",
        "id: no,",
        [
            "line 14: step month, field helped: has the option 'no' twice; give each option an id of its own",
        ],
    ),
    (
        "id: why",
        "id: Hvorfor ikke",
        [
            "line 23: step Hvorfor ikke, id: 'Hvorfor ikke' is no id; an id begins with a small "
            "letter a-z and has only a-z, 0-9 and _",
        ],
    ),
    (
        "          - {id: no, nb: Nei, nn: Nei, en: No}\n",
        "",
        ["line 20: step month, field helped, options: has too few parts; write at least 2"],
    ),
    (
        "        kind: text\n",
        "        kind: nearest\n        of: reason\n        keep: {nb: Mitt, nn: Mitt, en: Mine}\n",
        [
            (
                "line 28: step why, field reason: shows what others wrote, and belongs to flows of "
                "the kind contribution; take it away"
            ),
            ("line 30: step why, field reason, of: 'reason' is not a text field on an earlier card; name one"),
        ],
    ),
    (
        "kind: anonymous",
        "kind: confidential",
        [
            "line 2: kind: is confidential without a reason; say why in why_confidential, or write anonymous",
        ],
    ),
    (
        "kind: anonymous",
        "kind: anonymous\nopen: true",
        [
            "line 3: open: lets anybody contribute by a poster, which only a contribution can; take it away, or write "
            "open: false",
        ],
    ),
    (
        "seen_by: [leader, representative]",
        "seen_by: []",
        ["line 3: seen_by: has too few parts; write at least 1"],
    ),
    (
        "seen_by: [leader, representative]",
        "seen_by: [leder]",
        ["line 3: seen_by 1: 'leder' cannot stand here; did you mean 'leader'?"],
    ),
    (
        "seen_by: [leader, representative]",
        "seen_by: leader",
        ["line 3: seen_by: is a list, also where it has one part only; write [leader], or lines with -"],
    ),
    (
        "remind_after_days: [7]",
        "remind_after_days: [-1]",
        ["line 9: remind_after_days 1: -1 is outside the bounds; write a number of at least 1"],
    ),
    (
        "remind_after_days: [7]",
        "remind_after_days: [11]",
        [
            "line 9: remind_after_days: a reminder comes before the deadline; write days below 11 (deadline_days)",
        ],
    ),
    (
        "remind_after_days: [7]",
        "remind_after_days: [2, 4, 6]",
        ["line 9: remind_after_days: has too many parts; write at most 2"],
    ),
    (
        "retention_months: 12",
        "retention_months: -12",
        ["line 10: retention_months: -12 is outside the bounds; write a number of at least 1"],
    ),
    (
        "retention_months: 12",
        "retention_months: 12 months",
        ["line 10: retention_months: '12 months' is no whole number; write one, without quotes or unit"],
    ),
    (
        "retention_months: 12",
        "retention_months: 12\nminutes: -1",
        ["line 11: minutes: -1 is outside the bounds; write a number above 0"],
    ),
    (
        "retention_months: 12",
        "retention_months: 12\nminutes: 1,5",
        ["line 11: minutes: '1,5' is no number; write one, such as 1.5"],
    ),
    (
        "retention_months: 12",
        "retention_months: 12\naudience: {units: all}",
        [
            'line 11: audience, units: write top (one run for all), or a list of units such as ["Solvik / Helse"]',
        ],
    ),
    (
        "retention_months: 12",
        "retention_months: 12\nname: pulse",
        ["line 11: name: the name of the file is the name of the flow; take this key away"],
    ),
    (
        "kind: text",
        "kind: number\n        least: 5\n        most: -5",
        ["line 28: step why, field reason: least (5) is not below most (-5); mend one of them"],
    ),
    (
        "    reason: reason",
        "    reason: raeson",
        [
            "line 37: outcome, fields, reason: names the field 'raeson', which no step has; did you mean 'reason'?",
        ],
    ),
    (
        "  kind: reactions\n",
        "",
        ["line 34: outcome: 'kind' is missing; add it"],
    ),
]


@pytest.mark.parametrize(("old", "new", "told"), MISTAKES, ids=[repr(new)[:50] for _, new, _ in MISTAKES])
def test_a_mistake_is_told_with_its_line_and_what_to_do(old: str, new: str, told: list[str]) -> None:
    assert problems_in(with_(old, new)) == [f"helped.yaml, {one}" for one in told]


def test_too_many_fields_on_a_card_are_told_at_the_card() -> None:
    more = "".join(f"      - {{id: more{i}, kind: date, label: {{nb: Når, nn: Når, en: When}}}}\n" for i in range(5))

    told = problems_in(with_("outcome:\n", f"{more}outcome:\n"))

    assert told == ["helped.yaml, line 27: step why, fields: has too many parts; write at most 5"]


def test_too_many_questions_in_a_run_are_told_with_their_number() -> None:
    more = "".join(f"      - {{id: more{i}, kind: date, label: {{nb: Når, nn: Når, en: When}}}}\n" for i in range(4))

    (told,) = problems_in(with_("outcome:\n", f"{more}outcome:\n"))

    assert told.startswith("helped.yaml, line 11: steps: asks 6 questions in one run; ask at most 5")


def test_a_wrong_cron_is_told_with_the_line_of_the_cron() -> None:
    for wrong in ("0 9 * *", "61 9 * * mon", "every monday", "0 9 31 2 *"):
        (told,) = problems_in(with_("0 9 * * mon#2", wrong))
        assert told.startswith("helped.yaml, line 8: schedule, cron: "), told
        assert wrong in told


def test_a_schedule_that_says_two_things_is_told() -> None:
    (told,) = problems_in(with_("schedule:\n", "schedule:\n  on_demand: true\n"))

    assert told.startswith("helped.yaml, line 7: schedule: ")
    assert "exactly one" in told


def test_all_mistakes_in_a_file_are_told_at_once_from_top_to_bottom() -> None:
    content = HELPED.replace("kind: anonymous", "kind: anonym").replace("nn: Hjelpte det?\n", "\n")
    content = content.replace("kind: text", "kind: text\n        max_length: -1")

    told = problems_in(content)

    assert [one.split(":")[0] for one in told] == [
        "helped.yaml, line 2",
        "helped.yaml, line 16",
        "helped.yaml, line 30",
    ]


def test_a_promise_and_a_condition_that_do_not_hold_are_told_together() -> None:
    content = HELPED.replace("seen_by: [leader, representative]", "seen_by: [unit]").replace("is: [no]", "is: [x]")

    assert [one.split(": ")[1] for one in problems_in(content)] == ["seen_by", "step why, when, is"]
