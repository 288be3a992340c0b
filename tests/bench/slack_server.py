"""Processes for measuring deeds in Slack: the real app with its Slack channel, and what stands in for Slack's Web API.

    python -m tests.bench.slack_server ours --database URL --folder DIR --api URL
    python -m tests.bench.slack_server api

The port is printed; each ends when standard input is closed.
"""

import asyncio
import gc
import sys
from datetime import datetime
from pathlib import Path

import click
from pydantic import SecretStr

from bot.app import close_parts, make_app
from bot.channels.slack.channel import SlackChannel
from bot.demo.world import demo_settings
from bot.door import Door
from bot.parts import Parts
from bot.settings.channels import SlackSettings
from storage.keys import KeyFolder
from storage.read_pool import ReadPool
from storage.store import Store
from storage.writer import Writer
from tests.bench.answers_server import NOON, SECRET, run
from tests.office_flows import shipped

YES = b'{"ok":true,"team_id":"T1","user_id":"U1","bot_id":"B1","view":{"id":"V1"}}'
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(YES), YES)


async def say_yes(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """To every call of one connection."""
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            lengths = [one for one in head.split(b"\r\n") if one.lower().startswith(b"content-length:")]
            await reader.readexactly(int(lengths[0].partition(b":")[2]) if lengths else 0)
            writer.write(ANSWER)
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


async def _serve_api() -> None:
    server = await asyncio.start_server(say_yes, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)


@click.group()
def main() -> None:
    pass


@main.command()
def api() -> None:
    asyncio.run(_serve_api())


@main.command()
@click.option("--database", required=True)
@click.option("--folder", type=click.Path(path_type=Path), required=True)
@click.option("--api", required=True)
def ours(database: str, folder: Path, api: str) -> None:
    settings = demo_settings(folder, "http://127.0.0.1:8000")
    slack = SlackSettings(token=SecretStr("xoxb-1"), signing_secret=SecretStr(SECRET), api_url=api)
    store, flow = Store(database), shipped("unused_competence")
    channel = SlackChannel(slack)
    flows, keys = {flow.name: flow}, KeyFolder(folder / "keys")
    parts = Parts(settings, flows, keys, store, ReadPool(store), Writer(store), {"slack": channel})

    def clock() -> datetime:
        return NOON

    gc.collect()
    gc.freeze()  # as medvirk serve does

    run(make_app(parts, clock, is_ticking=False), during=channel.listen(Door(parts, clock)))
    close_parts(parts)


if __name__ == "__main__":
    main()
