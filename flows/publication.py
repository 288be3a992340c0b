"""What leaves the gate: the figures of one closed run, made once, never changed, and only read after that.

The trust rules, the gate: digests, pages, charts, exports and the API select from Publications; they never count
answers. The types below refuse what must not be said at all: 0 %, 100 %, an exact number of respondents.
"""

from collections.abc import Mapping
from dataclasses import InitVar, dataclass
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field


class Band(StrEnum):
    """How many answered, roughly."""

    from_5 = "5-9"
    from_10 = "10-19"
    from_20 = "20-49"
    from_50 = "50+"


class Extent(StrEnum):
    """A share too near an end to be a number: one that fewer than three people, or all but so few, would give."""

    few = "few"
    most = "most"


Percent = Annotated[int, Field(ge=5, le=95, multiple_of=5)]
Reason = Literal["too_few", "derivable"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class HeldBack(_Frozen):
    """Nothing is shown: too few answered (or too few in every category), or other figures would give it away."""

    kind: Literal["held_back"] = "held_back"
    reason: Reason


class Part(_Frozen):
    """One bar of a distribution: an option, or several with too few answers to stand alone, as one."""

    options: tuple[str, ...] = Field(min_length=1)
    percent: Percent | Extent


class Shares(_Frozen):
    """A whole distribution. With `choose_several` each part is a share on its own and the parts overlap; a part
    of several options there is a list of options that a few each chose. `headline`: the share of the headline
    options together, where the question has some."""

    kind: Literal["shares"] = "shares"
    parts: tuple[Part, ...]
    headline: Percent | Extent | None = None
    respondents: Band


class Share(_Frozen):
    """The share of the headline options together, such as "at least weekly"."""

    kind: Literal["share"] = "share"
    percent: Percent | Extent
    respondents: Band

    @property
    def headline(self) -> int | Extent:
        """The share, by the name it has in `Shares`."""
        return self.percent


class Mean(_Frozen):
    """The mean to one decimal, in the unit that was asked for."""

    kind: Literal["mean"] = "mean"
    value: float
    respondents: Band


class Texts(_Frozen):
    """Texts as written, masked and shuffled. Each text stands in one scope alone, the smallest that may show it; an
    empty list says that all texts stand in the scopes below."""

    kind: Literal["texts"] = "texts"
    texts: tuple[str, ...]
    respondents: Band


class Count(_Frozen):
    """How many stand behind something, such as a theme: a band, or few."""

    kind: Literal["count"] = "count"
    people: Band | Literal[Extent.few]


class Direction(_Frozen):
    """Whether clearly more people went up than down since the round before, among those who answered both
    (`flows.linking`). "same" where neither is clear."""

    kind: Literal["direction"] = "direction"
    way: Literal["more", "same", "less"]
    respondents: Band


Figure = Annotated[HeldBack | Shares | Share | Mean | Texts | Count | Direction, Field(discriminator="kind")]


class Rate(_Frozen):
    """The response rate: about, at most or at least so many per cent of those invited."""

    bound: Literal["about", "at_most", "at_least"]
    percent: Percent


class Cell(_Frozen):
    """One figure in its place. `question_hash` is that of the wording: a trend compares equal hashes only."""

    scope: str
    field: str
    question_hash: str
    figure: Figure


_SEAL = object()  # what the constructor asks for: this module and the gate have it, and a test says nobody else


@dataclass(frozen=True)
class Publication:
    """All figures of one closed run, for all readers.

    Made by the gate alone, `flows.disclosure.judge`; what was stored comes back through `from_json`.
    """

    cells: tuple[Cell, ...]
    rates: tuple[tuple[str, Rate], ...]
    seal: InitVar[object]

    def __post_init__(self, seal: object) -> None:
        if seal is not _SEAL:
            raise TypeError("only the gate makes a Publication: call flows.disclosure.judge")

    def figure(self, scope: str, field: str) -> Figure:
        """The figure of a field in a scope. KeyError where the run had no such scope or published no such field."""
        return self._by_place[scope, field].figure

    def question_hash(self, field: str) -> str:
        """The hash of the wording the field had in this run. KeyError where the run published no such field."""
        return self._hashes[field]

    def rate(self, scope: str) -> Rate:
        """The response rate of a scope. KeyError where the run had no such scope."""
        return dict(self.rates)[scope]

    def to_json(self) -> dict[str, Any]:
        """Plain JSON data for a column; `from_json` gives an equal Publication back."""
        return {
            "cells": [cell.model_dump(mode="json") for cell in self.cells],
            "rates": {scope: rate.model_dump(mode="json") for scope, rate in self.rates},
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """A Publication that was stored. Raises pydantic's ValidationError for what the gate cannot have said."""
        return cls(
            cells=tuple(Cell.model_validate(cell) for cell in data["cells"]),
            rates=tuple((scope, Rate.model_validate(rate)) for scope, rate in data["rates"].items()),
            seal=_SEAL,
        )

    @cached_property
    def _by_place(self) -> Mapping[tuple[str, str], Cell]:
        return {(cell.scope, cell.field): cell for cell in self.cells}

    @cached_property
    def _hashes(self) -> Mapping[str, str]:
        return {cell.field: cell.question_hash for cell in self.cells}
