"""Commands about flows: list them, check the files, see every card as people will."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import click
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col, select

from bot.app import find_all_flows
from bot.commands.common import has_database, settings_or_stop
from bot.counting import count
from bot.outcomes import find_outcome_mistakes
from bot.rounds.preview import preview
from bot.settings.product import Settings
from bot.words import words_in
from flows.loading import DEFINITIONS, Judge, read_flow
from flows.mistakes import Mistake, suggest
from flows.model import Flow
from flows.schedule import Schedule
from flows.text import LANGUAGES
from flows.yaml_file import Problem
from storage.store import Store
from storage.tables import Unit


@click.group()
def flow() -> None:
    """What is asked: check flow files, and see their cards."""


@flow.command("list")
@click.option("--lang", type=click.Choice(LANGUAGES), default="nb", show_default=True, help="Of the titles.")
def list_flows(lang: str) -> None:
    """List the flows that can be used: name, kind, when it opens, title."""
    flows, problems = find_all_flows(settings_or_stop())
    for name, one in sorted(flows.items()):
        click.echo(f"{name:<24} {one.kind:<13} {describe_schedule(one.schedule):<24} {one.title.to(lang)}")
    if problems:
        click.echo(f"{count(len(problems), 'problem')} in other files; medvirk flow check names them.", err=True)


@flow.command()
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def check(files: tuple[Path, ...]) -> None:
    """Check FILES, or all flows that are in use: each problem with file, line, place and remedy.

    Where people have been imported, that the units exist which a flow names is checked too.
    """
    settings = settings_or_stop()
    paths = _find_units(settings)
    judge = make_judge(paths)
    if files:
        found = [one for file in files for one in [read_flow(file, judge)]]
        flows = [one for one in found if isinstance(one, Flow)]
        problems = [one for problems in found if not isinstance(problems, Flow) for one in problems]
        problems += [_say_taken(file) for file in files if _is_taken(file)]
    else:
        known, problems = find_all_flows(settings, judge)
        flows = list(known.values())
    if problems:
        raise click.ClickException("\n".join([f"{len(problems)} to mend:", *map(str, problems)]))
    unchecked = any(_named_units(one) for one in flows) and not paths
    ending = " Whether the units exist is unchecked: there are none yet in the database." if unchecked else ""
    click.echo(f"{count(len(flows), 'flow')}, nothing to mend.{ending}")


@flow.command("preview")
@click.argument("name")
@click.option("--lang", type=click.Choice(LANGUAGES), default="nb", show_default=True)
def show_preview(name: str, lang: str) -> None:
    """Show every card of the flow NAME, and who will see what."""
    flows, problems = find_all_flows(settings_or_stop())
    if name not in flows:
        for problem in problems:
            click.echo(str(problem), err=True)
        raise click.ClickException(f"There is no flow {name!r} that can be used; there are {', '.join(sorted(flows))}.")
    click.echo(preview(flows[name], words_in(lang)))


def describe_schedule(schedule: Schedule) -> str:
    """When a flow opens, in a few words; a rhythm as its five fields."""
    if schedule.on_demand:
        return "when somebody opens it"
    if schedule.after_course is not None:
        return f"{count(schedule.after_course, 'day')} after a course"
    return schedule.cron or ", ".join(map(str, schedule.on))


def make_judge(paths: frozenset[str]) -> Judge:
    """What to look for beyond the file itself: what answers can become, and units, where there are any."""

    def judge(one: Flow) -> Iterator[Mistake]:
        yield from find_outcome_mistakes(one)
        for key, path in _named_units(one):
            if paths and path not in paths:
                yield ("audience", key), f"there is no unit {path!r}; {_suggest_unit(path, paths)}"

    return judge


def _named_units(one: Flow) -> list[tuple[str, str]]:
    """The key and the path of every unit that the flow names."""
    units = () if isinstance(one.audience.units, str) else one.audience.units
    return [("units", path) for path in units] + [("within", path) for path in one.audience.within]


def _suggest_unit(path: str, paths: frozenset[str]) -> str:
    same_end = [one for one in paths if one.endswith(f" / {path}")]
    if same_end:
        return f"write its whole path, {sorted(same_end)[0]!r}"
    remedy = suggest(path, sorted(paths))
    return remedy if remedy.startswith("did") else "write a path as medvirk people import --dry-run shows it"


def _find_units(settings: Settings) -> frozenset[str]:
    """The paths there are; none where there is no database, or one that cannot be read as it is."""
    if not has_database(settings):
        return frozenset()
    try:
        with closing(Store(settings.database_url.get_secret_value())) as store, store.reading() as session:
            return frozenset(session.exec(select(Unit.path).where(col(Unit.active).is_(True))))
    except (SQLAlchemyError, OSError, ImportError):
        return frozenset()


def _is_taken(file: Path) -> bool:
    shipped = DEFINITIONS / file.name
    return shipped.is_file() and not shipped.samefile(file)


def _say_taken(file: Path) -> Problem:
    return Problem(str(file), None, "", f"a flow of the name {file.stem} comes with Medvirk; name this file otherwise")
