"""Reading what came back for a field: text made clean, and nothing stored that was not offered."""

import re
import unicodedata
from datetime import date

from flows.fields import (
    AnyField,
    ChooseSeveral,
    DateField,
    Nearest,
    NumberField,
    TextField,
    Value,
    WithOptions,
)


class Unreadable(ValueError):
    """What came back cannot be stored. `key` names a sentence of the catalogue, `with_words` fills it."""

    def __init__(self, key: str, **with_words: object) -> None:
        super().__init__(key)
        self.key = key
        self.with_words = with_words


def read_value(field: AnyField, raw: list[str]) -> Value | None:
    """What was filled in, as it is stored, or None where nothing was. Raises Unreadable.

    Options nobody offered are refused: they come from an old or a forged form. Several choices come in the
    order of the options, because the order of a person's taps is nobody's business.
    """
    given = [text for text in (clean(item) for item in raw) if text]
    if not given:
        if field.required:
            raise Unreadable("problem.required")
        return None
    match field:
        case ChooseSeveral():
            chosen = {_find_option(field, one) for one in given}
            return [one for one in field.option_ids if one in chosen]
        case WithOptions():
            return _find_option(field, given[0])
        case NumberField():
            return _read_number(field, given[0])
        case DateField():
            return _read_date(given[0])
        case Nearest():
            return _read_theme(given[0])
        case TextField():
            return _read_text(field, given[0])


# Marks that turn the direction of what stands after them on a page; the joiners and the left-to-right and
# right-to-left marks, which emoji and several scripts need, stay.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def clean(text: str) -> str:
    """Text as it is stored: one normal form, line breaks as the only control characters, nothing that turns
    the direction of the page; empty where nothing in it can be seen."""
    lines = "\n".join(text.replace("\t", " ").splitlines())
    kept = "".join(sign for sign in lines if sign == "\n" or _may_stand(sign))
    seen = unicodedata.normalize("NFC", kept).strip()
    return seen if any(unicodedata.category(sign)[0] not in "CZ" or _is_new(sign) for sign in seen) else ""


def _may_stand(sign: str) -> bool:
    # Neither a control character nor half of a surrogate pair can be stored or shown everywhere.
    return unicodedata.category(sign) not in ("Cc", "Cs") and sign not in _TURNING


def _is_new(sign: str) -> bool:
    # An emoji younger than Python's table is "unassigned" to it, and all the answer to the one who wrote it.
    return unicodedata.category(sign) == "Cn"


def _find_option(field: WithOptions, given: str) -> str:
    if given not in field.option_ids:
        raise Unreadable("problem.unknown_option")
    return given


def _read_text(field: TextField, given: str) -> str:
    if len(given) > field.max_length:
        raise Unreadable("problem.too_long", length=len(given), most=field.max_length)
    return given


def _read_theme(given: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,40}", given):
        raise Unreadable("problem.unknown_option")
    return given


def _read_number(field: NumberField, given: str) -> float:
    # "1 000,5" with any of the spaces that keyboards put between thousands, and the typographic minus
    plain = "".join(given.split()).replace(",", ".").replace("\u2212", "-")
    if not re.fullmatch(r"[-+]?[0-9]{1,30}(\.[0-9]{1,30})?", plain):
        raise Unreadable("problem.not_a_number")
    number = float(plain)
    if not field.least <= number <= field.most:
        raise Unreadable("problem.number_outside", least=f"{field.least:g}", most=f"{field.most:g}")
    return number


def _read_date(given: str) -> str:
    try:
        return date.fromisoformat(given).isoformat()
    except ValueError:
        raise Unreadable("problem.not_a_date") from None
