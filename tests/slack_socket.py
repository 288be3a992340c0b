"""Slack's end of Socket Mode: connections that an app opens, on which it is told of deeds and says yes to each."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from aiohttp import WSMsgType, web

from tests.slack_proxy import Proxy

WAITS_SECONDS = 30.0
NUMBERS = count(1)


@dataclass
class Socket:
    """`connections` are those that were opened, in order, also those that are over. `said_yes` has what came with each
    yes, by the envelope; `on_yes` is called as soon as one comes."""

    connections: list[web.WebSocketResponse] = field(default_factory=list)
    said_yes: dict[str, list[Any]] = field(default_factory=dict)
    on_yes: Callable[[str], None] = lambda envelope: None

    async def tell(self, kind: str, payload: Mapping[str, Any], *, over: int = -1, envelope: str = "") -> str:
        """Tell of a deed, 'slash_commands', 'interactive' or 'events_api', over one of the connections. The envelope's
        id comes back; Slack sends one again under the same."""
        said = {
            "envelope_id": envelope or f"envelope-{next(NUMBERS)}",
            "type": kind,
            "payload": dict(payload),
            "accepts_response_payload": True,
        }
        await self.connections[over].send_str(json.dumps(said))
        return str(said["envelope_id"])

    async def wait_for(self, what: Callable[[], Any]) -> None:
        async with asyncio.timeout(WAITS_SECONDS):
            while not what():
                await asyncio.sleep(0.01)

    async def wait_for_yes(self, envelope: str, times: int = 1) -> Any:
        """What came with the yes."""
        await self.wait_for(lambda: len(self.said_yes.get(envelope, ())) >= times)
        return self.said_yes[envelope][-1]

    async def wait_for_connection(self, number: int) -> None:
        await self.wait_for(lambda: len(self.connections) >= number)

    async def refresh(self) -> None:
        """Slack wants the newest connection made anew, and ends it."""
        old = self.connections[-1]
        await old.send_str(json.dumps({"type": "disconnect", "reason": "refresh_requested", "debug_info": {}}))
        await old.close()

    def cut(self) -> None:
        """The newest connection is gone without a word."""
        transport = self.connections[-1]._req.transport  # type: ignore[union-attr]
        assert transport is not None
        transport.abort()

    async def take(self, request: web.Request) -> web.WebSocketResponse:
        connection = web.WebSocketResponse()
        await connection.prepare(request)
        await connection.send_str(json.dumps({"type": "hello", "num_connections": 1, "debug_info": {}}))
        self.connections.append(connection)
        async for message in connection:
            if message.type is WSMsgType.TEXT:
                told = json.loads(message.data)
                self.on_yes(told["envelope_id"])
                self.said_yes.setdefault(told["envelope_id"], []).append(told.get("payload"))
        return connection


@asynccontextmanager
async def listen_for_apps(proxy: Proxy) -> AsyncIterator[Socket]:
    """Whoever asks the Slack behind the proxy where to hear is sent here."""
    socket, app = Socket(), web.Application()
    app.add_routes([web.get("/link", socket.take)])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    proxy.socket_url = f"ws://127.0.0.1:{runner.addresses[0][1]}/link?ticket=made-up"
    try:
        yield socket
    finally:
        proxy.socket_url = ""
        await runner.cleanup()
