"""The command that lets people in: `people import`."""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import BinaryIO

import click

from bot.commands.common import has_database, now, open_store, settings_or_stop
from bot.commands.long_work import LongWork
from bot.counting import count
from bot.directory import csv
from bot.directory.columns import explain_columns
from bot.directory.leaderless import count_leaderless
from bot.directory.record import DirectoryError
from bot.directory.words import describe, summarise
from flows.schedule import read_local
from storage import directory
from storage.difference import Difference, find_difference
from storage.migrate import upgrade
from storage.store import Store

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
    if not difference.is_empty:  # the same file every night says it once
        _tell_of_leaderless(reading, day)
    ending = " This was a dry run: nothing was stored." if dry_run else ""
    click.echo(f"{file.name}: {summarise(difference)}.{ending}")


def _tell_of_leaderless(reading: csv.Reading, day: date) -> None:
    found = count_leaderless(reading.organisation, day)
    if found:
        click.echo("No leader above them, so they are not asked what a leader would read by name:", err=True)
        for path, number in found.items():
            click.echo(f"  {path}: {count(number, 'person', 'people')}", err=True)


def _import(file: Path, dry_run: bool, yes: bool, day: date, watch: LongWork) -> tuple[csv.Reading, Difference]:
    reading = _read(file, watch)
    if reading.unread_headers:
        click.echo(f"Columns that Medvirk does not use: {', '.join(reading.unread_headers)}", err=True)
    if dry_run:
        with _look_into_store() as store, store.reading() as session:
            watch.begin("Comparing")
            difference = find_difference(session, reading.organisation, day)
        watch.end()
        for line in describe(difference):
            click.echo(line)
        return reading, difference
    with closing(open_store(is_made=True)) as store:
        try:
            return reading, _store(store, reading, day, watch, may_take_many=yes)
        except _TakesManyAway as error:
            watch.end()
            _ask_or_stop(error.difference, file)
            return reading, _store(store, reading, day, watch, may_take_many=True)


@contextmanager
def _look_into_store() -> Iterator[Store]:
    """The store to compare with; where there is none, an empty one that is gone afterwards."""
    if has_database(settings_or_stop()):
        with closing(open_store()) as store:
            yield store
        return
    with (
        tempfile.TemporaryDirectory(prefix="medvirk-empty-") as folder,
        closing(Store(f"sqlite:///{folder}/empty.sqlite3")) as empty,
    ):
        upgrade(empty)
        yield empty


class _TakesManyAway(Exception):
    """The transaction is undone, so that nobody waits for it while somebody thinks."""

    def __init__(self, difference: Difference) -> None:
        super().__init__()
        self.difference = difference


def _store(store: Store, reading: csv.Reading, day: date, watch: LongWork, *, may_take_many: bool) -> Difference:
    watch.begin("Comparing")
    with store.writing() as session:
        difference = find_difference(session, reading.organisation, day)
        if difference.takes_many_away and not may_take_many:
            raise _TakesManyAway(difference)
        if not difference.is_empty:
            watch.begin("Storing")
        directory.apply(session, difference, now())
    return difference


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


def _ask_or_stop(difference: Difference, file: Path) -> None:
    """On a terminal somebody is asked; elsewhere it stops, and says how to go on."""
    says = (
        f"{file.name} would deactivate {len(difference.gone)} of {difference.active_people_before} "
        "people, more than a tenth. Is it the whole file?"
    )
    if sys.stdin.isatty():
        click.echo(says, err=True)
        if click.confirm("Deactivate them?", err=True):
            return
        raise click.ClickException("Nothing was stored. See who with --dry-run.")
    raise click.ClickException(
        f"{says} Nothing was stored. See who with --dry-run; if it is right, import again with --yes."
    )
