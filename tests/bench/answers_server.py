"""A process that answers over HTTP on a free port, to be measured: the real app, or a bare Bolt handler.

    python -m tests.bench.answers_server ours --database URL --folder DIR
    python -m tests.bench.answers_server bolt [--before-response]

Both run under the same server, set up the same way. The port is printed; it ends when standard input is closed.
"""

import asyncio
import hmac
import sys
from contextlib import AbstractAsyncContextManager, nullcontext
from datetime import datetime
from pathlib import Path

import click
import uvicorn
from sqlmodel import Session
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.app import close_parts, make_app
from bot.demo.world import demo_settings
from bot.door import Door
from bot.pages.serving import COOKIE, OWN_FIELDS, read_form
from bot.parts import Parts
from bot.proof import ByLink
from bot.trouble import or_trouble
from storage.answers import add_envelope, put_named
from storage.arrivals import find_by_link
from storage.asked import find_asked, mark_answered
from storage.codes import hash_code, make_code
from storage.keys import KeyFolder
from storage.read_pool import ReadPool
from storage.sealing import seal
from storage.store import Store
from storage.writer import Writer
from tests.bench.municipality_office import at
from tests.office_flows import shipped

NOON = at(13, "12:00")
SECRET = "a signing secret"
ACTION = "answer"


class Durable:
    """Ways to answer without a page: the whole conversation, and nothing but what must be done before a platform is
    told yes. Both check the form's token, as the page does."""

    def __init__(self, door: Door, sealed_with: bytes | None, padded_to: int) -> None:
        self._door, self._key, self._size = door, sealed_with, padded_to

    def routes(self) -> list[Route]:
        return [
            Route("/spoken/{link}", self.speak, methods=["POST"]),
            Route("/stored/{link}", self.store, methods=["POST"]),
        ]

    async def speak(self, request: Request) -> Response:
        form, secret = await self._read(request)
        fields = {name: values for name, values in form.items() if name not in OWN_FIELDS}
        view = await self._door.act(ByLink(request.path_params["link"], secret), None, "send", fields, form["state"][0])
        return Response(status_code=getattr(view, "status", 200))

    async def store(self, request: Request) -> Response:
        """The link is proven, the submission marked and kept in one transaction. Sealing comes before queuing."""
        form, secret = await self._read(request)
        values = {name: values[0] for name, values in form.items() if name not in OWN_FIELDS}
        sealed = seal(self._key, {"bucket": 1, "values": values}, self._size) if self._key else None
        codes = self._door.parts.keys.server_secret("codes")

        def work(session: Session) -> int:
            link = find_by_link(session, request.path_params["link"], secret, NOON)
            if link is None:
                return 404
            run_id, person_id = link.target, link.arrival.person_id
            if not mark_answered(session, run_id, person_id, once=sealed is not None):
                return 409
            if sealed:
                return 200 if add_envelope(session, run_id, hash_code(codes, run_id, make_code()), sealed) else 500
            _, asked = find_asked(session, run_id, person_id) or (None, None)
            assert asked is not None
            put_named(session, asked, NOON.date(), values, is_offer=True, ends_on=link.expires_at.date())
            return 200

        status = await or_trouble(None, self._door.parts.writer.do(work))
        return Response(status_code=status if isinstance(status, int) else status.status)

    async def _read(self, request: Request) -> tuple[dict[str, list[str]], str]:
        form, secret = await read_form(request) or {}, request.cookies.get(COOKIE, "")
        token = "".join(form.get("csrf", []))
        assert hmac.compare_digest(token.encode(), self._door.form_token(secret).encode())
        return form, secret


def make_bolt(*, before_response: bool) -> Starlette:
    """A bare handler of a button: verified, and acknowledged."""
    from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
    from slack_bolt.async_app import AsyncApp
    from slack_bolt.authorization import AuthorizeResult
    from slack_bolt.context.ack.async_ack import AsyncAck

    async def authorize() -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id="T1", bot_user_id="U1", bot_id="B1", bot_token="xoxb-1")

    bolt = AsyncApp(signing_secret=SECRET, authorize=authorize, process_before_response=before_response)

    @bolt.action(ACTION)
    async def acknowledge(ack: AsyncAck) -> None:
        await ack()

    handler = AsyncSlackRequestHandler(bolt)

    async def take(request: Request) -> Response:
        return await handler.handle(request)

    return Starlette(routes=[Route("/slack/events", take, methods=["POST"])])


def run(app: Starlette, during: AbstractAsyncContextManager[None] | None = None) -> None:
    """On the loop and with the parser that uvicorn chooses, as medvirk serve does; `during` lasts as long."""
    config = uvicorn.Config(app, port=0, access_log=False, server_header=False, log_config=None, log_level="warning")
    with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
        runner.run(_serve(config, during or nullcontext()))


async def _serve(config: uvicorn.Config, during: AbstractAsyncContextManager[None]) -> None:
    server = uvicorn.Server(config)
    async with during:
        serving = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0.01)
        print(server.servers[0].sockets[0].getsockname()[1], flush=True)
        await asyncio.to_thread(sys.stdin.read)
        server.should_exit = True
        await serving


@click.group()
def main() -> None:
    pass


@main.command()
@click.option("--before-response", is_flag=True)
def bolt(before_response: bool) -> None:
    run(make_bolt(before_response=before_response))


@main.command()
@click.option("--database", required=True)
@click.option("--folder", type=click.Path(path_type=Path), required=True)
@click.option("--sealed-with", default="", help="The run's public key.")
@click.option("--padded-to", default=0)
def ours(database: str, folder: Path, sealed_with: str, padded_to: int) -> None:
    settings = demo_settings(folder, "http://127.0.0.1:8000")
    store = Store(database)
    flows = {name: shipped(name) for name in ("pulse", "unused_competence")}
    parts = Parts(settings, flows, KeyFolder(folder / "keys"), store, ReadPool(store), Writer(store), {})

    def clock() -> datetime:
        return NOON

    door = Door(parts, clock)
    durable = Durable(door, bytes.fromhex(sealed_with) or None, padded_to)
    run(make_app(parts, clock, is_ticking=False, more_routes=durable.routes()))
    close_parts(parts)


if __name__ == "__main__":
    main()
