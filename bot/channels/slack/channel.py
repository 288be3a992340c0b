"""The Slack channel: posts a card to a person by the Web API, once, and looks for it again where the answer was lost.

The library's own ways to try again are off: after a lost response they would post twice. What is tried again, and when,
is the outbox's to say.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.cards import Card
from bot.channels.contract import DeliveryError
from bot.channels.slack.elements import Json
from bot.channels.slack.reading import split_address
from bot.channels.slack.views import make_message
from bot.channels.slack.words import labels_in
from bot.pacing import Pace, Rate, at_will

POST, OPEN, HISTORY = "chat.postMessage", "conversations.open", "conversations.history"
EVENT = "medvirk"  # the type of our messages' metadata
RETRY = timedelta(minutes=1)
RETRY_WHEN_MENDED = timedelta(minutes=15)
LOOK_BACK = 50  # messages: more than what anybody gets from us in a day
REACHES_NOBODY = {
    "account_inactive": "the account has been closed",
    "cannot_dm_bot": "this is a bot",
    "channel_not_found": "Slack knows no such person",
    "is_archived": "the conversation is archived",
    "messages_tab_disabled": "messages to the app are turned off",
    "restricted_action": "this person may not be written to",
    "user_disabled": "the account has been closed",
    "user_not_found": "Slack knows no such person",
    "user_not_visible": "this person cannot be seen by the app",
}
NOT_LET_IN = {"invalid_auth", "not_authed", "token_revoked", "token_expired", "missing_scope", "app_missing_action_url"}

FindClient = Callable[[str], AsyncWebClient | None]  # by the workspace


class SlackChannel:
    """`find_client` gives the client with the workspace's own token; None where the app is not installed there."""

    name = "slack"
    is_safe_to_repeat = False
    at_once = 4
    # Several hundred messages a minute are allowed for a workspace, about one a second for each person.
    rates: Mapping[str, Rate] = {POST: Rate(5, 5), OPEN: Rate(50 / 60, 5), HISTORY: Rate(50 / 60, 5)}

    def __init__(self, find_client: FindClient) -> None:
        self._find_client = find_client

    async def send(
        self, address: str, card: Card, delivery_id: int, *, reference: str = "", pace: Pace = at_will
    ) -> str:
        """'D123:1700000000.0001' comes back: the conversation and the message in it. Raises DeliveryError."""
        message = make_message(card, labels_in(card.language))
        metadata = {"event_type": EVENT, "event_payload": {"reference": reference}}
        _, person = split_address(address)
        await pace(POST)
        answer = await self._call(address, POST, json={"channel": person, "metadata": metadata, **message})
        return f"{answer['channel']}:{answer['ts']}"

    async def find(self, address: str, reference: str, *, pace: Pace) -> str | None:
        """Look through what was last written to the person. Raises DeliveryError."""
        _, person = split_address(address)
        await pace(OPEN)
        channel = (await self._call(address, OPEN, json={"users": person}))["channel"]["id"]
        await pace(HISTORY)
        query = {"channel": channel, "limit": LOOK_BACK, "include_all_metadata": True}
        for message in (await self._call(address, HISTORY, json=query))["messages"]:
            payload = (message.get("metadata") or {}).get("event_payload") or {}
            if payload.get("reference") == reference:
                return f"{channel}:{message['ts']}"
        return None

    async def _call(self, address: str, method: str, json: Json) -> Mapping[str, Any]:
        workspace, _ = split_address(address)
        client = self._find_client(workspace)
        if client is None:
            says = "the app is not installed in this workspace"
            raise DeliveryError(says, retry_after=RETRY_WHEN_MENDED, whole_lane=True)
        try:
            answer = await client.api_call(method, json=json)
        except SlackApiError as error:
            raise _understand(error) from None
        except aiohttp.ClientConnectorError:
            raise DeliveryError("Slack cannot be reached", retry_after=RETRY, whole_lane=True) from None
        except (TimeoutError, aiohttp.ClientError, SlackClientError, OSError) as error:
            says = f"Slack was lost before it said yes or no ({type(error).__name__})"
            raise DeliveryError(says, uncertain=True) from None
        data = answer.data
        return data if isinstance(data, dict) else {}


def make_client(token: str, base_url: str) -> AsyncWebClient:
    """A client that tries nothing again by itself."""
    return AsyncWebClient(token=token, base_url=base_url, timeout=15, retry_handlers=[])


def _understand(error: SlackApiError) -> DeliveryError:
    """What Slack's refusal means for this message and the lane. Nothing of the message is in what is said."""
    response = error.response
    status, said = response.status_code, str(response.get("error", "")) if isinstance(response.data, dict) else ""
    if status == 429 or said in ("ratelimited", "rate_limited"):
        seconds = str(response.headers.get("Retry-After", ""))
        wait = timedelta(seconds=int(seconds)) if seconds.isascii() and seconds.isdigit() else RETRY
        return DeliveryError("too many at once", retry_after=wait, whole_lane=True)
    if status >= 500 or said in ("internal_error", "fatal_error", "request_timeout", "service_unavailable"):
        return DeliveryError(f"Slack has trouble ({status} {said})".rstrip(), uncertain=True)
    if said in REACHES_NOBODY:
        return DeliveryError(f"{REACHES_NOBODY[said]} ({said})", permanent=True)
    if said in NOT_LET_IN:
        return DeliveryError(f"Slack refuses the app ({said})", retry_after=RETRY_WHEN_MENDED, whole_lane=True)
    return DeliveryError(f"Slack does not take the message ({said or status})", retry_after=RETRY_WHEN_MENDED)
