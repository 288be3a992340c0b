"""People in Slack: what they see there, and what they do. What they do comes to the real app as Slack sends it, signed;
what they see is what the emulator got."""

import copy
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
from pydantic import SecretStr
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import select
from starlette.applications import Starlette

from bot.app import make_app
from bot.channel_settings import SlackSettings
from bot.channels.slack.channel import PATH, SlackChannel
from storage.tables import Address
from tests.office import Office
from tests.slack_forms import Written, buttons_of, find_unsent, make_state, text_of
from tests.slack_proxy import Proxy
from tests.slack_server import OTHER_TEAM, OTHER_TOKEN, SIGNING_SECRET, TEAM, TOKEN

PAYLOADS = Path(__file__).parent / "payloads" / "slack"
RETRIES = 3


def payload(name: str) -> dict[str, Any]:
    """A recorded payload, to be changed at will."""
    return dict(json.loads((PAYLOADS / f"{name}.json").read_text()))


def sign(body: bytes, at: float, secret: str = SIGNING_SECRET) -> dict[str, str]:
    """Slack's signature: https://docs.slack.dev/authentication/verifying-requests-from-slack."""
    digest = hmac.new(secret.encode(), b"v0:%d:%s" % (int(at), body), hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": str(int(at)), "X-Slack-Signature": f"v0={digest}"}


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

    def bring_in(self, *names: str) -> list["SlackPerson"]:
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
        answer: httpx.Response = self.office.run(self.http.post(PATH, content=body, headers=signed))
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


class SlackPerson:
    """One person: reads messages, presses buttons, fills in modals. `errors` is what stands at the fields after a modal
    was sent and not taken."""

    def __init__(self, workspace: Workspace, name: str) -> None:
        self.workspace, self.name = workspace, name
        self.id = workspace.ids[name]
        self.errors: dict[str, str] = {}
        self.modal_id = ""

    # What stands there

    @property
    def messages(self) -> list[str]:
        return [text_of(one["blocks"]) for one in self.workspace.messages_to(self.id)]

    @property
    def modal(self) -> dict[str, Any]:
        assert self.modal_id, f"no modal is open to {self.name}"
        return self.workspace.proxy.shown[self.modal_id]

    @property
    def text(self) -> str:
        """The words of the modal."""
        return text_of(self.modal["blocks"])

    @property
    def home(self) -> dict[str, Any]:
        return self.workspace.proxy.homes[self.id]

    # What is done

    def press(self, label: str, message: dict[str, Any] | None = None) -> "SlackPerson":
        """A button of the newest message that has one with this label, or of `message`."""
        newest = [message] if message else reversed(self.workspace.messages_to(self.id))
        for one in newest:
            for button in buttons_of(one["blocks"]):
                if button["text"]["text"] == label:
                    return self.press_in_message(button, one)
        raise AssertionError(f"{self.name} has no message with a button {label!r}")

    def press_in_message(self, button: Mapping[str, Any], message: Mapping[str, Any]) -> "SlackPerson":
        shown = {key: message[key] for key in ("user", "type", "ts", "text", "blocks")}
        said = payload("block_actions_message") | {"message": shown, "actions": [self._act(button)]}
        said["container"] = {**said["container"], "message_ts": message["ts"]}
        return self._tell(said)

    def press_in_modal(self, label: str, **written: Any) -> "SlackPerson":
        self._tell(self._press_in(self.modal, label, written))
        return self

    def press_at_home(self, label: str, number: int = 0) -> "SlackPerson":
        return self._tell(self._press_in(self.home, label, {}, number))

    def submit(self, **written: str | list[str]) -> "SlackPerson":
        """Fill in the modal and send it, as Slack's app does: what is missing or too long is not even sent."""
        state = make_state(self.modal, written)
        unsent = find_unsent(self.modal, state)
        assert not unsent, f"Slack does not send a modal with {unsent} like this"
        return self.submit_unchecked(state)

    def submit_unchecked(self, state: Mapping[str, Any]) -> "SlackPerson":
        said = payload("view_submission") | {"view": {**self.modal, "state": dict(state)}}
        answer = self._send(said)
        told = answer.json() if answer.content else {}
        self.errors = told.get("errors", {})
        assert self.errors.keys() <= {one.get("block_id") for one in self.modal["blocks"]}
        if told.get("response_action") == "update":
            self.workspace.proxy.shown[self.modal_id] = {**self.modal, "submit": None, **told["view"]}
        elif not told:
            self.modal_id = ""
        return self

    def fill_in(self, answers: Written) -> "SlackPerson":
        """Send modal after modal, until there is nothing more to send."""
        for _ in range(8):
            if not self.modal.get("submit"):
                return self
            here = {one["block_id"] for one in self.modal["blocks"] if one["type"] == "input"}
            self.submit(**{name: given for name, given in answers.items() if name in here})  # type: ignore[arg-type]
        raise AssertionError(f"these answers never come to an end:\n{self.text}")

    def open_home(self) -> dict[str, Any]:
        said = payload("app_home_opened")
        said["event"]["user"] = self.id
        assert self.workspace.send(said).status_code == 200
        return self.home

    def command(self, word: str) -> "SlackPerson":
        said = payload("slash_command") | {"command": word, "user_id": self.id, "user_name": self.name.lower()}
        said["trigger_id"] = self.workspace.new_trigger(self.id)
        return self._see(self.workspace.send(said, is_form=True))

    def shortcut(self, name: str) -> "SlackPerson":
        return self._tell(payload("shortcut") | {"callback_id": name})

    # How it comes to us

    def _press_in(self, view: Mapping[str, Any], label: str, written: Written, number: int = 0) -> dict[str, Any]:
        found = [one for one in buttons_of(view["blocks"]) if one["text"]["text"] == label]
        labels = [one["text"]["text"] for one in buttons_of(view["blocks"])]
        assert found, f"{self.name} sees no button {label!r}, only {labels}"
        shown = {**view, "state": make_state(view, written)}
        return payload("block_actions_view") | {
            "container": {"type": "view", "view_id": view["id"]},
            "view": shown,
            "actions": [self._act(found[number])],
        }

    def _act(self, button: Mapping[str, Any]) -> dict[str, Any]:
        kept = {key: one for key, one in button.items() if key in ("action_id", "value", "text", "style", "type")}
        return {**kept, "block_id": "aB1cD", "action_ts": "1798700000.000001"}

    def _tell(self, said: dict[str, Any]) -> "SlackPerson":
        return self._see(self._send(said | {"trigger_id": self.workspace.new_trigger(self.id)}))

    def _send(self, said: dict[str, Any]) -> httpx.Response:
        whole = copy.deepcopy(said)
        whole["user"] = {**whole["user"], "id": self.id, "username": self.name.lower()}
        answer = self.workspace.send(whole)
        assert answer.status_code == 200, (answer.status_code, answer.text)
        return answer

    def _see(self, answer: httpx.Response) -> "SlackPerson":
        """If a modal has opened meanwhile, the person looks at it."""
        assert answer.status_code == 200, (answer.status_code, answer.text)
        opened = self.workspace.proxy.opened
        if opened:
            self.modal_id = opened.pop()
        opened.clear()
        return self
