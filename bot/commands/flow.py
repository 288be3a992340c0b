"""Commands about flows: check the files, see every card as people will."""

from pathlib import Path

import click

from bot.app import find_all_flows
from bot.commands.common import settings_or_stop
from bot.outcomes import find_outcome_problems
from bot.preview import preview
from bot.words import words_in
from flows.loading import read_flow
from flows.model import Flow
from flows.text import LANGUAGES


@click.group()
def flow() -> None:
    """What is asked: check flow files, and see their cards."""


@flow.command()
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def check(files: tuple[Path, ...]) -> None:
    """Check FILES, or all flows that are in use: each problem with file, line, place and remedy."""
    if files:
        read = [(path, read_flow(path)) for path in files]
        problems = [str(one) for _, found in read if not isinstance(found, Flow) for one in found]
        for path, found in read:
            if isinstance(found, Flow):
                problems += [f"{path.name}: {says}" for says in find_outcome_problems(found)]
        good = len(files)
    else:
        flows, found_problems = find_all_flows(settings_or_stop())
        problems, good = [str(one) for one in found_problems], len(flows)
    if problems:
        raise click.ClickException("\n".join([f"{len(problems)} to mend:", *problems]))
    click.echo(f"{good} flows, nothing to mend.")


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
