"""The table of what was measured: a row for each thing, ours beside what is bare, in the same run."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

README = Path(__file__).with_name("README.md")
BEGINS, ENDS = "<!-- make bench: from here -->", "<!-- make bench: to here -->"
HEAD = ("What", "Ours", "Bare", "Ratio", "Aim")


@dataclass(frozen=True)
class Scale:
    """How large things are. `database` stands in each row that was measured on one."""

    people: int = 25_000
    leaders: int = 2_000
    stored: int = 1_000_000
    answers: int = 1_500  # in a round
    rounds: int = 3
    seconds: int = 20
    database: str = "SQLite"


QUICK = Scale(people=2_000, leaders=100, stored=50_000, answers=200, rounds=1, seconds=4)


@dataclass(frozen=True)
class Row:
    """`ours` and `bare` with their unit; `ratio` is None where there is nothing to hold it against."""

    what: str
    ours: str
    bare: str = ""
    ratio: float | None = None
    aim: str = ""

    @property
    def cells(self) -> tuple[str, ...]:
        return self.what, self.ours, self.bare, "" if self.ratio is None else f"{self.ratio:.2f}", self.aim


def as_text(rows: Iterable[Row]) -> Iterator[str]:
    """Lines for a terminal."""
    lines = [HEAD, *(row.cells for row in rows)]
    widths = [max(len(cells[place]) for cells in lines) for place in range(len(HEAD))]
    for first, *rest in lines:
        yield "  ".join([first.ljust(widths[0]), *(one.rjust(w) for one, w in zip(rest, widths[1:], strict=True))])


def write_readme(rows: Iterable[Row], readme: Path = README) -> None:
    """Put the table between its two marks."""
    lines = ["| " + " | ".join(cells) + " |" for cells in (HEAD, ("---",) * len(HEAD), *(row.cells for row in rows))]
    table = "\n".join([BEGINS, *lines, ENDS])
    content = readme.read_text(encoding="utf-8")
    found = re.compile(f"{re.escape(BEGINS)}.*?{re.escape(ENDS)}", re.DOTALL)
    assert found.search(content), f"{readme} lacks the marks between which the table stands"
    readme.write_text(found.sub(lambda _: table, content), encoding="utf-8")
