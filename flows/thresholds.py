"""How many it takes before anything is shown: the table of the trust rules, whose values may only be raised."""

from dataclasses import dataclass, fields
from typing import Self


@dataclass(frozen=True)
class Thresholds:
    """The table of the gate. Frozen with a run as `dataclasses.asdict`; ValueError where a value is lowered."""

    invited: int = 10  # in a bucket, for a run to be anonymous at all; also before any response rate
    respondents: int = 5  # for a share or a mean
    distribution: int = 8  # respondents for a distribution, and for a mean of free numbers
    text_respondents: int = 10  # before any verbatim text
    texts: int = 5
    category: int = 3  # answers in a category; fewer are "a few"
    remainder: int = 5  # what is left of a shown group without the groups shown in it, where anything is left
    hidden_groups: int = 2  # that a figure held back hides among
    hidden_people: int = 5
    rounding: int = 5  # per cent
    coarse_rounding: int = 10  # per cent, for a group under `coarse_below` people
    coarse_below: int = 20

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if value < field.default:
                raise ValueError(
                    f"the threshold {field.name} is {field.default} or more, not {value}: thresholds may only be raised"
                )
        for step in (self.rounding, self.coarse_rounding):
            if step % 5 or 100 % step:
                raise ValueError(f"shares are rounded to 5, 10, 20, 25 or 50 per cent, not {step}")
        if self.respondents < 2 * self.category - 1:
            raise ValueError(
                f"with {self.category} answers in a category it takes {2 * self.category - 1} respondents "
                f"to tell few from most; raise respondents from {self.respondents}"
            )

    @classmethod
    def near_health(cls) -> Self:
        """For anything near health: six, also in what is left or hidden."""
        return cls(respondents=6, remainder=6, hidden_people=6)

    @property
    def group(self) -> int:
        """Respondents in any group that can be told apart, be it shown, left over or hidden: a figure about what
        is left over is as good as published."""
        return max(self.respondents, self.remainder, self.hidden_people)

    @property
    def margin(self) -> int:
        """How many answers a shown figure always leaves open: one less than a category needs."""
        return self.category - 1

    def rounding_for(self, people: int) -> int:
        """The step in per cent to which a share of so many people is rounded."""
        return self.coarse_rounding if people < self.coarse_below else self.rounding
