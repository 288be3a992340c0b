"""Commands for whoever sends: see how far a run has come, follow it, hold it back and let it go on."""

import json
import sys
import time
from collections.abc import Callable
from datetime import datetime

import click
from sqlmodel import Session

from bot.commands.common import now, use_parts
from bot.parts import Parts
from bot.rounds.pausing import CannotPause, pause_run, resume_run
from bot.rounds.progress import Round, as_object, say_round, say_short
from storage.courses import course_of
from storage.outbox.progress import Stage, find_progress
from storage.tables import Course, Run, Unit
from storage.tables.asking import RunState

LOOK_SECONDS = 1.0
QUIET_LOOKS = 30  # with nothing leaving, before it is said where to look


@click.command()
@click.argument("number", type=int)
@click.option("--json", "is_json", is_flag=True, help="As one JSON object; null is a count of 1 to 4.")
def show(number: int, is_json: bool) -> None:
    """Show the run with NUMBER, as `run list` shows it: how far its questions have come, and why where they have not.

    Open, it is the progress; closed, the report of what was delivered. Who or how many have answered is not told, and
    reminders are not counted, since only who has not answered gets one.
    """
    with use_parts() as parts:
        told = _look(parts, number)
    click.echo(json.dumps(as_object(told), indent=2) if is_json else "\n".join(say_round(told)))


@click.command()
@click.argument("number", type=int)
def watch(number: int) -> None:
    """Follow the run with NUMBER until all that is due has left, or until Ctrl-C, which stops nothing but the look."""
    with use_parts() as parts:
        try:
            told = follow(lambda: _look(parts, number), lambda: time.sleep(LOOK_SECONDS))
        except KeyboardInterrupt:
            click.echo("Not followed any more; it goes on.", err=True)
            return
    click.echo(f"Run {number} {_say_end(told)}: {say_short(told)}.")


def follow(look: Callable[[], Round], wait: Callable[[], None]) -> Round:
    """Look, draw and wait until nothing is due or on the way; how it stands then comes back. The bar counts a question
    that was called off as one that is dealt with: it must not tell when somebody says stop."""
    told, quiet = look(), 0
    with click.progressbar(length=told.progress.count(), label=_label(told), show_eta=False, file=sys.stderr) as bar:
        while True:
            done = told.progress.count() - told.progress.count(Stage.later, Stage.due, Stage.on_the_way)
            bar.label = _label(told)
            bar.update(done - bar.pos)
            if _is_over(told):
                return told
            wait()
            before, told = told, look()
            quiet = quiet + 1 if told.progress == before.progress else 0
            if quiet == QUIET_LOOKS:
                click.echo(f"\nNothing has left for a while.{_say_why(told)}", err=True)


@click.command()
@click.argument("number", type=int)
def pause(number: int) -> None:
    """Hold back the open run with NUMBER: within seconds no question and no reminder of it leaves any more.

    Who has been asked may answer as before, and it closes when it should: who was not asked by then never is.
    """
    _change(number, pause_run)
    click.echo(f"Run {number} is paused. What is on its way already may still arrive. It closes when it should.")


@click.command()
@click.argument("number", type=int)
def resume(number: int) -> None:
    """Let the paused run with NUMBER go on: what is due leaves when each person is next at work."""
    _change(number, resume_run)
    click.echo(f"Run {number} goes on. What is due leaves when each person is next at work.")


def _change(number: int, change: Callable[[Session, Run, datetime], None]) -> None:
    def work(session: Session) -> None:
        run = session.get(Run, number)
        if run is None:
            raise _unknown(number)
        change(session, run, now())

    with use_parts() as parts:
        try:
            parts.writer.do_now(work)
        except CannotPause as error:
            raise click.ClickException(f"{str(error)[0].upper()}{str(error)[1:]}.") from None


def _look(parts: Parts, number: int) -> Round:
    with parts.store.reading() as session:
        run = session.get(Run, number)
        unit = session.get(Unit, run.unit_id) if run else None
        if run is None or unit is None:
            raise _unknown(number)
        course = session.get(Course, course_id) if (course_id := course_of(run)) else None
        progress = find_progress(session, number, now())
        return Round(run, unit.name, course.code if course else "", progress, parts.channels)


def _unknown(number: int) -> click.ClickException:
    return click.ClickException(f"There is no run {number}; medvirk run list names them.")


def _is_over(told: Round) -> bool:
    """A paused run is over for the eye once nothing is on the way."""
    waits = (Stage.on_the_way,) if told.is_paused or told.run.state != RunState.open else (Stage.due, Stage.on_the_way)
    return told.progress.count(*waits) == 0


def _label(told: Round) -> str:
    return f"Run {told.run.id}, {told.run.flow} in {told.unit}"


def _say_end(told: Round) -> str:
    if told.is_paused:
        return "is paused"
    return "has sent all that is due" if told.run.state == RunState.open else f"is {told.run.state}"


def _say_why(told: Round) -> str:
    lanes = ", ".join(told.progress.held_up)
    return f" The platform takes nothing now: {lanes}." if lanes else " Does medvirk serve run? medvirk doctor says."
