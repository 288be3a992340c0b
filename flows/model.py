"""A flow: what is asked, of whom, when, for what, and who may see it; as data, in all languages."""

import hashlib
import json
from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from flows.fields import AnyField, Id, Nearest, Strict, WithOptions
from flows.mistakes import Mistake, refuse, suggest
from flows.schedule import Schedule
from flows.steps import Condition, Step, find_mistakes_of_steps
from flows.text import Text

__all__ = ["Audience", "Condition", "Flow", "Kind", "Outcome", "Reader", "Series", "Step", "digest_of"]

COURSE = "{course}"  # in a title, where the name of the course is to stand

MOST_QUESTIONS = 5  # in a run whose answers become figures (the asking rules: wording)


class Kind(StrEnum):
    """How answers are kept (trust rules): what is promised to the person, and what the code then does."""

    named = "named"
    confidential = "confidential"
    anonymous = "anonymous"
    contribution = "contribution"

    @property
    def is_sealed(self) -> bool:
        """Sealed until close and shown only through the gate."""
        return self in (Kind.confidential, Kind.anonymous)


Reader = Literal["leader", "representative", "superior", "unit", "group"]
Priority = Literal["high", "normal", "low"]  # in the order in which they go


class Audience(Strict):
    """Which units get a run of their own, and who there is asked.

    `within`: paths of units and groups; where there are some, only those are asked who belong to one of them in any
    way, by home, another position or membership of a group. They count where they are at home all the same.
    """

    units: Literal["top"] | tuple[str, ...] = "top"
    within: tuple[str, ...] = ()
    people: Literal["everyone", "leaders"] = "everyone"

    @field_validator("units", mode="before")
    @classmethod
    def _check_units(cls, units: Any) -> Any:
        # A union would complain once for each of its members; its reader wants one sentence.
        named = isinstance(units, list | tuple) and units and all(isinstance(one, str) for one in units)
        if units != "top" and not named:
            raise ValueError('write top (one run for all), or a list of units such as ["Solvik / Helse"]')
        return units


class Outcome(Strict):
    """What the answers become: a file in bot/outcomes, and which field is what to it."""

    kind: Id
    fields: dict[Id, Id] = Field(default_factory=dict)


class Series(Strict):
    """Rounds whose answers are linked: in each, `field` is compared with the round before of the same `name`, among
    those who answered both. The options of `field` go from most to least; those in `least` count as equally little.
    Only whether more went up than down is published of it, never its own figures (`flows.linking`)."""

    name: Id
    field: Id
    least: tuple[Id, ...] = ()


class Flow(Strict):
    """A flow as it is run. Frozen with its hash when a run opens; a run never reads the file again.

    `purpose` and `not_used_for` are whole sentences, printed as they stand with every question. `asked_by`: the name
    of the group that asks, where one does. `discussed_as`: what the recorded discussion is about, where one record
    holds for many flows, as for all polls.
    """

    name: Id
    kind: Kind
    title: Text
    purpose: Text
    not_used_for: Text
    why_confidential: Text | None = None
    seen_by: tuple[Reader, ...] = Field(min_length=1)
    asked_by: str | None = None
    discussed_as: Id | None = None
    audience: Audience = Audience()
    schedule: Schedule
    minutes: float = Field(default=1, gt=0, le=10)
    deadline_days: int = Field(default=11, ge=1, le=190)
    remind_after_days: tuple[Annotated[int, Field(ge=1)], ...] = Field(default=(), max_length=2)
    if_small: Literal["merge", "named", "skip"] = "merge"
    if_over_budget: Literal["wait", "skip"] = "skip"
    priority: Priority = "normal"  # of flows that become due together, the higher asks first and gets the budget
    near_health: bool = False
    open: bool = False  # anybody may contribute by a poster, without a personal link
    about_staff: bool = True  # then a discussion, or the choice that none is needed, is recorded before it opens
    retention_months: int = Field(ge=1, le=24)
    steps: tuple[Step, ...] = Field(min_length=1)
    series: Series | None = None
    outcome: Outcome

    @model_validator(mode="after")
    def holds_together(self) -> Self:
        mistakes = [
            *find_mistakes_of_steps(self.steps),
            *_mistakes_of_promise(self),
            *_mistakes_of_outcome(self),
            *_mistakes_of_series(self),
        ]
        if mistakes:
            refuse(mistakes)
        return self

    @property
    def fields(self) -> tuple[AnyField, ...]:
        """All fields of all steps, in the order in which they are asked."""
        return tuple(field for step in self.steps for field in step.fields)

    @property
    def hash(self) -> str:
        return digest_of(self.to_json())

    def to_json(self) -> dict[str, Any]:
        """The flow as a JSON document, from which `Flow.model_validate` makes an equal flow."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)

    def find_field(self, field_id: str) -> tuple[Step, AnyField]:
        """The field of that id and the card it stands on. KeyError where there is none."""
        for step in self.steps:
            for field in step.fields:
                if field.id == field_id:
                    return step, field
        raise KeyError(f"the flow {self.name} has no field {field_id!r}")

    def question_hash(self, field_id: str) -> str:
        """The hash of one question as people read it, in all languages: what is said above it, label, hint,
        options. A changed wording starts a new series (the asking rules); a changed limit does not."""
        step, field = self.find_field(field_id)
        said = step.say.model_dump() if step.say else None
        read = field.model_dump(mode="json", include={"kind", "label", "hint", "options", "keep"})
        return digest_of({"say": said, "field": read})


def digest_of(document: Any) -> str:
    """The SHA-256 of a JSON document in one canonical form, as 64 hexadecimal digits."""
    canonical = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _mistakes_of_promise(flow: Flow) -> Iterator[Mistake]:
    readers, after = set(flow.seen_by), flow.remind_after_days
    if flow.kind is Kind.confidential and flow.why_confidential is None:
        yield ("kind",), "is confidential without a reason; say why in why_confidential, or write anonymous"
    if flow.kind.is_sealed and "unit" in readers:
        yield (
            ("seen_by",),
            "'unit' reads contributions; sealed answers reach leader, representative or superior",
        )
    if flow.kind is Kind.named and readers not in ({"leader"}, {"group"}):
        yield ("seen_by",), "a named answer is read by the leader alone; write [leader]"
    if "group" in readers and (readers != {"group"} or not flow.asked_by):
        yield ("seen_by",), "'group' is for polls, which a group asks by itself; write leader, or compose a poll"
    if flow.kind is Kind.contribution and readers != {"unit"}:
        yield ("seen_by",), "a contribution is read by the unit; write [unit]"
    if any(days >= flow.deadline_days for days in after):
        says = f"a reminder comes before the deadline; write days below {flow.deadline_days} (deadline_days)"
        yield ("remind_after_days",), says
    if list(after) != sorted(set(after)):
        yield ("remind_after_days",), "the second reminder comes after the first; write [4, 8], not [8, 4]"
    if flow.kind.is_sealed and len(flow.fields) > MOST_QUESTIONS:
        asked = len(flow.fields)
        says = f"asks {asked} questions in one run; ask at most {MOST_QUESTIONS}, or people stop answering"
        yield ("steps",), says
    if flow.open and flow.kind is not Kind.contribution:
        says = "lets anybody contribute by a poster, which only a contribution can; take it away, or write open: false"
        yield ("open",), says
    if flow.kind is not Kind.contribution:
        for i, step in enumerate(flow.steps):
            for j, field in enumerate(step.fields):
                if isinstance(field, Nearest):
                    says = "shows what others wrote, and belongs to flows of the kind contribution; take it away"
                    yield ("steps", i, "fields", j), says


def _mistakes_of_outcome(flow: Flow) -> Iterator[Mistake]:
    known = {field.id: field for field in flow.fields}
    for role, name in flow.outcome.fields.items():
        if name not in known:
            says = f"names the field {name!r}, which no step has; {suggest(name, known)}"
            yield ("outcome", "fields", role), says


def _mistakes_of_series(flow: Flow) -> Iterator[Mistake]:
    series, known = flow.series, {field.id: field for field in flow.fields}
    if series is None:
        return
    if flow.kind is not Kind.confidential:
        yield ("series",), f"links rounds, which only a confidential flow says; this one is {flow.kind}"
    field = known.get(series.field)
    if not isinstance(field, WithOptions) or field.kind == "choose_several":
        yield ("series", "field"), f"{series.field!r} is no field with one choice; name one of the kind choose or scale"
        return
    for one in series.least:
        if one not in field.option_ids:
            yield ("series", "least"), f"{one!r} is not an option of {field.id}; {suggest(one, field.option_ids)}"
