"""Mistakes in a flow that keep their place, so that all of them can be told at once, each with its line."""

import difflib
from collections.abc import Iterable, Sequence
from typing import NoReturn

from pydantic import ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

Place = tuple[str | int, ...]  # ("steps", 0, "fields", 2, "label"): keys, and numbers from 0
Mistake = tuple[Place, str]  # where, seen from the part that is validated, and what to do


def refuse(mistakes: Sequence[Mistake]) -> NoReturn:
    """Raise `mistakes` out of a validator. A ValueError would lose the places and tell only one; pydantic
    takes its own error in as it stands, and puts the place of what it validates before each."""
    raise ValidationError.from_exception_data(
        "Flow",
        [
            InitErrorDetails(type=PydanticCustomError("mistake", "{says}", {"says": says}), loc=place, input=None)
            for place, says in mistakes
        ],
    )


def suggest(written: object, known: Iterable[str]) -> str:
    """What may have been meant by `written`, or everything that could be."""
    names = list(known)
    near = difflib.get_close_matches(str(written), names, n=1)
    return f"did you mean {near[0]!r}?" if near else f"write one of: {', '.join(names)}"
