"""The command that plays a flow before it is used: `flow rehearse`. Nothing real is written, nothing is sent."""

import asyncio
import sys
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path

import click
from sqlalchemy.exc import SQLAlchemyError

from bot.app import find_all_flows
from bot.cards import as_text
from bot.commands.common import now, settings_or_stop
from bot.commands.files import new_file
from bot.rehearsal.facts import Play, Rehearsal
from bot.rehearsal.page import make_page
from bot.rehearsal.playing import NothingToRehearse, Stage
from bot.rehearsal.stage import find_source, set_stage
from bot.rehearsal.telling import tell
from bot.settings.product import Settings
from bot.words import words_in
from flows.model import Flow
from flows.text import LANGUAGES
from flows.waves import DEFAULT_LEVELS, compile_for_course, follows_courses

STEPS = 1_000


@click.command()
@click.argument("name")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), metavar="YYYY-MM-DD", help="When it opens.  [default: next]")
@click.option("--answering", type=click.IntRange(0, 100), default=60, show_default=True, help="How many answer, in %.")
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same made-up answers.")
@click.option("--lang", type=click.Choice(LANGUAGES), default="nb", show_default=True)
@click.option("--names", is_flag=True, help="Also say who is asked when, by name: for the administrator's own eyes.")
@click.option(
    "--page",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE.html",
    help="Write a page for union representatives, without anybody's name.",
)
def rehearse(
    name: str, on: datetime | None, answering: int, seed: int, lang: str, names: bool, page: Path | None
) -> None:
    """Play the flow NAME on a copy of your organisation, with made-up answers: who would be asked when, and what each
    reader would and would not see. Where nobody has been imported, it is the made-up municipality. Nothing is
    stored, and nothing is sent. What other flows have asked lately does not count here."""
    settings, words = settings_or_stop(), words_in(lang)
    flow = _find_flow(settings, name)
    if follows_courses(flow):
        flow = compile_for_course(flow, words("rehearsal.course"), DEFAULT_LEVELS) or flow
    play = Play(flow, on.date() if on else None, answering / 100, seed, lang)
    with nullcontext() if page is None else new_file(page) as write:
        rehearsal = _perform(settings, play)
        if write is not None:
            write(make_page(rehearsal, settings.organisation, words))
    if page is not None:
        click.echo(f"The page for the discussion is in {page}.", err=True)
    click.echo(as_text(tell(rehearsal, settings.organisation, words, with_names=names)), nl=False)


def _find_flow(settings: Settings, name: str) -> Flow:
    flows, problems = find_all_flows(settings)
    if name not in flows:
        for problem in problems:
            click.echo(str(problem), err=True)
        raise click.ClickException(f"There is no flow {name!r} that can be used; there are {', '.join(sorted(flows))}.")
    return flows[name]


def _perform(settings: Settings, play: Play) -> Rehearsal:
    try:
        with find_source(settings) as source, set_stage(settings) as parts:
            stage = Stage(parts, play, source, now())
            asyncio.run(_watch(stage))
            return stage.tell()
    except NothingToRehearse as error:
        raise click.ClickException(str(error)) from None
    except (SQLAlchemyError, OSError, ImportError) as error:
        first_line = str(error).strip().splitlines()[0]
        raise click.ClickException(
            f"The people could not be read: {first_line}\nLook at MEDVIRK_DATABASE_URL. A database from an older "
            "release is brought up to date by `medvirk serve`, say; a rehearsal never writes to it."
        ) from None


async def _watch(stage: Stage) -> None:
    with click.progressbar(length=STEPS, label=f"Rehearsing {stage.play.flow.name}", file=sys.stderr) as bar:
        async for share in stage.perform():
            bar.update(round(share * STEPS) - bar.pos)
