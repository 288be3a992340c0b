"""The command that lets people in: `people import`."""

import sys
from contextlib import closing
from datetime import datetime
from pathlib import Path

import click

from bot.commands.common import now, open_store, settings_or_stop
from bot.directory import csv
from bot.directory.columns import explain_columns
from bot.directory.record import DirectoryError
from bot.directory.words import describe, summarise
from flows.schedule import read_local
from storage import directory
from storage.difference import Difference, find_difference

LINES_WORTH_WATCHING = 5_000

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
    reading = _read(file)
    if reading.unread_headers:
        click.echo(f"Columns that Medvirk does not use: {', '.join(reading.unread_headers)}", err=True)
    day = on.date() if on else read_local(now(), settings_or_stop().zone).date()
    with closing(open_store()) as store:
        if dry_run:
            with store.reading() as session:
                difference = find_difference(session, reading.organisation, day)
            for line in describe(difference):
                click.echo(line)
            ending = " This was a dry run: nothing was stored."
        else:
            with store.writing() as session:
                difference = find_difference(session, reading.organisation, day)
                _stop_if_many_leave(difference, file, yes)
                directory.apply(session, difference, now())
            ending = ""
    click.echo(f"{file.name}: {summarise(difference)}.{ending}")


def _read(file: Path) -> csv.Reading:
    lines = csv.split_lines(file.read_bytes())
    try:
        if len(lines) < LINES_WORTH_WATCHING:
            return csv.read(file.name, lines)
        with click.progressbar(lines, label=f"Reading {file.name}", file=sys.stderr) as watched:
            return csv.read(file.name, watched)
    except DirectoryError as error:
        count = len(error.problems)
        problems = "1 problem" if count == 1 else f"{count} problems"
        raise click.ClickException(f"{problems} in {file.name}; nothing was stored.\n{error}") from None


def _stop_if_many_leave(difference: Difference, file: Path, yes: bool) -> None:
    if difference.takes_many_away and not yes:
        raise click.ClickException(
            f"{file.name} would deactivate {len(difference.gone)} of {difference.active_people_before} "
            "people, more than a tenth. Is it the whole file? Nothing was stored. See who with --dry-run; "
            "if it is right, import again with --yes."
        )
