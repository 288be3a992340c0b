"""The fields of a card: what one question looks like."""

from typing import Annotated, Any, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, ValidationInfo, model_validator

from flows.mistakes import refuse, suggest
from flows.text import LANGUAGES, Text

Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]

Value = str | list[str] | float  # an answer as it is stored: text, option, date; options; number

LONGEST_TEXT = 1_000
MOST_OPTIONS = 10  # Slack shows at most ten radio buttons; one limit for all channels
LONGEST_OPTION = 75  # characters; Slack refuses a whole card for one option that is longer


class Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Option(Text):
    """One choice: an id that is stored, and what people read."""

    id: Id

    @model_validator(mode="after")
    def fits_on_a_button(self) -> Self:
        for language in LANGUAGES:
            length = len(self.to(language))
            if length > LONGEST_OPTION:
                raise ValueError(f"has {length} characters in {language}; at most {LONGEST_OPTION} fit on a button")
        return self


class Question(Strict):
    """What all fields have in common. `required` is false by default: nobody has to answer anything."""

    id: Id
    label: Text
    hint: Text | None = None
    required: bool = False


class WithOptions(Question):
    options: tuple[Option, ...] = Field(min_length=2, max_length=MOST_OPTIONS)
    headline: tuple[Id, ...] = ()  # the options that the digest's one figure counts, such as "at least weekly"
    headline_label: Text | None = None  # what that figure is called: "used what they are good at"

    @property
    def option_ids(self) -> tuple[str, ...]:
        return tuple(option.id for option in self.options)

    @model_validator(mode="after")
    def options_are_told_apart(self) -> Self:
        ids = self.option_ids
        twice = sorted({one for one in ids if ids.count(one) > 1})
        if twice:
            raise ValueError(f"has the option {twice[0]!r} twice; give each option an id of its own")
        unknown = [one for one in self.headline if one not in ids]
        if unknown:
            raise ValueError(f"headline names {unknown[0]!r}, which is no option here; {suggest(unknown[0], ids)}")
        if bool(self.headline) != bool(self.headline_label):
            raise ValueError("headline and headline_label go together; write both or neither")
        return self


class Choose(WithOptions):
    kind: Literal["choose"]


class ChooseSeveral(WithOptions):
    kind: Literal["choose_several"]


class Scale(WithOptions):
    """A scale with named points that a person can picture, instead of agreement from 1 to 5 (Thalheimer).

    `scale` names it. A flow file leaves its options out: they come with the validation context, as `scales`
    by name, so that the wording is the same everywhere. A frozen flow has them, and is read without context.
    """

    kind: Literal["scale"]
    scale: Id

    @model_validator(mode="before")
    @classmethod
    def _fill_in_points(cls, given: Any, info: ValidationInfo) -> Any:
        if info.context is None or not isinstance(given, dict):
            return given
        scales, name = info.context["scales"], given.get("scale")
        if not isinstance(name, str) or name not in scales:
            says = "names no scale" if name is None else f"no scale is known by the name {name!r}"
            refuse([(("scale",), f"{says}; {suggest(name, scales)}")])
        if "options" in given:
            refuse([(("options",), "belong to the scale; take them away, or write kind: choose for your own")])
        return {**given, "options": scales[name]}


class TextField(Question):
    kind: Literal["text"]
    max_length: int = Field(default=LONGEST_TEXT, ge=1, le=3_000)
    rows: int = Field(default=3, ge=1, le=12)


class NumberField(Question):
    """A number between two bounds, both included."""

    kind: Literal["number"]
    least: FiniteFloat = 0
    most: FiniteFloat = 1_000_000

    @model_validator(mode="after")
    def has_room(self) -> Self:
        if self.least >= self.most:
            raise ValueError(f"least ({self.least:g}) is not below most ({self.most:g}); mend one of them")
        return self


class DateField(Question):
    kind: Literal["date"]


class Nearest(Question):
    """The themes nearest to what was written in the field `of`, to support one instead of storing one more.

    Its choices are found when the card is shown, so the engine knows the form of a theme's id, not the ids;
    whoever shows the card checks that the theme was among them. `keep` is the button for storing one's own.
    """

    kind: Literal["nearest"]
    of: Id
    keep: Text
    required: bool = True  # sent without a choice, one more would be stored unawares


AnyField = Annotated[
    Choose | ChooseSeveral | Scale | TextField | NumberField | DateField | Nearest,
    Field(discriminator="kind"),
]

# 'choose' -> Choose and so on: what a flow file may write as the kind of a field
FIELD_KINDS: dict[str, type[Question]] = {
    get_args(one.model_fields["kind"].annotation)[0]: one for one in get_args(get_args(AnyField)[0])
}
