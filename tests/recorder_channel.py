"""The channel to the tests' own platform: with and without a way to ask what became of a message."""

from collections.abc import Mapping
from datetime import timedelta

import httpx

from bot.cards import Card, as_text
from bot.channels.contract import DeliveryError
from bot.outbox.pacing import Pace, Rate

TOO_MANY, NOBODY, NOT_THERE = 429, 404, 404


class RecorderChannel:
    """Twice would be seen twice, and the platform cannot be asked."""

    def __init__(
        self,
        url: str,
        rate: Rate | None = None,
        *,
        at_once: int = 8,
        timeout_seconds: float = 5,
        is_safe_to_repeat: bool = False,
        name: str = "recorder",
    ) -> None:
        self.name = name
        self.rates: Mapping[str, Rate] = {"post": rate} if rate else {}
        self.at_once, self.is_safe_to_repeat = at_once, is_safe_to_repeat
        self._url, self._timeout_seconds = url, timeout_seconds
        self._client: httpx.AsyncClient | None = None

    async def send(self, address: str, card: Card, delivery_id: int, *, reference: str, pace: Pace) -> str:
        message = {"to": address, "reference": reference, "text": as_text(card)}
        await pace("post")
        try:
            answer = await self._open().post("/messages", json=message)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            says = f"the platform cannot be reached ({type(error).__name__})"
            raise DeliveryError(says, retry_after=timedelta(seconds=1), whole_lane=True) from None
        except httpx.HTTPError as error:
            raise DeliveryError(f"the answer was lost ({type(error).__name__})", uncertain=True) from None
        if answer.is_success:
            return str(answer.json()["id"])
        raise _understand(answer)

    async def close(self) -> None:
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    def _open(self) -> httpx.AsyncClient:
        if self._client is None:
            self._client = httpx.AsyncClient(base_url=self._url, timeout=self._timeout_seconds, trust_env=False)
        return self._client


class AskableRecorderChannel(RecorderChannel):
    """The platform is asked."""

    async def find(self, address: str, reference: str, *, pace: Pace) -> str | None:
        await pace("find")
        try:
            answer = await self._open().get("/messages", params={"to": address, "reference": reference})
        except httpx.HTTPError as error:
            raise DeliveryError(f"the platform does not say ({type(error).__name__})") from None
        if answer.status_code == NOT_THERE:
            return None
        if not answer.is_success:
            raise _understand(answer)
        return str(answer.json()["id"])


def _understand(answer: httpx.Response) -> DeliveryError:
    if answer.status_code == TOO_MANY:
        wait = timedelta(seconds=int(answer.headers["Retry-After"]))
        return DeliveryError("too many at once (429)", retry_after=wait, whole_lane=True)
    if answer.status_code == NOBODY:
        return DeliveryError("nobody (404)", permanent=True)
    wait = timedelta(seconds=1)
    return DeliveryError(f"the platform has trouble ({answer.status_code})", retry_after=wait)
