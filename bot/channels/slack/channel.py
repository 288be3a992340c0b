"""The Slack channel: posts a card to a person by the Web API, once, and looks for it again where the answer was lost.
In one workspace it writes with the token of the settings; in several, with what it was given in each.

The library's own ways to try again are off: after a lost response they would post twice. What is tried again, and when,
is the outbox's to say.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from functools import partial
from typing import Any

import aiohttp
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from starlette.routing import BaseRoute, Route

from bot.cards import Card
from bot.channels.contract import DeliveryError
from bot.channels.slack.afterwards import Afterwards
from bot.channels.slack.arriving import make_endpoint
from bot.channels.slack.elements import Json
from bot.channels.slack.handling import listen
from bot.channels.slack.installing import make_install_routes
from bot.channels.slack.posting import HISTORY, OPEN, POST, UPDATE, MayNotLook, NotTaken, Posting
from bot.channels.slack.reading import split_address
from bot.channels.slack.several import Several
from bot.channels.slack.uploading import BEGIN, COMPLETE, bring_pictures
from bot.door import Door
from bot.outbox.pacing import Pace, Rate, at_will
from bot.settings.channels import SlackSettings

PATH = "/slack/events"
TIMEOUT_SECONDS = 15
PING_SECONDS = 5  # by when a connection of Socket Mode that was lost without a word is made anew
TIER_3, TIER_4 = Rate(50 / 60, 5), Rate(100 / 60, 10)
RETRY = timedelta(minutes=1)
RETRY_WHEN_MENDED = timedelta(minutes=15)
REACHES_NOBODY = {
    "cannot_dm_bot": "this is a bot",
    "channel_not_found": "Slack knows no such person",
    "is_archived": "the conversation is archived",
    "messages_tab_disabled": "messages to the app are turned off",
    "restricted_action": "this person may not be written to",
    "user_disabled": "the account has been closed",
    "user_not_found": "Slack knows no such person",
    "user_not_visible": "this person cannot be seen by the app",
}
# Of the token, whoever is written to: https://docs.slack.dev/reference/methods/chat.postMessage#errors. That an account
# is inactive is said of the app's own, after it was taken out of a workspace.
REFUSES_TOKEN = {"account_inactive", "invalid_auth", "not_authed", "token_expired", "token_revoked"}
NOT_LET_IN = {"missing_scope", "app_missing_action_url"}


class SlackChannel:
    """The app in one workspace, or in several."""

    name = "slack"
    is_safe_to_repeat = False
    at_once = 4
    # Several hundred messages a minute are allowed for a workspace, about one a second for each person; tier 3 is 50.
    rates: Mapping[str, Rate] = {
        POST: Rate(5, 5),
        UPDATE: TIER_3,
        OPEN: TIER_3,
        HISTORY: TIER_3,
        BEGIN: TIER_4,
        COMPLETE: TIER_4,
    }
    waits_for_pictures: Sequence[float] = (1, 3)

    def __init__(self, settings: SlackSettings, several: Several | None = None) -> None:
        self._settings, self._several = settings, several
        self._client = make_client(settings)
        self.afterwards = Afterwards()

    def routes(self, door: Door) -> list[BaseRoute]:
        """Where Slack calls, unless we call Slack; and where the app is installed, if in several workspaces."""
        routes: list[BaseRoute] = []
        if self._several is not None:
            several = self._several
            routes += make_install_routes(self._settings, self._client, several.store, several.key, door)
        if not self._settings.app_token.get_secret_value():
            take = make_endpoint(self._make_app(door), self._settings.signing_secret.get_secret_value())
            routes.append(Route(PATH, take, methods=["POST"]))
        return routes

    @asynccontextmanager
    async def listen(self, door: Door) -> AsyncIterator[None]:
        """Keep connections to Slack open; and where there is a token of the app's own, hear by one of them (Socket
        Mode)."""
        token = self._settings.app_token.get_secret_value()
        async with AsyncExitStack() as open_until_then:
            timeout = aiohttp.ClientTimeout(total=TIMEOUT_SECONDS)
            self._client.session = await open_until_then.enter_async_context(aiohttp.ClientSession(timeout=timeout))
            open_until_then.push_async_callback(self.afterwards.finish)
            if token:
                await open_until_then.enter_async_context(self._hear_by_socket(door, token))
            yield

    @asynccontextmanager
    async def _hear_by_socket(self, door: Door, token: str) -> AsyncIterator[None]:
        """The library tries to connect until it can; meanwhile all else goes on."""
        handler = AsyncSocketModeHandler(
            self._make_app(door), token, web_client=self._client, ping_interval=PING_SECONDS
        )
        connecting = asyncio.create_task(handler.connect_async())  # type: ignore[no-untyped-call]
        try:
            yield
        finally:
            await handler.close_async()  # type: ignore[no-untyped-call]
            connecting.cancel()
            await asyncio.wait([connecting])

    def _make_app(self, door: Door) -> AsyncApp:
        """Slack hears that something came when it is stored, not before."""
        app = AsyncApp(
            client=self._client,
            signing_secret=self._settings.signing_secret.get_secret_value(),
            authorize=self._several,  # type: ignore[arg-type]  # the library takes None for "not installed"
            process_before_response=True,
            raise_error_for_unhandled_request=True,  # so that we hear of it and say yes
        )
        listen(app, door, self.afterwards)
        return app

    async def _find_token(self, workspace: str) -> str:
        """Raises DeliveryError where there is none."""
        if self._several is None:
            return self._settings.token.get_secret_value()
        token = await self._several.find_token(workspace)
        if token is None:
            raise DeliveryError("the app is not installed in the workspace", put_out=True)
        return token

    async def send(
        self, address: str, card: Card, delivery_id: int, *, reference: str = "", pace: Pace = at_will
    ) -> str:
        """'D123:1700000000.0001' comes back: the conversation and the message in it. Raises DeliveryError."""
        workspace, person = split_address(address)
        call = partial(self._call, workspace)
        pictures = await bring_pictures(self._client, await self._find_token(workspace), card, pace)
        return await Posting(call, person, reference, pace, self.waits_for_pictures).post(card, pictures)

    async def edit(self, address: str, card: Card, external_id: str, *, pace: Pace) -> None:
        workspace, _ = split_address(address)
        try:
            await Posting(partial(self._call, workspace), "", "", pace).post_anew(card, external_id)
        except DeliveryError as error:
            if not error.uncertain:
                raise
            raise DeliveryError(str(error), retry_after=RETRY) from None

    async def find(self, address: str, reference: str, *, pace: Pace) -> str | None:
        """Look through what was last written to the person. Raises DeliveryError."""
        workspace, person = split_address(address)
        return await Posting(partial(self._call, workspace), person, reference, pace).find()

    async def _call(self, workspace: str, method: str, said: Json) -> Mapping[str, Any]:
        token = await self._find_token(workspace)
        try:
            answer = await self._client.api_call(method, json={**said, "token": token})  # which goes into a header
        except SlackApiError as error:
            if _name(error) in REFUSES_TOKEN:
                raise await self._explain_refusal(workspace, token, _name(error)) from None
            raise _understand(error, method) from None
        except aiohttp.ClientConnectorError:
            raise DeliveryError("Slack cannot be reached", retry_after=RETRY, whole_lane=True) from None
        except (TimeoutError, aiohttp.ClientError, SlackClientError, OSError) as error:
            says = f"Slack was lost before it said yes or no ({type(error).__name__})"
            raise DeliveryError(says, uncertain=True) from None
        data = answer.data
        return data if isinstance(data, dict) else {}

    async def _explain_refusal(self, workspace: str, token: str, said: str) -> DeliveryError:
        """The app is out, unless it was installed again while this was on its way."""
        says = f"Slack refuses the app ({said})"
        newest = await self._several.find_token(workspace) if self._several else token
        is_new = newest not in (None, token)
        return DeliveryError(says, retry_after=RETRY) if is_new else DeliveryError(says, put_out=True)


def make_client(settings: SlackSettings) -> AsyncWebClient:
    """A client that tries nothing again by itself."""
    token = settings.token.get_secret_value() or None
    return AsyncWebClient(token=token, base_url=settings.api_url, timeout=TIMEOUT_SECONDS, retry_handlers=[])


def _name(error: SlackApiError) -> str:
    return str(error.response.get("error", "")) if isinstance(error.response.data, dict) else ""


def _understand(error: SlackApiError, method: str) -> DeliveryError:
    """What Slack's refusal means for this message and the lane. Nothing of the message is in what is said."""
    response = error.response
    status, said = response.status_code, _name(error)
    if status == 429 or said in ("ratelimited", "rate_limited"):
        seconds = str(response.headers.get("Retry-After", ""))
        wait = timedelta(seconds=int(seconds)) if seconds.isascii() and seconds.isdigit() else RETRY
        return DeliveryError("too many at once", retry_after=wait, whole_lane=True)
    if status >= 500 or said in ("internal_error", "fatal_error", "request_timeout", "service_unavailable"):
        return DeliveryError(f"Slack has trouble ({status} {said})".rstrip(), uncertain=True)
    if said in REACHES_NOBODY:
        return DeliveryError(f"{REACHES_NOBODY[said]} ({said})", permanent=True)
    if said == "missing_scope" and method != POST:  # without it one cannot look back; sending goes on
        return MayNotLook(f"the app may not look for what it has sent ({said})", retry_after=RETRY_WHEN_MENDED)
    if said in NOT_LET_IN:
        return DeliveryError(f"Slack refuses the app ({said})", retry_after=RETRY_WHEN_MENDED, whole_lane=True)
    return NotTaken(f"Slack does not take the message ({said or status})", retry_after=RETRY_WHEN_MENDED)
