"""What a rehearsal finds out: who would be asked when, who would be left alone, and who would get to see what."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from bot.cards import Block
from flows.model import Flow


@dataclass(frozen=True)
class Play:
    """How a flow is rehearsed: on which day (None: when it comes next, or on the next weekday), by how many it is
    answered (from 0 to 1), and with which made-up answers. `language` is that of the examples."""

    flow: Flow
    on: date | None
    share: float
    seed: int
    language: str


@dataclass(frozen=True)
class AskedDay:
    """How many get the question on a day, and between which clocks, where the run's clock hangs."""

    day: date
    people: int
    first: time
    last: time


@dataclass(frozen=True)
class Asked:
    """Who would be asked. `names` are (name, unit, when): for the administrator's own eyes, never for a page."""

    days: tuple[AskedDay, ...]
    by_unit: tuple[tuple[str, int], ...]
    left_alone: Mapping[str, int]  # by reason
    names: tuple[tuple[str, str, datetime], ...]

    @property
    def people(self) -> int:
        return sum(day.people for day in self.days)


@dataclass(frozen=True)
class Sight:
    """Readers who would all see the same sort of thing: which sort, in which units, how many of each role; and one
    of these units with what would stand there, made from made-up answers."""

    sort: str
    units: tuple[str, ...]
    readers: Mapping[str, int]
    example_unit: str = ""
    example: tuple[Block, ...] = ()


@dataclass(frozen=True)
class Rehearsal:
    """One rehearsal. `undiscussed`: employers without a record that covers the flow, with their people who would
    therefore not be asked. `reminded`: how many each reminder would go to."""

    play: Play
    is_sample: bool
    opens_at: datetime
    closes_at: datetime
    zone: str
    asked: Asked
    reminded: tuple[int, ...]
    undiscussed: Mapping[str, int]
    on_course: int  # how many were made participants of a made-up course, where the flow follows one
    sights: tuple[Sight, ...]
