"""Who is in a Slack workspace: read page by page, without bots, guests and closed accounts."""

from collections.abc import AsyncIterator, Mapping
from typing import Any, NamedTuple

from aiohttp import ClientConnectionError
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
    AsyncServerErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.slack.reading import name_address
from bot.directory.values import read_zone
from bot.settings.channels import SlackSettings
from flows.text import LANGUAGES

ON_A_PAGE = 200  # Slack asks for no more; without a limit it may refuse large workspaces
MOST_TRIES = 10  # of one page, where Slack says when to come again
MOST_TRIES_BLINDLY = 7  # where it does not: a minute in all, ever more slowly
SECONDS = 30
SLACKBOT = "USLACKBOT"
LEFT_OUT = ("deleted", "is_bot", "is_app_user", "is_restricted", "is_ultra_restricted", "is_stranger")


class Member(NamedTuple):
    """`address`: what Slack calls the person, with the workspace; `mail` in small letters; `language` and `zone` as
    the person has them there, None where Medvirk does not know them."""

    address: str
    mail: str
    language: str | None = None
    zone: str | None = None


def make_reader(settings: SlackSettings, token: str) -> AsyncWebClient:
    """A client for reading lists, which may wait and try a page again: nothing is shown twice by that. A reading that
    ends half-way, with its process, begins anew: what is kept on the way would be mails of people nobody let in."""
    client = AsyncWebClient(token=token, base_url=settings.api_url, timeout=SECONDS)
    client.retry_handlers = [
        AsyncRateLimitErrorRetryHandler(max_retry_count=MOST_TRIES),
        AsyncServerErrorRetryHandler(max_retry_count=MOST_TRIES_BLINDLY),
        AsyncConnectionErrorRetryHandler(
            max_retry_count=MOST_TRIES_BLINDLY, error_types=[ClientConnectionError, TimeoutError]
        ),
    ]
    return client


async def read_members(client: AsyncWebClient) -> AsyncIterator[list[Member]]:
    """Everybody who may be asked, a page at a time. Raises SlackApiError."""
    cursor = ""
    while True:
        answer = await client.users_list(limit=ON_A_PAGE, cursor=cursor, include_locale=True)
        yield [one for one in map(_read_member, answer.get("members") or []) if one is not None]
        cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            return


def _read_member(member: Mapping[str, Any]) -> Member | None:
    is_left_out = any(member.get(why) for why in LEFT_OUT)
    mail = str((member.get("profile") or {}).get("email") or "").lower()
    if is_left_out or member.get("id") == SLACKBOT or not mail or not member.get("team_id"):
        return None
    address = name_address(str(member["team_id"]), str(member["id"]))
    return Member(address, mail, _read_language(member.get("locale")), _read_zone(member.get("tz")))


def _read_language(locale: object) -> str | None:
    """The language of a locale such as 'nn-NO'. What only says Norwegian is bokmål."""
    code = str(locale or "").partition("-")[0].lower()
    return "nb" if code == "no" else code if code in LANGUAGES else None


def _read_zone(zone: object) -> str | None:
    try:
        return read_zone(str(zone)) if zone else None
    except ValueError:
        return None
