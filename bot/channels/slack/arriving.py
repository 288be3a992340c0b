"""What arrives at Slack's address over HTTP: only what Slack has signed just now, and what can be read, goes on.

Bolt would read before it checks the signature, and fail on what is no payload. Once a request has been checked and
read here, it goes on as one that came by a connection of our own, so that nothing is done twice.
"""

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from slack_bolt.adapter.starlette.async_handler import to_starlette_response
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier
from starlette.requests import Request
from starlette.responses import Response

from bot.body import read_body

LARGEST_BYTES = 1_000_000  # more than anything Slack sends
# What Bolt and we reach into without asking what it is. Slack leaves out or sends null for what there is not.
KINDS: Mapping[str, type | tuple[type, ...]] = {
    "type": str,
    "action_id": str,
    "actions": list,
    "authorizations": list,
    "callback_id": str,
    "channel": dict,
    "command": str,
    "container": dict,
    "enterprise": dict,
    "event": dict,
    "message": dict,
    "response_url": str,
    "response_urls": list,
    "team": dict,
    "trigger_id": str,
    "user": dict,
    "view": dict,
}
# Of an event or a view.
OF_A_PART: Mapping[str, type | tuple[type, ...]] = {
    "blocks": list,
    "callback_id": str,
    "channel": (str, dict),
    "state": dict,
    "user": (str, dict),
}
NEEDS = {
    "event_callback": ("event",),
    "block_actions": ("actions", "user"),
    "block_suggestion": ("action_id", "user"),
    "interactive_message": ("actions",),
    "view_submission": ("view", "user"),
}

Endpoint = Callable[[Request], Awaitable[Response]]


def make_endpoint(app: AsyncApp, signing_secret: str) -> Endpoint:
    """What answers at the address: 401 where Slack has not signed it, 400 where it cannot be read."""
    verifier = SignatureVerifier(signing_secret)

    async def take(request: Request) -> Response:
        body = await read_body(request, LARGEST_BYTES)
        if body is None:
            return Response(status_code=413)
        text = body.decode("utf-8", "replace")  # what is changed by it is not what was signed
        if not _is_signed(verifier, text, request.headers):
            return Response(status_code=401)
        said = read_payload(text)
        if said is None:
            return Response(status_code=400)
        return to_starlette_response(await app.async_dispatch(AsyncBoltRequest(body=said, mode="socket_mode")))

    return take


def read_payload(text: str) -> dict[str, Any] | None:
    """An event as JSON, a command as a form, all else as a form with JSON in it; None for what is none of these."""
    try:
        form = {} if text.startswith("{") else dict(parse_qsl(text, keep_blank_values=True))
        said = form if form and "payload" not in form else json.loads(form.get("payload", text))
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) and _is_whole(said) else None


def _is_whole(said: Mapping[str, Any]) -> bool:
    kind = str(said.get("type"))
    if not _is_of_kinds(said, KINDS) or not all(said.get(one) for one in NEEDS.get(kind, ())):
        return False
    lists = [said[name] for name, of in KINDS.items() if of is list and said.get(name)]
    if not all(isinstance(one, dict) for several in lists for one in several):
        return False
    parts = [said[name] for name in ("event", "view") if said.get(name) is not None]
    return all(isinstance(one.get("type"), str) and _is_of_kinds(one, OF_A_PART) for one in parts) and (
        kind != "block_actions" or all(isinstance(one.get("action_id"), str) for one in said["actions"])
    )


def _is_of_kinds(said: Mapping[str, Any], kinds: Mapping[str, type | tuple[type, ...]]) -> bool:
    return all(said.get(name) is None or isinstance(said[name], kind) for name, kind in kinds.items())


def _is_signed(verifier: SignatureVerifier, text: str, headers: Mapping[str, str]) -> bool:
    timestamp = headers.get("x-slack-request-timestamp", "")
    signature = headers.get("x-slack-signature", "")
    is_time = timestamp.isascii() and timestamp.isdigit()
    return is_time and signature.isascii() and verifier.is_valid(text, timestamp, signature)
