"""Who has signed what arrives: the keys that Microsoft publishes for its bots, and what a token must say.

https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication
"""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import httpx
import jwt

ISSUER = "https://api.botframework.com"
CHANNEL = "msteams"
KEPT_SECONDS = 24 * 3600  # for as long as Microsoft asks keys to be kept at most
FETCHED_AGAIN_AFTER_SECONDS = 300  # for a key that is not among them: anybody may name one
LEEWAY_SECONDS = 300

log = logging.getLogger("medvirk.teams")


class KeysAway(Exception):
    """The keys cannot be fetched now; Teams will tell again."""


class Key(NamedTuple):
    public: jwt.PyJWK
    endorses: frozenset[str]  # the channels whose activities it may sign; empty where that is not said


class Keys:
    """The keys by their names, fetched beside everything else and kept."""

    def __init__(self, url: str, timeout_seconds: float, now: Callable[[], float] = time.monotonic) -> None:
        self._url, self._timeout, self._now = url, timeout_seconds, now
        self._keys: dict[str, Key] = {}
        self._fetched_at: float | None = None
        self._fetching = asyncio.Lock()

    async def find(self, name: str) -> Key | None:
        """Raises KeysAway where none have come yet."""
        if self._is_older(KEPT_SECONDS) or (name not in self._keys and self._is_older(FETCHED_AGAIN_AFTER_SECONDS)):
            async with self._fetching:
                if self._is_older(FETCHED_AGAIN_AFTER_SECONDS):
                    await self._fetch()
        return self._keys.get(name)

    def _is_older(self, seconds: float) -> bool:
        return self._fetched_at is None or self._now() - self._fetched_at > seconds

    async def _fetch(self) -> None:
        """Where it fails, those that there are hold; there are none at first."""
        try:
            async with httpx.AsyncClient(timeout=self._timeout) as client:
                about = (await client.get(self._url)).raise_for_status().json()
                told = (await client.get(about["jwks_uri"])).raise_for_status().json()
            keys = {one["kid"]: _read_key(one) for one in told["keys"] if one.get("kty") == "RSA" and one.get("kid")}
        except (
            httpx.HTTPError,
            httpx.InvalidURL,
            jwt.PyJWTError,
            ValueError,
            KeyError,
            TypeError,
            AttributeError,
        ) as error:
            log.warning("the keys of MEDVIRK_TEAMS_KEYS_URL cannot be fetched (%s)", type(error).__name__)
            if not self._keys:
                raise KeysAway from None
        else:
            self._keys = keys
        self._fetched_at = self._now()


def _read_key(told: Mapping[str, Any]) -> Key:
    return Key(jwt.PyJWK(dict(told), algorithm="RS256"), frozenset(told.get("endorsements") or ()))


async def is_signed(keys: Keys, token: str, app_id: str, service_url: str) -> bool:
    """Whether Microsoft has signed this for our app, now, from Teams, and to be answered at that address. Raises
    KeysAway."""
    try:
        name = jwt.get_unverified_header(token).get("kid")
        key = await keys.find(name) if isinstance(name, str) else None
        if key is None or (key.endorses and CHANNEL not in key.endorses):
            return False
        claims = jwt.decode(
            token,
            key.public,
            algorithms=["RS256"],
            audience=app_id,
            issuer=ISSUER,
            leeway=LEEWAY_SECONDS,
            options={"require": ["exp", "iss", "aud"]},
        )
    except (jwt.PyJWTError, ValueError, TypeError):
        return False
    signed = claims.get("serviceurl")
    return bool(service_url) and isinstance(signed, str) and signed.rstrip("/") == service_url.rstrip("/")
