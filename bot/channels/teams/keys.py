"""Who has signed what arrives: the keys that Microsoft publishes for its bots, and what a token must say.

https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication
"""

import asyncio
import logging
import math
import time
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import httpx
import jwt

ISSUER = "https://api.botframework.com"
CHANNEL = "msteams"
KEPT_SECONDS = 24 * 3600  # for as long as Microsoft asks keys to be kept at most
RENEWED_AFTER_SECONDS = KEPT_SECONDS / 2  # so that Microsoft may be away for a while before they end
TRIED_AGAIN_AFTER_SECONDS = 10  # where none hold: anybody may ask for one
FETCHED_AGAIN_AFTER_SECONDS = 300  # where some hold, for a key that is not among them: anybody may name one
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
        self._fetched_at = self._tried_at = -math.inf
        self._fetching = asyncio.Lock()

    async def find(self, name: str) -> Key | None:
        """Raises KeysAway where none have come yet, or those that came have ended."""
        if self._is_to_fetch(name):
            async with self._fetching:
                if self._is_to_fetch(name):
                    await self._fetch()
        if not self._hold:
            raise KeysAway
        return self._keys.get(name)

    @property
    def _hold(self) -> bool:
        return self._now() - self._fetched_at <= KEPT_SECONDS

    def _is_to_fetch(self, name: str) -> bool:
        waits = FETCHED_AGAIN_AFTER_SECONDS if self._hold else TRIED_AGAIN_AFTER_SECONDS
        is_wanted = name not in self._keys or self._now() - self._fetched_at > RENEWED_AFTER_SECONDS
        return is_wanted and self._now() - self._tried_at > waits

    async def _fetch(self) -> None:
        """Where it fails, those that there are hold until they end."""
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
        else:
            self._keys, self._fetched_at = keys, self._now()
        finally:
            self._tried_at = self._now()


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
