"""A card's field as an Adaptive Card's input: its id is the field's, so that what comes back is a form, and the client
says at once what the server would say too."""

import re

from bot.cards import Ask, Choice
from bot.channels.teams.elements import Json, has_markup, note, paragraph, warning, without_markup

MOST_SEEN = 10  # options that are seen at once; more are in a list that opens
LONGEST_TEXT = 3_000
SEVERAL = "several:"  # before the id of a field of which several come back, parted by commas
NOT_BLANK = r"^[\s\S]*\S[\s\S]*$"
NUMBER = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6})?")
DATE = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])")


def make_field(ask: Ask, required: str) -> list[Json]:
    """The field, its hint, and what is to be mended; before it, in full, what cannot be said on an option. `required`
    is said where it is left empty and may not be."""
    made: Json = {"label": without_markup(ask.label), "isRequired": ask.required, **_make_input(ask)}
    if ask.required:
        made["errorMessage"] = required
    in_full = (
        [paragraph(f"{number}. {one.label}") for number, one in enumerate(ask.choices, 1)] if _is_apart(ask) else []
    )
    below = [*(note(ask.hint) if ask.hint else []), *(warning(ask.problem) if ask.problem else [])]
    return [*in_full, made, *({**one, "spacing": "small"} for one in below)]


def _make_input(ask: Ask) -> Json:
    written = "".join(ask.written[:1])
    match ask.kind:
        case "choose" | "scale" | "choose_several":
            return _choose(ask)
        case "number":
            bounds = {"min": ask.least, "max": ask.most}
            made: Json = {
                "type": "Input.Number",
                "id": ask.id,
                **{key: one for key, one in bounds.items() if one is not None},
            }
            number = written.replace(",", ".")
            return {**made, "value": float(number)} if NUMBER.fullmatch(number) else made
        case "date":
            made = {"type": "Input.Date", "id": ask.id}
            return {**made, "value": written} if DATE.fullmatch(written) else made
        case "text":
            most = min(ask.max_length or LONGEST_TEXT, LONGEST_TEXT)
            made = {"type": "Input.Text", "id": ask.id, "isMultiline": ask.rows > 1, "maxLength": most}
            if ask.required:
                made["regex"] = NOT_BLANK
            return {**made, "value": written[:most]} if written else made


def _choose(ask: Ask) -> Json:
    is_several = ask.kind == "choose_several"
    known = {one.id for one in ask.choices}
    written = [one for one in ask.written if one in known]
    made: Json = {
        "type": "Input.ChoiceSet",
        "id": f"{SEVERAL if is_several else ''}{ask.id}",
        "style": "expanded" if len(ask.choices) <= MOST_SEEN else "compact",
        "isMultiSelect": is_several,
        "wrap": True,
        "choices": [{"title": _label(ask, number, one), "value": one.id} for number, one in enumerate(ask.choices, 1)],
    }
    return {**made, "value": ",".join(written if is_several else written[:1])} if written else made


def _is_apart(ask: Ask) -> bool:
    """Whether an option could be read as markup; then all of them stand in full above, each with its number."""
    return any(has_markup(one.label) for one in ask.choices)


def _label(ask: Ask, number: int, choice: Choice) -> str:
    label = without_markup(choice.label) or "–"
    return f"{number}) {label}" if _is_apart(ask) else label
