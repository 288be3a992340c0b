"""The SMS channel: hands a short text in at a provider over HTTP, in one neutral format.

    POST MEDVIRK_SMS_URL            Authorization: Bearer MEDVIRK_SMS_TOKEN
    {"to": "+4740000000", "from": "Medvirk", "text": "…", "id": "4711.0f3a…"}

2xx: taken; an "id" in the answer is what the provider calls it. 400, 404, 410 or 422 with {"error": "recipient"}: this
number reaches nobody. A provider may drop a second request with the same "id". A provider with a format of its own
needs a few lines of translation between.
"""

from collections.abc import Mapping
from datetime import timedelta

import httpx

from bot.cards import Card
from bot.channels.contract import DeliveryError
from bot.channels.reference import make_reference
from bot.channels.sms_text import as_sms
from bot.outbox.pacing import Pace, Rate, at_will
from bot.settings.channels import SmsSettings

SMS = "sms"  # the one kind of call
RETRY = timedelta(minutes=5)
RETRY_WHEN_MENDED = timedelta(minutes=15)
LONGEST_WAIT = timedelta(hours=6)
REFUSED, UNAUTHORISED, TOO_MANY = (400, 404, 410, 422), (401, 403), 429
LONGEST_ID = 200


class SmsChannel:
    """`key` is the server's own secret: the `id` that goes along says nothing to others."""

    name = "sms"
    is_safe_to_repeat = False
    at_once = 4

    def __init__(self, settings: SmsSettings, organisation: str, key: bytes) -> None:
        self.rates: Mapping[str, Rate] = {SMS: Rate(settings.per_second)} if settings.per_second else {}
        self._settings, self._organisation, self._key = settings, organisation, key

    async def send(
        self, address: str, card: Card, delivery_id: int, *, reference: str = "", pace: Pace = at_will
    ) -> str:
        """What the provider calls the message comes back. Raises DeliveryError."""
        message = {
            "to": address,
            "from": self._settings.sender,
            "text": as_sms(card, self._organisation),
            "id": make_reference(self._key, delivery_id, address),
        }
        headers = {"Authorization": f"Bearer {self._settings.token.get_secret_value()}"}
        await pace(SMS)
        try:
            async with httpx.AsyncClient(timeout=self._settings.timeout_seconds) as client:
                answer = await client.post(self._settings.url, json=message, headers=headers)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError) as error:
            says = f"MEDVIRK_SMS_URL cannot be reached ({type(error).__name__})"
            raise DeliveryError(says, retry_after=RETRY, whole_lane=True) from None
        except httpx.HTTPError as error:
            says = f"the provider was lost before it said yes or no ({type(error).__name__})"
            raise DeliveryError(says, uncertain=True) from None
        if answer.is_success:
            return _read_field(answer, "id")[:LONGEST_ID]
        raise _understand(answer)


def _understand(answer: httpx.Response) -> DeliveryError:
    code = answer.status_code
    if code in REFUSED and _read_field(answer, "error") == "recipient":
        return DeliveryError(f"this number reaches nobody ({code})", permanent=True)
    if code in UNAUTHORISED:
        says = f"the provider refuses MEDVIRK_SMS_TOKEN ({code})"
        return DeliveryError(says, retry_after=RETRY_WHEN_MENDED, whole_lane=True)
    if code == TOO_MANY:
        return DeliveryError(f"too many at once ({code})", retry_after=_read_wait(answer), whole_lane=True)
    if answer.is_server_error:
        return DeliveryError(f"the provider has trouble ({code})", uncertain=True)
    return DeliveryError(f"the provider does not take what we hand in ({code})", retry_after=RETRY_WHEN_MENDED)


def _read_field(answer: httpx.Response, name: str) -> str:
    try:
        said = answer.json()
    except ValueError:
        return ""
    value = said.get(name) if isinstance(said, dict) else None
    return str(value) if isinstance(value, str | int) else ""


def _read_wait(answer: httpx.Response) -> timedelta:
    """How long to wait, where the provider says so in seconds (RFC 9110, Retry-After)."""
    said = answer.headers.get("Retry-After", "")
    return min(timedelta(seconds=int(said[:9])), LONGEST_WAIT) if said.isascii() and said.isdigit() else RETRY
