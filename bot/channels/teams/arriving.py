"""What arrives at Teams' address over HTTP: only what Microsoft has signed for us just now, from Teams and from our own
tenant, goes on; what was done is stored before Teams hears that it came."""

import logging
from collections.abc import Awaitable, Callable
from traceback import format_tb

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.body import read_body
from bot.channels.teams.handling import NotStored, WayIn
from bot.channels.teams.keys import Keys, KeysAway, is_signed
from bot.channels.teams.reading import Activity, Sender, is_ours, read_activity, read_sender
from bot.settings.channels import TeamsSettings

LARGEST_BYTES = 1_000_000  # more than anything Teams sends
BEARER = "Bearer "
LATER = {"Retry-After": "60"}

Endpoint = Callable[[Request], Awaitable[Response]]

log = logging.getLogger("medvirk.teams")


def make_endpoint(way_in: WayIn, keys: Keys, settings: TeamsSettings) -> Endpoint:
    """What answers at the address: 401 where Microsoft has not signed it, 403 where it is another tenant's or not from
    Teams, 400 where it cannot be read. What is not ours to answer is taken and passed over."""

    async def take(request: Request) -> Response:
        body = await read_body(request, LARGEST_BYTES)
        if body is None:
            return Response(status_code=413)
        told = read_activity(body)
        if told is None:
            return Response(status_code=400)
        try:
            if settings.authentication == "on" and not await _is_signed(request, told, keys, settings.app_id):
                return Response(status_code=401)
        except KeysAway:
            return Response(status_code=503, headers=LATER)
        if not is_ours(told, settings.tenant_id):
            return Response(status_code=403)
        sender = read_sender(told, settings.tenant_id)
        return await _hand_over(way_in, told, sender) if sender else Response(status_code=200)

    return take


async def _hand_over(way_in: WayIn, told: Activity, sender: Sender) -> Response:
    """Of our own mistake, where it happened goes to the log, but not what the error says, since that may hold what
    somebody wrote; and Teams hears that it was not stored."""
    try:
        answer = await way_in.take(told, sender)
    except NotStored:
        return Response(status_code=503, headers=LATER)
    except Exception as error:
        log.error("what came from Teams failed: %s\n%s", type(error).__name__, "".join(format_tb(error.__traceback__)))
        return Response(status_code=500)
    return Response(status_code=200) if answer is None else JSONResponse(answer)


async def _is_signed(request: Request, told: Activity, keys: Keys, app_id: str) -> bool:
    said = request.headers.get("authorization", "")
    service_url = told.get("serviceUrl")
    if not said.startswith(BEARER) or not isinstance(service_url, str):
        return False
    return await is_signed(keys, said.removeprefix(BEARER), app_id, service_url)
