"""The steps of a flow, and what only all of them together show: ids used twice, a condition looking ahead."""

from collections.abc import Iterator
from typing import Literal, Self

from pydantic import Field, model_validator

from flows.fields import AnyField, Id, Nearest, Strict, TextField, WithOptions
from flows.mistakes import Mistake, Place, suggest
from flows.text import Text

# What a question after a course is about (the asking rules: four levels)
Level = Literal["reaction", "learning", "application", "benefit"]

NAMES_OF_EVERY_FORM = frozenset({"csrf", "state", "action"})


class Condition(Strict):
    """Shown only to those who chose one of `is_` in an earlier field."""

    field: Id
    is_: tuple[Id, ...] = Field(alias="is", min_length=1)


class Step(Strict):
    """One card: something said, and up to five fields. With a `level` it is asked only after courses that have it."""

    id: Id
    say: Text | None = None
    fields: tuple[AnyField, ...] = Field(default=(), max_length=5)
    when: Condition | None = None
    level: Level | None = None

    @model_validator(mode="after")
    def says_or_asks(self) -> Self:
        if self.say is None and not self.fields:
            raise ValueError("neither says nor asks anything; write 'say', 'fields' or both")
        return self


def find_mistakes_of_steps(steps: tuple[Step, ...]) -> Iterator[Mistake]:
    """What cannot hold in `steps`, with places seen from the flow. Steps look back only, so a flow ends."""
    ids: set[str] = set()
    earlier: dict[str, AnyField] = {}  # the fields of the cards before this one
    for i, step in enumerate(steps):
        if step.id in ids:
            yield ("steps", i, "id"), "the id is used twice; give each step its own"
        ids.add(step.id)
        yield from _mistakes_of_condition(("steps", i, "when"), step.when, earlier)
        here: dict[str, AnyField] = {}
        for j, field in enumerate(step.fields):
            place: Place = ("steps", i, "fields", j)
            if field.id in earlier or field.id in here:
                yield (*place, "id"), "the id is used twice; give this field another"
            if field.id in NAMES_OF_EVERY_FORM:
                yield (*place, "id"), f"{field.id!r} is a name that every form uses itself; give this field another"
            if isinstance(field, Nearest):
                yield from _mistakes_of_nearest(place, field, step, earlier)
            here[field.id] = field
        earlier |= here


def _mistakes_of_condition(
    place: Place, condition: Condition | None, earlier: dict[str, AnyField]
) -> Iterator[Mistake]:
    if condition is None:
        return
    field = earlier.get(condition.field)
    if not isinstance(field, WithOptions):
        yield (
            (*place, "field"),
            f"{condition.field!r} is not a choice on an earlier card; a condition looks back, to a field of "
            "the kind choose, choose_several or scale",
        )
        return
    for one in condition.is_:
        if one not in field.option_ids:
            yield (*place, "is"), f"{one!r} is not an option of {field.id}; {suggest(one, field.option_ids)}"


def _mistakes_of_nearest(place: Place, field: Nearest, step: Step, earlier: dict[str, AnyField]) -> Iterator[Mistake]:
    if not isinstance(earlier.get(field.of), TextField):
        yield (*place, "of"), f"{field.of!r} is not a text field on an earlier card; name one"
    if len(step.fields) > 1:
        yield (
            place,
            "is alone on its card, which is left out where nothing was written; move the other fields",
        )
