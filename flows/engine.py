"""The engine: which card comes next, what came back on it, and when all is said. It moves forward only."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from flows.fields import Nearest, TextField, Value
from flows.model import Flow, Step
from flows.values import Unreadable, clean, read_value


@dataclass(frozen=True)
class Progress:
    """How far a person has come: the last card answered (None at the start), and the values by field."""

    step: str | None = None
    values: Mapping[str, Value] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {"step": self.step, "values": dict(self.values)}

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> "Progress":
        return cls(document.get("step"), dict(document.get("values", {})))


@dataclass(frozen=True)
class Mended:
    """A card to be shown again: the problems by field, and what was written, so that nothing is lost."""

    problems: Mapping[str, Unreadable]
    written: Mapping[str, list[str]]


def find_next(flow: Flow, progress: Progress) -> Step | None:
    """The first card after the last answered one that is due; None when all is said.

    KeyError where the progress names a step the flow does not have: it was made with another flow.
    """
    return next((step for step in _steps_after(flow, progress.step) if is_due(step, progress.values)), None)


def is_due(step: Step, values: Mapping[str, Value]) -> bool:
    """Whether the card is shown, given what was answered earlier: its condition holds, and where it shows
    what is nearest to a text, that text was written."""
    if any(isinstance(one, Nearest) and one.of not in values for one in step.fields):
        return False
    if step.when is None:
        return True
    given = values.get(step.when.field)
    chosen = given if isinstance(given, list) else [given]
    return any(one in step.when.is_ for one in chosen)


def is_last(flow: Flow, step: Step, values: Mapping[str, Value]) -> bool:
    """Whether nothing can come after this card, whatever is chosen on it."""
    here = {one.id for one in step.fields}
    return not any(is_due(one, values) or here & _waits_on(one) for one in _steps_after(flow, step.id))


def take(flow: Flow, progress: Progress, form: Mapping[str, list[str]]) -> Progress | Mended:
    """One card's form, read: the progress after it, or what must be mended. Fields the card does not have are
    not looked at."""
    step = find_next(flow, progress)
    if step is None:
        return progress
    values: dict[str, Value] = dict(progress.values)
    problems: dict[str, Unreadable] = {}
    for one in step.fields:
        try:
            value = read_value(one, form.get(one.id, []))
        except Unreadable as problem:
            problems[one.id] = problem
        else:
            values.pop(one.id, None)  # what was answered before and is left open now is taken back
            if value is not None:
                values[one.id] = value
    if problems:
        written = {one.id: [clean(item) for item in form.get(one.id, [])] for one in step.fields}
        return Mended(problems, written)
    return Progress(step.id, _drop_hidden(flow, _drop_stale(flow, progress.values, values)))


def go_back(flow: Flow, progress: Progress, form: Mapping[str, list[str]]) -> Progress:
    """To the card before the one whose form this is, with all that was written, here too as far as it can be read."""
    here = find_next(flow, progress)
    values = dict(progress.values)
    for one in here.fields if here else ():
        with suppress(Unreadable):
            value = read_value(one, form.get(one.id, []))
            if value is not None:
                values[one.id] = value
    return rewind(flow, Progress(progress.step, _drop_stale(flow, progress.values, values)), progress.step)


def rewind(flow: Flow, progress: Progress, step_id: str | None) -> Progress:
    """As far as it was when the card `step_id` was shown; what was answered later is kept. The start where the flow has
    no such card, or nobody with this progress has come to it."""
    following = find_next(flow, progress)
    before = None
    for step in flow.steps:
        if step.id == step_id:
            return Progress(before, progress.values)
        if step is following:
            break
        if is_due(step, progress.values):
            before = step.id
    return Progress(None, progress.values)


def _drop_stale(flow: Flow, before: Mapping[str, Value], values: dict[str, Value]) -> dict[str, Value]:
    """The values without what was near another text than the one that stands there now."""
    stale = {one.id for one in flow.fields if isinstance(one, Nearest) and values.get(one.of) != before.get(one.of)}
    return {name: value for name, value in values.items() if name not in stale}


def _drop_hidden(flow: Flow, values: Mapping[str, Value]) -> dict[str, Value]:
    """The values without those of cards that are not shown: whoever changes a yes to a no takes back what was
    written after the yes."""
    kept: dict[str, Value] = {}
    for step in flow.steps:
        if is_due(step, kept):
            kept |= {one.id: values[one.id] for one in step.fields if one.id in values}
    return kept


def _waits_on(step: Step) -> set[str]:
    """The earlier fields that decide whether the card is shown."""
    texts = {one.of for one in step.fields if isinstance(one, Nearest)}
    return texts | {step.when.field} if step.when else texts


def _steps_after(flow: Flow, step_id: str | None) -> tuple[Step, ...]:
    if step_id is None:
        return flow.steps
    for i, step in enumerate(flow.steps):
        if step.id == step_id:
            return flow.steps[i + 1 :]
    raise KeyError(f"the flow {flow.name} has no step {step_id!r}; this progress was made with another flow")


def split_texts(flow: Flow, values: Mapping[str, Value]) -> tuple[dict[str, Value], dict[str, str]]:
    """The choices, and the free texts apart from them."""
    texts = {one.id for step in flow.steps for one in step.fields if isinstance(one, TextField)}
    return (
        {key: value for key, value in values.items() if key not in texts},
        {key: str(value) for key, value in values.items() if key in texts},
    )
