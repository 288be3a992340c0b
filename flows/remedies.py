"""What a mistake in a flow file is told as: the place as its author knows it, and what to do about it."""

import re
import reprlib
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError

from flows.fields import FIELD_KINDS, Option
from flows.mistakes import Place, suggest
from flows.model import Audience, Condition, Flow, Outcome, Series, Step
from flows.schedule import Schedule
from flows.text import Text
from flows.yaml_file import Document, Problem

_SINGULAR = {"steps": "step", "fields": "field", "options": "option"}
_LANGUAGE_NAMES = {"nb": "bokmål", "nn": "nynorsk", "en": "English"}
_PARTS: dict[str, type[BaseModel]] = {
    "": Flow,
    "steps": Step,
    "options": Option,
    "when": Condition,
    "audience": Audience,
    "schedule": Schedule,
    "outcome": Outcome,
    "series": Series,
}


def tell(
    file: str, document: Document, data: Any, error: ValidationError, parts: Mapping[str, type[BaseModel]] = _PARTS
) -> list[Problem]:
    """What pydantic found in `data`, as problems for the author of `document`, in the order of its lines. `parts`: the
    model for each key below which keys stand, and for the file itself under ""; those of a flow, if nothing is said."""
    errors = [(_place_of(one), one) for one in error.errors()]
    problems = [
        Problem(
            file,
            document.line_of(place),
            _name_place(data, place, one["type"]),
            _say_remedy(one, place, data, parts),
        )
        for place, one in errors
        # pydantic counts only the parts without a problem: those with one would be too few besides
        if not (one["type"] == "too_short" and any(_is_inside(other, place) for other, _ in errors))
    ]
    return sorted(problems, key=lambda one: one.line or 0)


def _is_inside(place: Place, around: Place) -> bool:
    return len(place) > len(around) and place[: len(around)] == around


def _name_place(data: Any, place: Place, kind: str) -> str:
    """The place as its author knows it: 'step month, field looked_forward, label'."""
    names: list[str] = []
    here = data
    # of a key that is missing or not known, the remedy has the name
    for part in place[:-1] if kind in ("missing", "extra_forbidden") else place:
        here = here[part] if _has(here, part) else None
        if isinstance(part, int) and names:
            own = here.get("id") if isinstance(here, dict) else None
            names[-1] = f"{_SINGULAR.get(names[-1], names[-1])} {own if isinstance(own, str) else part + 1}"
        else:
            names.append(str(part))
    return ", ".join(names)


def _place_of(error: Mapping[str, Any]) -> Place:
    loc: Place = error["loc"]
    # pydantic puts the kind of a field after its number, where nobody wrote it
    place = tuple(part for i, part in enumerate(loc) if not (i > 1 and loc[i - 2] == "fields" and part in FIELD_KINDS))
    return (*place, "kind") if error["type"] == "union_tag_invalid" else place


def _has(here: Any, part: str | int) -> bool:
    return (isinstance(here, dict) and part in here) or (
        isinstance(here, list) and isinstance(part, int) and part < len(here)
    )


def _say_remedy(error: Mapping[str, Any], place: Place, data: Any, parts: Mapping[str, type[BaseModel]]) -> str:
    kind, context, written = error["type"], error.get("ctx", {}), error.get("input")
    last = str(place[-1]) if place else ""
    if place == ("name",):
        return "the file's name is the flow's name; name it with only a-z, digits and _, as in pulse.yaml"
    match kind:
        case "missing" if last in _LANGUAGE_NAMES:
            return f"the {_LANGUAGE_NAMES[last]} text is missing; a flow has all three languages"
        case "missing":
            return f"{last!r} is missing; add it"
        case "extra_forbidden":
            return f"{last!r} is not known here; {suggest(last, _known_keys(place, data, parts))}"
        case "union_tag_invalid":
            return f"{_show(context['tag'])} is no kind of field; {suggest(context['tag'], FIELD_KINDS)}"
        case "union_tag_not_found":
            return f"the field has no 'kind'; write one of: {', '.join(FIELD_KINDS)}"
        case "literal_error" | "enum":
            allowed = re.findall(r"'([^']+)'", context["expected"])
            return f"{_show(written)} cannot stand here; {suggest(written, allowed)}"
        case "string_type" if written is None:
            return "is empty; write the text, or leave the key out if it may be left out"
        case "string_type" if isinstance(written, dict | list):
            return "is one text, and has several parts here; a text with a colon in it stands in quotes"
        case "string_type":
            return f"{_show(written)} is read as a number or as true or false; put it in quotes"
        case "string_pattern_mismatch":
            return f"{_show(written)} is no id; an id begins with a small letter a-z and has only a-z, 0-9 and _"
        case "tuple_type":
            example = written if isinstance(written, str | int) else "…"
            return f"is a list, also where it has one part only; write [{example}], or lines with -"
        case "dict_type" | "model_type" | "model_attributes_type":
            return _say_keys(context.get("class_name"), parts)
        case "too_short":
            return f"has too few parts; write at least {context['min_length']}"
        case "too_long":
            return f"has too many parts; write at most {context['max_length']}"
        case "greater_than" | "greater_than_equal" | "less_than" | "less_than_equal":
            return f"{_show(written)} is outside the bounds; write a number {_say_bound(kind, context)}"
        case "int_type" | "int_parsing" | "int_from_float":
            return f"{_show(written)} is no whole number; write one, without quotes or unit"
        case "float_type" | "float_parsing" | "finite_number":
            return f"{_show(written)} is no number; write one, such as 1.5"
        case "bool_type" | "bool_parsing":
            return f"{_show(written)} is neither true nor false; write one of them"
        case "invalid_key":
            return "a key is a word; put numbers in quotes, or look at the indentation"
    return str(error["msg"]).removeprefix("Value error, ")


def _show(written: Any) -> str:
    return str(written).lower() if isinstance(written, bool) else reprlib.repr(written)


def _say_bound(kind: str, context: Mapping[str, Any]) -> str:
    words = {
        "greater_than": ("gt", "above {}"),
        "greater_than_equal": ("ge", "of at least {}"),
        "less_than": ("lt", "below {}"),
        "less_than_equal": ("le", "of at most {}"),
    }
    key, sentence = words[kind]
    return sentence.format(f"{context[key]:g}")


def _say_keys(class_name: str | None, parts: Mapping[str, type[BaseModel]]) -> str:
    known: Sequence[type[BaseModel]] = [Text, *parts.values(), *FIELD_KINDS.values()]
    part = next((one for one in known if one.__name__ == class_name), None)
    if part is Text:
        return "a text stands in three languages; write nb, nn and en below, indented"
    keys = f" ({', '.join(_keys_of(part))})" if part else ""
    return f"is a group of keys; write them below, indented{keys}"


def _known_keys(place: Place, data: Any, parts: Mapping[str, type[BaseModel]]) -> list[str]:
    """The keys that may stand beside the last part of `place`."""
    around = [part for part in place[:-1] if isinstance(part, str)]
    if not around or around[-1] != "fields":
        return _keys_of(parts.get(around[-1] if around else "", Text))
    here = data
    for part in place[:-1]:
        here = here[part]
    return _keys_of(FIELD_KINDS[here["kind"]])


def _keys_of(part: type[BaseModel]) -> list[str]:
    # The loader gives a flow its name; no file has it.
    return [info.alias or name for name, info in part.model_fields.items() if (part, name) != (Flow, "name")]
