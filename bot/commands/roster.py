"""The command that lets rosters in: `roster import`."""

from contextlib import closing
from pathlib import Path

import click

from bot.commands.common import now, open_store, settings_or_stop
from bot.counting import count
from bot.directory.columns import explain_columns
from bot.directory.record import DirectoryError
from bot.rosters.csv import COLUMNS
from bot.rosters.reading import find_change, find_files, find_old, read_files
from bot.rosters.words import describe, summarise
from storage.people import people_by_id
from storage.rosters import apply_roster_change, find_rostered_people, forget_roster

HELP = f"""Read shifts from PATH, a .csv or .ics file or a folder with such files.

Who has a roster is asked on shift, half an hour after it has begun, also at weekends and on holidays; a day without a
shift is a day off. A file says everything about the people in it from its first shift to its last, and replaces what
was known of them there; the same file again changes nothing. Before and after those days the own hours hold. If
anything is wrong, all of it is listed and nothing is stored. Shifts that are over are deleted every night.

An .ics file names people by ATTENDEE (a mailto: address); where an event has none, the file is called after the
person's number, as 10234.ics. Repeated events, exceptions and time zones are understood; events of whole days
(such as holidays), cancelled ones and those marked as free are no shifts.

A .csv file has a line for each shift:

\b
{explain_columns(COLUMNS)}
"""


@click.group()
def roster() -> None:
    """When people are on shift: let rosters in."""


@roster.command("import", help=HELP, short_help="Read shifts from .csv or .ics files.")
@click.argument("path", metavar="PATH", type=click.Path(exists=True, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would change, shift by shift, and store nothing.")
@click.option("--skip-unknown", is_flag=True, help="Leave out shifts of people who are not in Medvirk.")
def import_roster(path: Path, dry_run: bool, skip_unknown: bool) -> None:
    zone, at = settings_or_stop().zone, now()

    try:
        reading = read_files(find_files(path), zone, at)
        for warning in find_old(reading, at):
            click.echo(warning, err=True)
        with closing(open_store()) as store:
            if dry_run:
                with store.reading() as session:
                    change, unknown = find_change(session, reading, at, skip_unknown=skip_unknown)
                    people = people_by_id(session, [*change.added, *change.removed, *change.days])
                    for line in describe(change, people):
                        click.echo(line)
            else:
                with store.writing() as session:
                    change, unknown = find_change(session, reading, at, skip_unknown=skip_unknown)
                    apply_roster_change(session, change, at)
    except DirectoryError as error:
        problems = count(len(error.problems), "problem")
        raise click.ClickException(f"{problems} in {path.name}; nothing was stored.\n{error}") from None
    if unknown:
        click.echo(f"Left out: shifts of {unknown} who are not in Medvirk.", err=True)
    ending = " This was a dry run: nothing was stored." if dry_run else ""
    click.echo(f"{path.name}: {summarise(change)}.{ending}")


@roster.command("forget")
@click.argument("number")
def forget(number: str) -> None:
    """Forget the roster of the person with NUMBER, who has none any more: own hours hold again."""
    with closing(open_store()) as store, store.writing() as session:
        person_id = find_rostered_people(session)[0].get(number)
        if person_id is None:
            raise click.ClickException(f"There is nobody active with the number {number!r}.")
        forget_roster(session, person_id, now())
    click.echo(f"{number} has no roster any more; own hours hold.")
