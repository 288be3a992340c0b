"""The command that lets people in: `people import`."""

from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import BinaryIO

import click
from sqlmodel import Session

from bot.commands.common import now, open_store, settings_or_stop
from bot.commands.entra import mapping_or_stop
from bot.commands.long_work import LongWork
from bot.commands.taking_in import deactivates_many, do_or_ask, look_into_store, tell_all, tell_leaderless
from bot.counting import count
from bot.directory import csv
from bot.directory.columns import explain_columns
from bot.directory.graph.groups import keep_groups
from bot.directory.graph.mapping import Mapping
from bot.directory.record import DirectoryError
from bot.directory.words import describe, describe_roles, summarise
from flows.schedule import read_local
from storage.directory import storing as directory
from storage.directory.difference import Difference, find_difference
from storage.directory.kept import load_organisation

LINES_BETWEEN_LOOKS = 1_000

HELP = f"""Read people, units and roles from FILE.csv and store what has changed since the last import.

The file is the whole organisation: who is not in it is deactivated, never deleted, and comes back with the
next file that has them. What people chose themselves (language, pause, "don't ask me") is never overwritten.
If anything in the file is wrong, all of it is listed and nothing is stored.

One line for each membership or role. What is said about a person may be left out on the person's later
lines. The columns may stand in any order, with ; or , or tabs between them, in UTF-8 or as Norwegian Excel
saves them.

\b
{explain_columns()}
"""


@click.group()
def people() -> None:
    """Who takes part: let people in from a directory."""


@people.command("import", help=HELP, short_help="Read people, units and roles from a CSV file.")
@click.argument("file", metavar="FILE.csv", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would change, person by person, and store nothing.")
@click.option("--yes", is_flag=True, help="Go on even if more than a tenth of the people would be deactivated.")
@click.option(
    "--on",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="The date on which memberships and roles must count.  [default: today]",
)
def import_people(file: Path, dry_run: bool, yes: bool, on: datetime | None) -> None:
    watch = LongWork()
    day = on.date() if on else read_local(now(), settings_or_stop().zone).date()
    try:
        reading, difference = _import(file, dry_run, yes, day, watch)
    finally:
        watch.end()
    tell_all(describe_roles(difference))
    if not difference.is_empty:  # the same file every night says it once
        tell_leaderless(reading.organisation, day)
    ending = " This was a dry run: nothing was stored." if dry_run else ""
    click.echo(f"{file.name}: {summarise(difference)}.{ending}")


def _import(file: Path, dry_run: bool, yes: bool, day: date, watch: LongWork) -> tuple[csv.Reading, Difference]:
    mapping = _mapping_or_stop()
    reading = _read(file, watch)
    if reading.unread_headers:
        click.echo(f"Columns that Medvirk does not use: {', '.join(reading.unread_headers)}", err=True)
    if dry_run:
        with look_into_store() as store, store.reading() as session:
            watch.begin("Comparing")
            difference = _compare(session, reading, mapping, day)
        watch.end()
        tell_all(describe(difference))
        return reading, difference

    def work(may_take_many: bool) -> Difference:
        watch.begin("Comparing")
        with store.writing() as session:
            difference = _compare(session, reading, mapping, day)
            if difference.takes_many_away and not may_take_many:
                raise deactivates_many(file.name, difference, "Is it the whole file?", "import again")
            if not difference.is_empty:
                watch.begin("Storing")
            directory.apply(session, difference, now())
        return difference

    with closing(open_store(is_made=True)) as store:
        return reading, do_or_ask(work, watch, yes=yes)


def _mapping_or_stop() -> Mapping:
    """The mapping of Entra, whose groups no file takes away. Where Entra says who works here, two sources would take
    turns in deactivating each other's people."""
    graph = settings_or_stop().graph
    mapping = mapping_or_stop(graph)
    if graph is not None and mapping.is_source:
        raise click.ClickException(
            f"{graph.mapping} says that people come from Entra (people: entra); medvirk directory sync lets them in. "
            "To let them in from a file, write people: csv there. Nothing was stored."
        )
    return mapping


def _compare(session: Session, reading: csv.Reading, mapping: Mapping, day: date) -> Difference:
    organisation = reading.organisation
    if mapping.resource_groups:
        organisation = keep_groups(organisation, load_organisation(session), mapping.resource_groups)
    return find_difference(session, organisation, day)


def _read(file: Path, watch: LongWork) -> csv.Reading:
    watch.begin(f"Reading {file.name}")
    size = file.stat().st_size
    try:
        with file.open("rb") as content:
            return csv.read(file.name, _watch_lines(csv.split_lines(content), content, size, watch))
    except DirectoryError as error:
        watch.end()
        problems = count(len(error.problems), "problem")
        raise click.ClickException(f"{problems} in {file.name}; nothing was stored.\n{error}") from None


def _watch_lines(lines: Iterator[str], content: BinaryIO, size: int, watch: LongWork) -> Iterator[str]:
    for number, line in enumerate(lines):
        if number % LINES_BETWEEN_LOOKS == 0:
            watch.reach(content.tell() / size)
        yield line
