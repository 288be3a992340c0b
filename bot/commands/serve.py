"""The command that runs the product: `serve`."""

import gc
import logging
import sys

import click
import uvicorn
from uvicorn.config import STARTUP_FAILURE

from bot.app import make_app
from bot.commands.common import now, settings_or_stop, stop_if_taken, use_parts
from bot.watching.ending import Server
from bot.watching.logs import set_up_logs

log = logging.getLogger("medvirk")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, help="The port to listen on.")
def serve(host: str, port: int) -> None:
    """Serve the pages, tick every minute, and send what is due.

    SIGTERM or Ctrl-C: nothing new is taken, what is in the hand is finished within MEDVIRK_STOP_SECONDS, and the
    command ends with 0. A second one ends it at once; what was acknowledged is stored then too.
    """
    settings = settings_or_stop()
    set_up_logs(settings.log)
    stop_if_taken(host, port)
    with use_parts(settings, is_start=True) as parts:
        people = f"people reach it at {settings.base_url}"
        log.info("Medvirk for %s listens on port %s; %s", settings.organisation, port, people)
        # No access log: addresses hold links, and times tell who answered when. Without a configuration of its own,
        # the server's words go the same way as all others.
        config = uvicorn.Config(
            make_app(parts, now),
            host=host,
            port=port,
            access_log=False,
            server_header=False,
            log_config=None,
            log_level="warning",
            timeout_graceful_shutdown=max(1, int(settings.stop_seconds / 2)),
        )
        # What is loaded by now stays to the end: planning for thousands took half as long again while the collector
        # walked through all of it time after time.
        gc.collect()
        gc.freeze()
        server = Server(config, parts.stopping, settings.stop_seconds)
        server.run()
    if not server.started:
        sys.exit(STARTUP_FAILURE)
