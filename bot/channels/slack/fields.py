"""A card's field as Slack's input: a block whose id is the field's, so that what comes back is a form."""

import re
from collections.abc import Iterable

from bot.cards import Ask, Choice
from bot.channels.slack.elements import LONGEST_LABEL, LONGEST_OPTION, Json, cut, note, option, paragraph, plain

MOST_SEEN = 10  # options that are seen at once; more are in a list that opens
MOST_LISTED = 100  # options of such a list; more are found while somebody writes
LONGEST_TEXT = 3_000
LONGEST_PLACEHOLDER = 150
NUMBER = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6})?")
DATE = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])")
ANSWER = "answer"  # the action id within each field's block


def make_field(ask: Ask, search: str, prefix: str = "") -> list[Json]:
    """The field, with what is to be mended and what is too long for an option beside it. `search` says what to do in
    one that is searched; `prefix` keeps the fields of several cards on one surface apart."""
    block: Json = {
        "type": "input",
        "block_id": prefix + ask.id,
        "label": plain(ask.label, LONGEST_LABEL),
        "optional": not ask.required,
        "element": _make_element(ask, search),
    }
    if ask.hint:
        block["hint"] = plain(ask.hint, LONGEST_LABEL)
    in_full = (
        [paragraph(f"{number}. {one.label}") for number, one in enumerate(ask.choices, 1)] if _is_long(ask) else []
    )
    return [*in_full, block, *([note(f"⚠ {ask.problem}")] if ask.problem else [])]


def make_options(choices: Iterable[Choice]) -> list[Json]:
    """What was found while somebody wrote in a field."""
    return [option(one.id, one.label) for one in choices][:MOST_LISTED]


def make_problems(asks: Iterable[Ask]) -> dict[str, str]:
    """What is to be mended, by the block it stands at."""
    return {ask.id: cut(ask.problem, LONGEST_LABEL) for ask in asks if ask.problem}


def _make_element(ask: Ask, search: str) -> Json:
    match ask.kind:
        case "choose" | "scale":
            return _choose(ask, "radio_buttons", "static_select")
        case "choose_several":
            return _search(ask, search) if ask.is_searched else _choose(ask, "checkboxes", "multi_static_select")
        case "number":
            element: Json = {"type": "number_input", "is_decimal_allowed": True}
            return _with_written(element, "initial_value", _if_it_is(ask, NUMBER))
        case "date":
            return _with_written({"type": "datepicker"}, "initial_date", _if_it_is(ask, DATE))
        case "text":
            most = min(ask.max_length or LONGEST_TEXT, LONGEST_TEXT)
            element = {"type": "plain_text_input", "multiline": ask.rows > 1, "max_length": most}
            return _with_written(element, "initial_value", "".join(ask.written[:1])[:most])


def _with_written(element: Json, key: str, written: str) -> Json:
    return {**element, "action_id": ANSWER, **({key: written} if written else {})}


def _if_it_is(ask: Ask, form: re.Pattern[str]) -> str:
    """What was written elsewhere, where Slack takes it: it refuses the whole modal for a number that is none."""
    written = "".join(ask.written[:1]).replace(",", ".")
    return written if form.fullmatch(written) else ""


def _choose(ask: Ask, seen: str, opened: str) -> Json:
    options = {one.id: option(one.id, _label(ask, number, one)) for number, one in enumerate(ask.choices, 1)}
    written = [options[one] for one in ask.written if one in options]
    kind = seen if len(options) <= MOST_SEEN else opened
    element: Json = {"type": kind, "action_id": ANSWER, "options": list(options.values())}
    if not written:
        return element
    if kind in ("radio_buttons", "static_select"):
        return {**element, "initial_option": written[0]}
    return {**element, "initial_options": written}


def _search(ask: Ask, search: str) -> Json:
    """A field in which one writes to find what to choose: what was chosen stands in it, all else Slack asks us for."""
    written = make_options(one for one in ask.choices if one.id in ask.written)
    element: Json = {"type": "multi_external_select", "action_id": ANSWER, "min_query_length": 0}
    element["placeholder"] = plain(search, LONGEST_PLACEHOLDER)
    return {**element, "initial_options": written} if written else element


def _is_long(ask: Ask) -> bool:
    """Whether an option would be cut; then all of them stand in full above, each with its number."""
    return not ask.is_searched and any(len(one.label) > LONGEST_OPTION for one in ask.choices)


def _label(ask: Ask, number: int, choice: Choice) -> str:
    return f"{number}. {choice.label}" if _is_long(ask) else choice.label
