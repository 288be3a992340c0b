"""The command that shows the product on a made-up organisation: `demo`, in a browser or in the terminal."""

import asyncio
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

import click
import uvicorn

from bot.app import make_app
from bot.cards import as_text
from bot.commands.common import stop_if_taken, use_parts
from bot.demo.pages import DemoPages
from bot.demo.people import Colleagues
from bot.demo.story import find_last_digest
from bot.demo.world import World, demo_settings

SECONDS_IN_A_WEEK = 7 * 24 * 3600


@click.command()
@click.option("--port", default=8765, show_default=True, help="The port of the demo page.")
@click.option("--weeks", type=click.IntRange(1, 104), help="No browser: let this many weeks pass and print a digest.")
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same made-up answers.")
def demo(port: int, weeks: int | None, seed: int) -> None:
    """Try Medvirk on a made-up municipality. Nothing is kept: each demo starts anew."""
    with (
        tempfile.TemporaryDirectory(prefix="medvirk-demo-") as folder,
        use_parts(demo_settings(Path(folder), f"http://127.0.0.1:{port}"), is_start=True) as parts,
    ):
        world = World(parts, Colleagues(seed))
        if weeks is None:
            _serve(world, port)
        else:
            asyncio.run(_let_pass(world, weeks))


def _serve(world: World, port: int) -> None:
    stop_if_taken("127.0.0.1", port)
    asyncio.run(world.begin())
    pages = DemoPages(world)
    app = make_app(world.parts, world.clock, is_ticking=False, more_routes=pages.routes(), framed_by="'self'")
    click.echo(f"\n  Open http://127.0.0.1:{port}/ in a browser. Stop with Ctrl+C.\n")
    uvicorn.run(app, host="127.0.0.1", port=port, access_log=False, server_header=False, log_level="warning")


async def _let_pass(world: World, weeks: int) -> None:
    await world.begin()
    start, until = world.at, world.at + timedelta(weeks=weeks)
    with click.progressbar(
        length=weeks * SECONDS_IN_A_WEEK, label=f"{weeks} made-up weeks", file=sys.stderr, show_eta=False
    ) as bar:
        done = 0
        async for moment in world.walk(until):
            passed = int((moment - start).total_seconds())
            bar.update(passed - done)
            done = passed
    with world.parts.store.reading() as session:
        digest = find_last_digest(session, world.parts, world.at)
    click.echo("All people and answers are made up.\n", err=True)
    click.echo(as_text(digest) if digest else "No leader had anything to read.")
