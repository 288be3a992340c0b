"""Commands about courses: bring them in from a file or one by one, list them, call one off."""

from datetime import datetime
from pathlib import Path

import click
from sqlmodel import Session

from bot.commands.common import now, use_parts
from bot.counting import count
from bot.directory import courses
from bot.directory.csv import split_lines
from bot.directory.record import DirectoryError
from bot.parts import Parts
from bot.rounds.cancelling import cancel_course
from flows.waves import DEFAULT_LEVELS
from storage import log
from storage.course_records import CourseChange, CourseRecord, find_changes, store_course
from storage.courses import (
    all_courses,
    course_by_code,
    is_cancelled,
    participants_of,
    people_by_number,
    runs_of_course,
    units_by_path,
    waves_of,
)
from storage.tables.asking import RunState

HELP = f"""Read courses and who was there from FILE.csv, one line a participant.

Sessions on different days are one course: give them one code, so that small ones count together, and each person the
last day of their own. The same file again with other days moves what has not opened yet. Courses that are not in the
file stay as they are; one that was called off stays so, and gets a new code if it is held after all. If anything in
the file is wrong, all of it is listed and nothing is stored.

\b
{courses.explain()}
"""


@click.group()
def course() -> None:
    """Courses, after which participants are asked in waves: at once, after 30 days and after 90."""


@course.command("import", help=HELP, short_help="Read courses and participants from a CSV file.")
@click.argument("file", metavar="FILE.csv", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would change, and store nothing.")
def import_courses(file: Path, dry_run: bool) -> None:
    with use_parts() as parts:
        try:
            with parts.store.reading() as session, file.open("rb") as content:
                people, units = people_by_number(session), units_by_path(session)
                records = courses.read(file.name, split_lines(content), people, units)
        except DirectoryError as error:
            problems = count(len(error.problems), "problem")
            raise click.ClickException(f"{problems} in {file.name}; nothing was stored.\n{error}") from None
        _store(parts, records, dry_run=dry_run)


@course.command()
@click.argument("code")
@click.argument("title")
@click.option("--unit", "path", required=True, help="Where the course belongs, by path from the top.")
@click.option("--finished-on", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The last day, as YYYY-MM-DD.")
@click.option("--participants", required=True, help="Their numbers, with , between.")
@click.option("--responsible", help="The number of who answers for the course.")
@click.option("--levels", default=",".join(DEFAULT_LEVELS), show_default=True, help="What is asked about.")
def add(
    code: str, title: str, path: str, finished_on: datetime, participants: str, responsible: str | None, levels: str
) -> None:
    """Add one course CODE called TITLE, or change the one that has the code.

    Its participants are those named here; who is not among them is taken off it. They are asked on the first working
    day after the course, and after 30 and 90 days, by themselves: nothing more is to be done. What has opened stays as
    it is. To give some another day, import a file.
    """
    header = "code;title;unit;finished_on;number;responsible;levels"
    numbers = [one.strip() for one in participants.split(",") if one.strip()]
    cells = [code, title, path, f"{finished_on:%Y-%m-%d}"]
    lines = [";".join([*cells, number, responsible or "", levels]) for number in numbers]
    with use_parts() as parts:
        with parts.store.reading() as session:
            people, units = people_by_number(session), units_by_path(session)
        try:
            records = courses.read("the command", [header, *lines], people, units)
        except DirectoryError as error:
            said = "\n".join(dict.fromkeys(f"{one.field or ''}: «{one.read}» {one.trouble}" for one in error.problems))
            raise click.ClickException(f"Nothing was stored.\n{said}") from None
        _store(parts, records, dry_run=False)


@course.command("list")
def list_courses() -> None:
    """List the courses: how many were there, what is asked about, and which waves have opened."""
    with use_parts() as parts, parts.store.reading() as session:
        kept = all_courses(session)
        if not kept:
            click.echo("There are no courses yet; medvirk course import brings them in.")
        for one in kept:
            people = participants_of(session, one.id or 0)
            last = f"{max(people.values())}" if people else "no participants"
            waves = [name for name, run_id in waves_of(session, one.id or 0).items() if run_id is not None]
            told = "cancelled" if is_cancelled(one) else f"opened: {', '.join(sorted(waves)) or 'nothing yet'}"
            click.echo(f"{one.code:<12} {one.title:<32} {len(people):>4}  {last}  {', '.join(one.levels)}; {told}")


@course.command()
@click.argument("code")
@click.option("--yes", is_flag=True, help="Call it off without asking once more.")
def cancel(code: str, yes: bool) -> None:
    """Call the course CODE off. It cannot be undone.

    No wave of it opens any more. What is open is deleted unread, and those who were asked are told.
    """
    with use_parts() as parts:
        with parts.store.reading() as session:
            found = course_by_code(session, code)
            if found is None:
                raise click.ClickException(f"There is no course {code!r}; medvirk course list names them.")
            if is_cancelled(found):
                raise click.ClickException(f"{code} was called off already; nothing has changed.")
            people = count(len(participants_of(session, found.id or 0)), "participant")
            rounds = count(len(runs_of_course(session, found.id or 0, RunState.open)), "open round")
            click.echo(f"{code} «{found.title}»: {people}, {rounds}.")
        if not yes:
            click.confirm("Call it off? What has come in is deleted unread, and it cannot be undone", abort=True)
        number = parts.writer.do_now(lambda session: _cancel(session, parts, code))
    told = f" {count(number, 'open round')} deleted unread; those who were asked are told." if number else ""
    click.echo(f"{code} is called off; nothing more of it opens.{told}")


def _cancel(session: Session, parts: Parts, code: str) -> int:
    found = course_by_code(session, code)
    return cancel_course(session, parts, found, now()) if found else 0


def _store(parts: Parts, records: list[CourseRecord], *, dry_run: bool) -> None:
    if dry_run:
        with parts.store.reading() as session:
            changes = find_changes(session, records)
    else:
        changes = parts.writer.do_now(lambda session: apply(session, parts, records, now()))
    for one in changes:
        if not one.is_empty:
            click.echo(describe(one))
    ending = " This was a dry run: nothing was stored." if dry_run else ""
    click.echo(f"{summarise(changes)}.{ending}")


def apply(session: Session, parts: Parts, records: list[CourseRecord], at: datetime) -> list[CourseChange]:
    """Store the courses, and call off those that say so; what it changed comes back."""
    changes = find_changes(session, records)
    for change in changes:
        if not change.is_empty:
            kept = store_course(session, change.record)
            if change.record.is_cancelled:
                cancel_course(session, parts, kept, at)
    changed = sum(not one.is_empty for one in changes)
    if changed:
        log.append(session, at, "administrator", "courses imported", f"courses:{changed}")
    return changes


def summarise(changes: list[CourseChange]) -> str:
    """One line of counts: '2 courses: 1 new, 0 changed, 1 as before'."""
    if all(one.is_empty for one in changes):
        return "Nothing has changed"
    new, changed = sum(one.is_new for one in changes), sum(not (one.is_new or one.is_empty) for one in changes)
    same = len(changes) - new - changed
    return f"{count(len(changes), 'course')}: {new} new, {changed} changed, {same} as before"


def describe(change: CourseChange) -> str:
    """One course's change in words."""
    record = change.record
    people = count(len(record.finished_on), "participant")
    said = [f"{record.code} «{record.title}»: {'new, ' if change.is_new else ''}{people}"]
    if not change.is_new:
        said += [
            f"{number} {what}"
            for number, what in ((change.added, "added"), (change.removed, "taken off"), (change.moved, "moved"))
            if number
        ]
    if change.renewed:
        said.append(f"{' and '.join(change.renewed)} changed")
    if change.calls_off:
        said.append("called off")
    if change.opened:
        said.append(f"what has opened ({count(change.opened, 'wave')}) stays as it is")
    if change.late:
        said.append(f"not asked, since the first wave has opened: {change.late}")
    return "; ".join(said) + "."
