"""What whoever runs the house may ask over HTTP: `/readyz`, and `/metrics` where a token is set."""

import hmac
from collections.abc import Callable
from datetime import datetime

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.parts import Parts
from bot.watching.glance import Glance
from bot.watching.metrics import SAYS_NOTHING
from bot.watching.readiness import Readiness
from storage.outbox.stopping import stopped_lanes
from storage.outbox.waiting import Waiting, find_waiting

WAITING_FRESH_SECONDS = 15
WAITING_MOST_SECONDS = 5
METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class WatchPages:
    """`/healthz`, that the process lives, stands with the pages. `/metrics` is no page at all without a token: on the
    same port, since a second one would have to be opened, guarded and found again in every container and replica."""

    def __init__(self, parts: Parts, clock: Callable[[], datetime]) -> None:
        self._parts, self._clock = parts, clock
        self._readiness = Readiness(parts, clock)
        self._waiting = Glance(
            parts.store, self._see, fresh_seconds=WAITING_FRESH_SECONDS, most_seconds=WAITING_MOST_SECONDS
        )

    def routes(self) -> list[Route]:
        metrics = [Route("/metrics", self.tell_metrics)] if self._parts.settings.metrics_token else []
        return [Route("/readyz", self.tell_readiness), *metrics]

    async def tell_readiness(self, request: Request) -> Response:
        troubles = await self._readiness.find_troubles()
        said = {"ready": False, "because": troubles} if troubles else {"ready": True}
        return JSONResponse(said, 503 if troubles else 200)

    async def tell_metrics(self, request: Request) -> Response:
        from bot.watching.exposition import Picture, write_metrics

        wanted = f"Bearer {self._parts.settings.metrics_token.get_secret_value()}"
        given = request.headers.get("Authorization", "")
        if not hmac.compare_digest(given.encode(), wanted.encode()):
            return Response(status_code=401, headers={"WWW-Authenticate": "Bearer"})
        parts = self._parts
        waiting, stopped = await self._waiting.get() or (None, [])
        picture = Picture(parts.metrics, parts.writer.queued, waiting, self._clock(), stopped)
        return Response(write_metrics(picture), media_type=METRICS_TYPE)

    def _see(self, session: Session) -> tuple[list[Waiting], list[str]]:
        return find_waiting(session, SAYS_NOTHING, self._clock()), list(stopped_lanes(session))
