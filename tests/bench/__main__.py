"""Everything that is measured, one after the other: `make bench`. Ratios side by side, in one run.

Whole, it also writes the table in this folder's README.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import click

from tests.bench import answers, digests, entra, growing, importing, nearest, pacing, planning, slack, starting
from tests.bench.databases import VARIABLE, on_postgres
from tests.bench.municipality_office import report
from tests.bench.rows import QUICK, Row, Scale, as_text, write_readme


@dataclass(frozen=True)
class Measurement:
    """What gives rows of the table; once for each database where it stores anything that matters."""

    name: str
    take: Callable[[Scale], Iterator[Row]]
    is_stored: bool = True


MEASUREMENTS = (
    Measurement("answers", answers.measure),
    Measurement("slack", slack.measure),
    Measurement("planning", planning.measure),
    Measurement("pacing", pacing.measure, is_stored=False),
    Measurement("digests", digests.measure),
    Measurement("starting", starting.measure, is_stored=False),
    Measurement("growing", growing.measure),
)
NAMES = [one.name for one in MEASUREMENTS]


def tell(rows: Iterator[Row]) -> Iterator[Row]:
    """The rows, each told as progress when it is there."""
    for row in rows:
        report(" | ".join(row.cells))
        yield row


@click.command()
@click.option("--quick", is_flag=True, help="Smaller sizes: whether it works, rather than how it does.")
@click.option("--postgres", default=os.environ.get(VARIABLE, ""), help="A PostgreSQL server, to measure on it too.")
@click.option("--only", type=click.Choice(NAMES), multiple=True, help="Not all of it.")
def main(quick: bool, postgres: str, only: tuple[str, ...]) -> None:
    """Measure, print the table, and where all was measured write it into tests/bench/README.md."""
    scale = QUICK if quick else Scale()
    rows: list[Row] = []
    for one in MEASUREMENTS:
        if only and one.name not in only:
            continue
        with on_postgres(""):
            rows += tell(one.take(scale))
        if postgres and one.is_stored:
            with on_postgres(postgres):
                rows += tell(one.take(replace(scale, database="PostgreSQL")))
    print("\n".join(as_text(rows)))
    if not postgres:
        print(f"LEFT OUT: PostgreSQL. Give a server by --postgres or in {VARIABLE} to measure on it too.")
    if only:
        return
    if not quick:
        write_readme(rows)
    print()
    nearest.main()
    print()
    importing.main()
    print()
    entra.main()


if __name__ == "__main__":
    main(prog_name="python -m tests.bench")
