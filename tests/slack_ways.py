"""An office with Slack: what is done there comes to the real app as Slack sends it, signed; what is seen there is what
the emulator got."""

import json
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import httpx
from pydantic import SecretStr
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import select
from starlette.applications import Starlette

from bot.app import make_app
from bot.channels.slack.channel import PATH, SlackChannel
from bot.settings.channels import SlackSettings
from storage.tables import Address
from tests.office import Office
from tests.slack_payloads import PAYLOADS, payload, sign
from tests.slack_person import SlackPerson
from tests.slack_proxy import Proxy
from tests.slack_server import OTHER_TEAM, OTHER_TOKEN, SIGNING_SECRET, TEAM, TOKEN

__all__ = ["PAYLOADS", "SlackPerson", "Workspace", "payload", "sign"]


class Workspace:
    """An office with Slack: the app in it, and people who are known there. `beside` is another workspace of the same
    app."""

    def __init__(
        self,
        office: Office,
        proxy: Proxy,
        token: str = TOKEN,
        *,
        channel: SlackChannel | None = None,
        beside: "Workspace | None" = None,
    ) -> None:
        self.office, self.proxy = office, proxy
        self.team = TEAM if beside is None else OTHER_TEAM
        self.settings = SlackSettings(
            token=SecretStr(token), signing_secret=SecretStr(SIGNING_SECRET), api_url=proxy.url
        )
        self.channel: SlackChannel = channel or (SlackChannel(self.settings) if beside is None else beside.channel)
        self.channel.rates = {}  # this Slack bears all at once
        office.parts.channels["slack"] = self.channel  # type: ignore[index]
        self.app: Starlette = beside.app if beside else make_app(office.parts, office.world.clock, is_ticking=False)
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        self.http = httpx.AsyncClient(transport=transport, base_url="https://medvirk.solvik.example")
        asking = TOKEN if beside is None else OTHER_TOKEN
        self.client = AsyncWebClient(asking, base_url=proxy.url)  # what the tests themselves ask
        members = office.run(self.client.users_list(limit=100))["members"]
        self.ids = {one["real_name"].split()[0]: one["id"] for one in members}
        self.began: dict[str, str] = {}  # the newest message that somebody had before this test

    def bring_in(self, *names: str) -> list[SlackPerson]:
        """These people have an address in Slack from now on, which is preferred."""
        self.began |= {self.ids[name]: self._newest(self.ids[name]) for name in names}
        with self.office.parts.store.writing() as session:
            for name in names:
                person_id = self.office.id_of(name)
                value = f"{self.team}:{self.ids[name]}"
                if session.exec(select(Address).where(Address.value == value)).first() is None:
                    session.add(
                        Address(person_id=person_id, channel="slack", value=value, workspace=self.team, preferred=True)
                    )
        return [SlackPerson(self, name) for name in names]

    def send(self, said: Mapping[str, Any], *, is_form: bool = False, **headers: str) -> httpx.Response:
        """Slack tells of something: an event as JSON, a command as a form, all else as a form with a payload in it."""
        if said.get("type") in ("event_callback", "url_verification"):
            return self.post(json.dumps(said).encode(), "application/json", **headers)
        form = said if is_form else {"payload": json.dumps(said)}
        return self.post(urlencode(form).encode(), "application/x-www-form-urlencoded", **headers)

    def post(self, body: bytes, kind: str, **headers: str) -> httpx.Response:
        body = body.replace(TEAM.encode(), self.team.encode())
        signed = {"Content-Type": kind, **sign(body, time.time()), **headers}

        async def tell() -> httpx.Response:
            answer = await self.http.post(PATH, content=body, headers=signed)
            await self.channel.afterwards.finish()
            return answer

        answer: httpx.Response = self.office.run(tell())
        return answer

    def messages_to(self, person: str) -> list[dict[str, Any]]:
        """What the app has written to somebody since the office opened, oldest first."""
        return [one for one in reversed(self._history(person)) if one["ts"] > self.began[person]]

    def new_trigger(self, person: str) -> str:
        answer = self.office.run(self.client.api_call("views.generateTriggerId", json={"user_id": person}))
        return str(answer["trigger_id"])

    def _newest(self, person: str) -> str:
        return next((one["ts"] for one in self._history(person)), "")

    def _history(self, person: str) -> list[dict[str, Any]]:
        async def ask() -> list[dict[str, Any]]:
            channel = (await self.client.conversations_open(users=person))["channel"]["id"]
            found = await self.client.conversations_history(channel=channel, include_all_metadata=True, limit=200)
            return list(found["messages"])

        return list(self.office.run(ask()))
