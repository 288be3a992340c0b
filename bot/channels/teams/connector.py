"""What we ask of Teams: to open a conversation, to show a card, to show it anew, and who somebody is. What Teams says
to that is understood here."""

import random
import warnings
from collections.abc import Awaitable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import httpx

from bot.channels.contract import DeliveryError
from bot.channels.teams.elements import Json

if TYPE_CHECKING:
    from microsoft_teams.api import ApiClient

T = TypeVar("T")

CARD = "application/vnd.microsoft.card.adaptive"
RETRY_SECONDS = 60
RETRY_WHEN_MENDED = timedelta(minutes=15)
TRY_AGAIN = (412, 502, 503, 504)  # https://learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit
BLOCKED = "this person has blocked the app"
REACHES_NOBODY = {
    "botnotinconversationroster": "the app is not installed for this person",
    "conversationblockedbyuser": BLOCKED,
    "messagewritesblocked": BLOCKED,
    "conversationnotfound": "Teams knows no such conversation",
    "usernotfound": "Teams knows no such person",
    "botdisabledbyadmin": "an administrator has turned the app off",
    "forbidden": "the app may not write to this person; it may not be installed, or this is a guest",
    "notfound": "Teams knows no such person",
}


class Connector:
    """Calls by the library's client. Each raises DeliveryError."""

    def __init__(self, api: "ApiClient") -> None:
        self._api = api
        self._clients: dict[str, Any] = {}  # by where Teams is spoken to: there are few such addresses

    async def close(self) -> None:
        await self._api.http.http.aclose()

    async def open(self, service_url: str, tenant: str, person: str) -> str:
        """The conversation with somebody by their id in Entra. Opening it again finds the same one."""
        from microsoft_teams.api.clients.conversation.params import CreateConversationParams
        from microsoft_teams.api.models.account import Account

        channel_data = {"tenant": {"id": tenant}}
        asked = CreateConversationParams(members=[Account(id=person)], tenant_id=tenant, channel_data=channel_data)
        opened = await _ask(self._at(service_url).create(asked), is_safe_to_repeat=True)
        return str(opened.id)

    async def post(self, service_url: str, conversation: str, card: Json, summary: str) -> str:
        """Show a card; what Teams calls the message comes back. `summary` is all that a notice shows of it."""
        sent = await _ask(self._at(service_url).create_activity(conversation, _make_message(card, summary)))
        return str(sent.id)

    async def update(self, service_url: str, conversation: str, message: str, card: Json, summary: str) -> None:
        made = _make_message(card, summary)
        await _ask(self._at(service_url).update_activity(conversation, message, made), is_safe_to_repeat=True)

    async def find_mails(self, service_url: str, conversation: str, person: str) -> list[str]:
        """The mail addresses under which the tenant has somebody; none for a guest, whose mail is another's to give."""
        member = await _ask(self._at(service_url).get_member_by_id(conversation, person), is_safe_to_repeat=True)
        known = [one.lower() for one in (member.email, member.user_principal_name) if one]
        is_guest = (member.user_role or "").lower() in ("guest", "anonymous") or any("#ext#" in one for one in known)
        return [] if is_guest else known

    def _at(self, service_url: str) -> Any:
        if service_url not in self._clients:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # it warns of its own parts whenever one is made
                self._clients[service_url] = self._api.clone(service_url=service_url).conversations
        return self._clients[service_url]


def _make_message(card: Json, summary: str) -> Any:
    from microsoft_teams.api.activities.message.message import MessageActivityInput
    from microsoft_teams.api.models.attachment.attachment import Attachment

    return MessageActivityInput(summary=summary, attachments=[Attachment(content_type=CARD, content=card)])


async def _ask(call: Awaitable[T], *, is_safe_to_repeat: bool = False) -> T:
    """What Teams answers. Where its answer was lost, a message may have arrived."""
    try:
        return await call
    except httpx.HTTPStatusError as error:
        raise _understand(error.response, is_safe_to_repeat=is_safe_to_repeat) from None
    except (httpx.ConnectError, httpx.ConnectTimeout):
        raise DeliveryError("Teams cannot be reached", retry_after=_soon(), whole_lane=True) from None
    except (httpx.InvalidURL, httpx.UnsupportedProtocol):
        raise DeliveryError("Teams gave no address that can be called", retry_after=RETRY_WHEN_MENDED) from None
    except (httpx.HTTPError, ValueError, KeyError, TypeError, AttributeError) as error:
        lost = f"the answer was lost ({type(error).__name__})"
        raise DeliveryError(lost, uncertain=not is_safe_to_repeat, retry_after=_soon()) from None


def _understand(answer: httpx.Response, *, is_safe_to_repeat: bool) -> DeliveryError:
    """What Teams' refusal means for this message and the lane. Nothing of the message is in what is said."""
    status, code = answer.status_code, _read_code(answer)
    said = f"{status} {code}".strip()
    if status == 429:
        return DeliveryError("too many at once", retry_after=_read_wait(answer.headers), whole_lane=True)
    if status in TRY_AGAIN:
        return DeliveryError(f"Teams has trouble ({said})", retry_after=_soon())
    if status >= 500:
        return DeliveryError(f"Teams has trouble ({said})", uncertain=not is_safe_to_repeat, retry_after=_soon())
    if status == 401:
        return DeliveryError(f"Teams refuses the app ({said})", retry_after=RETRY_WHEN_MENDED, whole_lane=True)
    if status in (403, 404):
        usual = "forbidden" if status == 403 else "notfound"
        return DeliveryError(f"{REACHES_NOBODY.get(code.lower(), REACHES_NOBODY[usual])} ({said})", permanent=True)
    return DeliveryError(f"Teams does not take the message ({said})", retry_after=RETRY_WHEN_MENDED)


def _read_code(answer: httpx.Response) -> str:
    """Teams' own word for it, where it is one: never a sentence, which may hold anything."""
    try:
        error = answer.json()["error"]
    except (ValueError, KeyError, TypeError):
        return ""
    found = [error.get("code", "")] if isinstance(error, dict) else []
    inner = error.get("innerHttpError") or error.get("innererror") or error.get("innerError") if found else None
    found += [inner.get("code", "")] if isinstance(inner, dict) else []
    words = [one for one in found if isinstance(one, str) and one.isascii() and one.isalnum() and len(one) < 60]
    return next((one for one in words if one.lower() in REACHES_NOBODY), words[0] if words else "")


def _read_wait(headers: Mapping[str, str]) -> timedelta:
    seconds = headers.get("Retry-After", "")
    return timedelta(seconds=int(seconds)) if seconds.isascii() and seconds.isdigit() and len(seconds) < 7 else _soon()


def _soon() -> timedelta:
    """About a minute, and not all at the same moment."""
    return timedelta(seconds=RETRY_SECONDS * random.uniform(0.5, 1.5))
