"""Who is in a Slack workspace: read page by page, without bots, guests and closed accounts."""

from collections.abc import AsyncIterator, Mapping
from typing import Any, NamedTuple

from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.slack.reading import name_address
from bot.settings.channels import SlackSettings

ON_A_PAGE = 200  # Slack asks for no more; without a limit it may refuse large workspaces
MOST_TRIES = 10
SECONDS = 30
SLACKBOT = "USLACKBOT"
LEFT_OUT = ("deleted", "is_bot", "is_app_user", "is_restricted", "is_ultra_restricted", "is_stranger")


class Member(NamedTuple):
    """`address`: what Slack calls the person, with the workspace; `mail` in small letters."""

    address: str
    mail: str


def make_reader(settings: SlackSettings, token: str) -> AsyncWebClient:
    """A client for reading lists, which may wait and try again: nothing is shown twice by that."""
    client = AsyncWebClient(token=token, base_url=settings.api_url, timeout=SECONDS)
    client.retry_handlers = [
        AsyncRateLimitErrorRetryHandler(max_retry_count=MOST_TRIES),
        AsyncConnectionErrorRetryHandler(max_retry_count=MOST_TRIES),
    ]
    return client


async def read_members(client: AsyncWebClient) -> AsyncIterator[list[Member]]:
    """Everybody who may be asked, a page at a time. Raises SlackApiError."""
    cursor = ""
    while True:
        answer = await client.users_list(limit=ON_A_PAGE, cursor=cursor)
        yield [one for one in map(_read_member, answer.get("members") or []) if one is not None]
        cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            return


def _read_member(member: Mapping[str, Any]) -> Member | None:
    is_left_out = any(member.get(why) for why in LEFT_OUT)
    mail = str((member.get("profile") or {}).get("email") or "").lower()
    if is_left_out or member.get("id") == SLACKBOT or not mail or not member.get("team_id"):
        return None
    return Member(name_address(str(member["team_id"]), str(member["id"])), mail)
