"""The token that opens a service by OAuth 2: fetched as client credentials, kept until shortly before it ends.

For mail, Exchange Online takes no passwords for SMTP from the end of 2026:
https://learn.microsoft.com/exchange/client-developer/legacy-protocols/how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth
"""

import asyncio
import re
from datetime import timedelta
from typing import NamedTuple
from urllib.parse import urlsplit

import httpx
from pydantic import SecretStr

from bot.channels.contract import DeliveryError

RENEWED_BEFORE_SECONDS = 120
USUAL_LIFE_SECONDS = 3600
RETRY = timedelta(minutes=15)
# What those who set it up meet most often, by Entra's own numbers:
# https://learn.microsoft.com/entra/identity-platform/reference-error-codes
MEANINGS = {
    "AADSTS90002": "there is no such tenant",
    "AADSTS700016": "the tenant knows no app with this client id",
    "AADSTS7000215": "the secret is wrong; write its value, not its id",
    "AADSTS7000222": "the secret has expired; make a new one",
}


class Grant(NamedTuple):
    """Where tokens come from and who asks for them. `variable` is the setting that names the place."""

    url: str
    client_id: str
    client_secret: SecretStr
    scope: str
    timeout_seconds: float
    variable: str


class Token:
    """One token at a time. Its age is told by the loop's own clock, which no daylight saving moves."""

    def __init__(self, grant: Grant) -> None:
        self._grant = grant
        self._value = ""
        self._ends = 0.0
        self._fetching = asyncio.Lock()  # several messages leave at once

    def forget(self) -> None:
        """The server did not take it."""
        self._value = ""

    async def get(self) -> str:
        """Raises DeliveryError, with what the token server said it was."""
        async with self._fetching:
            now = asyncio.get_running_loop().time()
            if not self._value or now >= self._ends:
                self._value, life_seconds = await self._fetch()
                self._ends = now + life_seconds - RENEWED_BEFORE_SECONDS
            return self._value

    async def _fetch(self) -> tuple[str, float]:
        grant = self._grant
        form = {
            "grant_type": "client_credentials",
            "client_id": grant.client_id,
            "client_secret": grant.client_secret.get_secret_value(),
            "scope": grant.scope,
        }
        try:
            async with httpx.AsyncClient(timeout=grant.timeout_seconds) as client:
                answer = await client.post(grant.url, data=form)
            said = answer.json()
            return str(said["access_token"]), float(said.get("expires_in", USUAL_LIFE_SECONDS))
        except httpx.HTTPError as error:
            host = urlsplit(grant.url).hostname
            trouble = f"{host} cannot be reached ({type(error).__name__}; {grant.variable} names it)"
        except (ValueError, KeyError, TypeError, AttributeError):
            trouble = f"{grant.variable} gives no token ({answer.status_code}); {_say_why(answer.text)}"
        raise DeliveryError(trouble, retry_after=RETRY, whole_lane=True)


def _say_why(said: str) -> str:
    found = re.search(r"AADSTS\d+", said)
    meaning = MEANINGS.get(found[0]) if found else None
    return f"{meaning} ({found[0]})" if found and meaning else "look at client id, secret and scope"
