"""A token that an app is let in by: fetched with its id and secret (client credentials), kept until shortly before it
ends. For mail (XOAUTH2) and for Microsoft Graph.

Exchange Online takes no passwords for SMTP from the end of 2026:
https://learn.microsoft.com/exchange/client-developer/legacy-protocols/how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth
"""

import asyncio
import re
from dataclasses import dataclass

import httpx
from pydantic import SecretStr

RENEWED_BEFORE_SECONDS = 120
USUAL_LIFE_SECONDS = 3600
# What Entra's numbers mean that those who set it up meet most often:
# https://learn.microsoft.com/entra/identity-platform/reference-error-codes
MEANINGS = {
    "AADSTS90002": "there is no such tenant",
    "AADSTS900023": "the tenant id is none",
    "AADSTS700016": "the tenant knows no app with this client id",
    "AADSTS7000215": "the secret is wrong; write its value, not its id",
    "AADSTS7000222": "the secret has expired; make a new one",
}


class NoToken(Exception):
    """The server that gives tokens gives none; the text names the variable to look at."""


@dataclass(frozen=True)
class Client:
    """Who asks for a token, where and what for. `variable` is the setting that has the address."""

    url: str
    client_id: str
    client_secret: SecretStr
    scope: str
    timeout_seconds: float
    variable: str


class Token:
    """One token at a time. Its age is told by the loop's own clock, which no daylight saving moves."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._value = ""
        self._ends = 0.0
        self._fetching = asyncio.Lock()  # several calls are made at once

    def forget(self) -> None:
        """The server did not take it."""
        self._value = ""

    async def get(self) -> str:
        """Raises NoToken, with what the token server said it was."""
        async with self._fetching:
            now = asyncio.get_running_loop().time()
            if not self._value or now >= self._ends:
                self._value, life_seconds = await self._fetch()
                self._ends = now + life_seconds - RENEWED_BEFORE_SECONDS
            return self._value

    async def _fetch(self) -> tuple[str, float]:
        client = self._client
        form = {
            "grant_type": "client_credentials",
            "client_id": client.client_id,
            "client_secret": client.client_secret.get_secret_value(),
            "scope": client.scope,
        }
        try:
            async with httpx.AsyncClient(timeout=client.timeout_seconds) as http:
                answer = await http.post(client.url, data=form)
            said = answer.json()
            return str(said["access_token"]), float(said.get("expires_in", USUAL_LIFE_SECONDS))
        except httpx.HTTPError as error:
            trouble = f"{client.variable} cannot be reached ({type(error).__name__})"
        except (ValueError, KeyError, TypeError, AttributeError):
            trouble = f"{client.variable} gives no token ({answer.status_code}); {_say_why(answer.text)}"
        raise NoToken(trouble)


def _say_why(said: str) -> str:
    found = re.search(r"AADSTS\d+", said)
    meaning = MEANINGS.get(found[0], "") if found else ""
    return f"{meaning} ({found[0]})" if found and meaning else "look at client id, secret and scope"
