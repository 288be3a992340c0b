"""The gate for support: how many stand behind each theme, judged once when the period closes."""

from collections.abc import Iterable
from dataclasses import dataclass

from flows.publication import _SEAL, Cell, Count, Extent, Publication
from flows.rounding import band
from flows.thresholds import Thresholds

FIELD = "support"


@dataclass(frozen=True)
class Supported:
    """A theme, how many stand behind it (its author included), and how many were asked in its unit."""

    theme: int
    people: int
    invited: int


def judge_support(themes: Iterable[Supported], thresholds: Thresholds) -> Publication:
    """A count for each theme, as a band, in the scope `theme:ID`.

    The trust rules: no count under five, none in a unit where fewer than ten were asked, and never one that says that
    everybody, or all but one, stands behind it.
    """
    return Publication(
        cells=tuple(
            Cell(scope=scope_of(one.theme), field=FIELD, question_hash="", figure=_judge(one, thresholds))
            for one in sorted(themes, key=lambda one: one.theme)
        ),
        rates=(),
        seal=_SEAL,
    )


def scope_of(theme: int) -> str:
    return f"theme:{theme}"


def _judge(supported: Supported, thresholds: Thresholds) -> Count:
    counted = min(supported.people, supported.invited - thresholds.margin)
    if supported.invited < thresholds.invited or counted < thresholds.respondents:
        return Count(people=Extent.few)
    return Count(people=band(counted))
