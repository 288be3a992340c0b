"""Commands about runs: open one on demand, cancel one, list them. How one goes is told by bot.commands.progress."""

from collections import Counter

import click
from sqlmodel import Session, col, select

from bot.commands.common import now, use_parts
from bot.counting import count
from bot.parts import Parts
from bot.rounds.cancelling import CannotCancel, cancel_run
from bot.rounds.opening import find_units, open_runs_of
from bot.rounds.progress import say_left_alone
from flows.schedule import Occurrence, find_moment, read_local
from flows.waves import follows_courses
from storage.courses import all_courses, course_of
from storage.runs import people_asked, people_left_alone
from storage.tables import Run, Unit
from storage.tables.asking import RunState


@click.group()
def run() -> None:
    """Rounds of a flow: open one now, see which there have been."""


@run.command("open")
@click.argument("name")
def open_now(name: str) -> None:
    """Open a run of the flow NAME now, in each unit that gets one. Twice in a minute opens it once."""
    with use_parts() as parts:
        if name not in parts.flows:
            known = ", ".join(sorted(parts.flows))
            raise click.ClickException(f"There is no flow {name!r}; there are {known}.")
        if follows_courses(parts.flows[name]):
            raise click.ClickException(
                f"{name} opens by itself after courses; bring them in with medvirk course import."
            )
        for line in parts.writer.do_now(lambda session: _open(session, parts, name)):
            click.echo(line)


def _open(session: Session, parts: Parts, name: str) -> list[str]:
    lines = []
    for unit in find_units(session, parts.flows[name]):
        zone = unit.zone or parts.settings.zone
        local = read_local(now(), zone).replace(second=0, microsecond=0)
        occurrence = Occurrence(local.date(), f"{local:%H:%M}", zone, find_moment(local.replace(tzinfo=None), zone))
        for opened in open_runs_of(session, parts, parts.flows[name], unit, occurrence):
            asked, left = people_asked(session, opened.id or 0), people_left_alone(session, opened.id or 0)
            lines.append(f"{unit.name}: {count(len(asked), 'person is', 'people are')} asked, each at work.")
            lines += say_left_alone(dict(Counter(one.reason for one in left).most_common()))
            if not asked:
                told = "\n".join(lines)
                raise click.ClickException(f"Nobody would be asked, so nothing was opened.\n{told}")
    return lines or ["Nothing was opened: there is nobody to ask, or it is open already."]


@run.command()
@click.argument("number", type=int)
@click.option("--yes", is_flag=True, help="Cancel it without asking once more.")
def cancel(number: int, yes: bool) -> None:
    """Give up the open run with NUMBER, as `run list` shows it: answers go unread, and those asked are told."""
    with use_parts() as parts:
        if not yes:
            with parts.store.reading() as session:
                found = session.get(Run, number)
                unit = session.get(Unit, found.unit_id) if found is not None else None
            if found is not None and unit is not None and found.state == RunState.open:
                click.echo(f"Run {number}: {found.flow} in {unit.name}, opened {found.local_date}.")
                click.confirm("Cancel it? What has come in is deleted unread, and it cannot be undone", abort=True)
        try:
            is_found = parts.writer.do_now(lambda session: _cancel(session, parts, number))
        except CannotCancel as error:
            raise click.ClickException(f"{str(error)[0].upper()}{str(error)[1:]}.") from None
    if not is_found:
        raise click.ClickException(f"There is no run {number}; medvirk run list names them.")
    click.echo(f"Run {number} is cancelled. What had come in was deleted unread.")


def _cancel(session: Session, parts: Parts, number: int) -> bool:
    found = session.get(Run, number)
    if found is not None:
        cancel_run(session, parts, found, now())
    return found is not None


@run.command("list")
def list_runs() -> None:
    """List the runs, newest first. Who or how many have answered is not told."""
    with use_parts() as parts, parts.store.reading() as session:
        newest_first = (col(Run.opens_at).desc(), col(Run.id).desc())
        rows = session.exec(select(Run, Unit).join(Unit).order_by(*newest_first)).all()
        codes = {one.id: one.code for one in all_courses(session)}
        for one, unit in rows:
            when = f"{read_local(one.opens_at, one.zone):%Y-%m-%d %H:%M} {one.zone}"
            state = "open, paused" if one.state == RunState.open and one.paused_at else one.state
            what = " ".join(filter(None, (one.flow, codes.get(course_of(one)))))
            click.echo(f"{one.id:>4}  {when}  {what:<32} {unit.name:<24} {state}")
        if not rows:
            click.echo("There are no runs yet.")
