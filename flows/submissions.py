"""What the gate is given: questions as far as figures go, and submissions without a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Value = str | Sequence[str] | float


@dataclass(frozen=True)
class Question:
    """One field that may be published.

    `hash`: of the wording, since a trend compares equal wordings only. `options`: the ids of a choice; a scale
    without options is answered with numbers. `headline`: the options whose common share is the field's one figure
    (with `choose_several` at most one, for how options overlap would say too much). `after`: the earlier field
    and those of its options that lead here, where not everybody is asked.
    """

    field: str
    hash: str
    kind: Literal["choose", "choose_several", "scale", "number", "text"]
    options: tuple[str, ...] = ()
    headline: frozenset[str] = frozenset()
    after: tuple[str, frozenset[str]] | None = None

    def __post_init__(self) -> None:
        if self.kind.startswith("choose") and len(set(self.options)) < 2:
            raise ValueError(f"the question {self.field!r} needs two options to choose between")
        if "" in self.options or len(set(self.options)) < len(self.options):
            raise ValueError(f"the options of {self.field!r} are {self.options}: each needs an id of its own")
        if self.headline and not self.headline < frozenset(self.options):
            raise ValueError(f"the headline of {self.field!r} is some of its options, not all and no others")

    @property
    def is_one_choice(self) -> bool:
        """True where each person gave exactly one of the options."""
        return self.kind == "choose" or (self.kind == "scale" and bool(self.options))


@dataclass(frozen=True)
class Submission:
    """What one person sent, without the person. `bucket`: the id of the bucket that counts them; `choices`: option,
    options or number by field; `texts`: what they wrote by field."""

    bucket: int
    choices: Mapping[str, Value]
    texts: Mapping[str, str]
