"""Between the library and the emulator: makes forms of what the one sends and the other does not read, keeps what was
shown, adds what the emulator lacks, and does what goes wrong with the real Slack, when a test says so."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx

from tests.http_server import Speaking, listening
from tests.slack_server import OTHER_TEAM, OTHER_TOKEN, TEAM

FORM, JSON = "application/x-www-form-urlencoded", "application/json; charset=utf-8"
PERSON_OF_NORWAY = {"tz": "Europe/Oslo", "tz_label": "Central European Time", "tz_offset": 3600}


@dataclass(frozen=True)
class Instead:
    """What a call gets instead of Slack's answer. `arrives`: Slack has done it all the same. Without a `status` the
    line is cut."""

    status: int = 0
    body: Mapping[str, Any] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    arrives: bool = False


LOST = Instead(arrives=True)
VANISHED = Instead()
BROKEN = Instead(503)


def too_many(seconds: int) -> Instead:
    return Instead(429, {"ok": False, "error": "ratelimited"}, {"Retry-After": str(seconds)})


def refused(error: str) -> Instead:
    return Instead(200, {"ok": False, "error": error})


@dataclass
class Proxy:
    """`calls` is what came, in order. `shown` has each modal by its id as it stands now, `homes` each home page by its
    person; `opened` the ids of modals in the order in which they opened. `planned` is what the next calls of a method
    get. `people` holds what is to stand in the record of somebody with that id; `groups` are user groups; `socket_url`
    is where whoever wants to hear by Socket Mode is sent.

    `other` is a second Slack: it gets the calls with tokens that it gave, `of_other`, and its workspace is called
    OTHER_TEAM. `tokens` are the methods with the token they came with; those in `revoked` are refused."""

    slack: str
    other: str = ""
    url: str = ""
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    shown: dict[str, dict[str, Any]] = field(default_factory=dict)
    opened: list[str] = field(default_factory=list)
    homes: dict[str, dict[str, Any]] = field(default_factory=dict)
    planned: dict[str, list[Instead]] = field(default_factory=dict)
    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    groups: list[dict[str, Any]] = field(default_factory=list)
    tokens: list[tuple[str, str]] = field(default_factory=list)
    of_other: set[str] = field(default_factory=lambda: {OTHER_TOKEN})
    revoked: set[str] = field(default_factory=set)
    socket_url: str = ""
    lock: Lock = field(default_factory=Lock)

    def plan(self, method: str, *instead: Instead) -> None:
        """The next calls of the method go like this, one after another."""
        self.planned.setdefault(method, []).extend(instead)

    def called(self, method: str) -> list[dict[str, Any]]:
        """What the calls of a method said."""
        return [said for name, said in self.calls if name == method]

    def next_for(self, method: str) -> Instead | None:
        with self.lock:
            planned = self.planned.get(method)
            return planned.pop(0) if planned else None

    def add_what_is_lacking(self, method: str, said: Mapping[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
        if method == "apps.connections.open" and self.socket_url:
            return {"ok": True, "url": self.socket_url}
        if method == "usergroups.list":
            return {"ok": True, "usergroups": [{**one, "users": None} for one in self.groups]}
        if method == "usergroups.users.list":
            group = next((one for one in self.groups if one["id"] == said.get("usergroup")), None)
            return {"ok": True, "users": group["users"]} if group else {"ok": False, "error": "no_such_subteam"}
        locale = {"locale": "nb-NO"} if said.get("include_locale") in (True, "1", "true") else {}
        for one in [*answer.get("members", []), *([answer["user"]] if isinstance(answer.get("user"), dict) else [])]:
            one.update({**PERSON_OF_NORWAY, **locale, **self.people.get(one["id"], {})})
        return answer

    def find_slack(self, token: str) -> str:
        return self.other if token in self.of_other else self.slack

    def keep(self, method: str, said: Mapping[str, Any], answer: Mapping[str, Any]) -> None:
        if not answer.get("ok") or "view" not in answer:
            return
        view = dict(answer["view"])
        if method == "views.publish":
            self.homes[str(said["user_id"])] = view
            return
        if method == "views.open":
            self.opened.append(view["id"])
        self.shown[view["id"]] = view


@contextmanager
def stand_between(slack: str, other: str = "") -> Iterator[Proxy]:
    """A proxy before the Slack at this address, or before two; its own is `url`, with a slash at the end."""
    proxy, passing = Proxy(slack, other), httpx.Client(trust_env=False, verify=False, timeout=30)

    class Handler(Speaking):
        def do_GET(self) -> None:
            self._pass_on(b"", "")

        def do_POST(self) -> None:
            self._pass_on(self.rfile.read(int(self.headers["Content-Length"] or 0)), self.headers["Content-Type"] or "")

        def _pass_on(self, body: bytes, kind: str) -> None:
            parts = urlsplit(self.path)
            method, query = parts.path.removeprefix("/api/"), dict(parse_qsl(parts.query))
            is_json = kind.startswith("application/json")
            said = {**query, **(json.loads(body) if is_json else dict(parse_qsl(body.decode())))}
            token = (self.headers["Authorization"] or "").removeprefix("Bearer ")
            proxy.calls.append((method, said))
            proxy.tokens.append((method, token))
            instead = proxy.next_for(method) or (refused("account_inactive") if token in proxy.revoked else None)
            if method == "auth.revoke":
                proxy.revoked.add(token)
                return self.say(200, {"ok": True, "revoked": True})
            if instead is None or instead.arrives:
                content = json.dumps(said) if is_json else urlencode(said)
                headers = {"Content-Type": JSON if is_json else FORM}
                headers["Authorization"] = self.headers["Authorization"] or ""
                told = self._ask(proxy.find_slack(token), method, content, headers)
                if proxy.other and told.get("error") == "invalid_code":
                    told = self._ask(proxy.other, method, content, headers)
                    proxy.of_other.add(str(told.get("access_token", "")))
                told = proxy.add_what_is_lacking(method, said, told)
                proxy.keep(method, said, told)
                if instead is None:
                    return self.say(200, told)
            if instead.status == 0:
                self.close_connection = True
                return None
            return self.say(instead.status, instead.body or {}, instead.headers)

        def _ask(self, slack: str, method: str, content: str, headers: Mapping[str, str]) -> dict[str, Any]:
            answer = passing.post(f"{slack}/api/{method}", content=content, headers=dict(headers))
            if not answer.is_success:
                return {"ok": False, "error": "unknown_method"}
            text = answer.text.replace(TEAM, OTHER_TEAM) if slack == proxy.other else answer.text
            return dict(json.loads(text))

    with passing, listening(Handler) as url:
        proxy.url = f"{url}/api/"
        yield proxy
