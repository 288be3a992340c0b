"""The command that runs the product: `serve`."""

import logging

import click
import uvicorn

from bot.app import make_app
from bot.commands.common import now, stop_if_taken, use_parts


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, help="The port to listen on.")
def serve(host: str, port: int) -> None:
    """Serve the pages, tick every minute, and send what is due."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    stop_if_taken(host, port)
    for noisy in ("apscheduler", "alembic"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    with use_parts(is_start=True) as parts:
        click.echo(f"Medvirk for {parts.settings.organisation}, at {parts.settings.base_url}", err=True)
        # No access log: addresses hold links, and times tell who answered when.
        app = make_app(parts, now)
        uvicorn.run(app, host=host, port=port, access_log=False, server_header=False, log_level="warning")
