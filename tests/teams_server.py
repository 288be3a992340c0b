"""A strict Teams of the tests' own: signs what it tells as Azure does and serves the keys, gives tokens, knows who may
be written to, and takes only what Teams would take. It does what goes wrong with the real one when a test says so."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import Any
from urllib.parse import unquote, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.http_server import Speaking, listening
from tests.slack_proxy import Instead

APP_ID, APP_SECRET = "11111111-1111-4111-8111-111111111111", "made-up-secret"
TENANT = "22222222-2222-4222-8222-222222222222"
CARD = "application/vnd.microsoft.card.adaptive"
ISSUER = "https://api.botframework.com"
LARGEST_BYTES = 28 * 1024
OPEN, POST, UPDATE, MEMBER, TOKEN, KEYS = "open", "post", "update", "member", "token", "keys"


@dataclass
class Person:
    """`name` is what the conversation calls them; `aad` their id in Entra."""

    name: str
    aad: str
    mail: str
    role: str = "user"
    is_installed: bool = True

    @property
    def conversation(self) -> str:
        return f"a:1{self.aad[-4:]}"


@dataclass
class Teams:
    """`calls` is what came, in order; `shown` the cards of each conversation by their message's id, as they stand now.
    `planned` is what the next calls of a kind get."""

    url: str = ""
    people: list[Person] = field(default_factory=list)
    calls: list[tuple[str, Any]] = field(default_factory=list)
    shown: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    planned: dict[str, list[Instead]] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    endorses: tuple[str, ...] = ("msteams", "webchat")
    key: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))
    key_name: str = "key-1"
    lock: Lock = field(default_factory=Lock)

    @property
    def service_url(self) -> str:
        return f"{self.url}/emea/"

    def plan(self, kind: str, *instead: Instead) -> None:
        """The next calls of this kind go like this, one after another."""
        self.planned.setdefault(kind, []).extend(instead)

    def called(self, kind: str) -> list[Any]:
        return [said for name, said in self.calls if name == kind]

    def sign(self, key: Any = None, *, name: str = "", algorithm: str = "RS256", **claims: Any) -> str:
        """The token that goes along with an activity; a claim that is None is left out."""
        whole = {
            "iss": ISSUER,
            "aud": APP_ID,
            "exp": int(time.time()) + 3600,
            "nbf": int(time.time()) - 60,
            "serviceurl": self.service_url,
        } | claims
        kept = {key: one for key, one in whole.items() if one is not None}
        return jwt.encode(kept, key or self.key, algorithm=algorithm, headers={"kid": name or self.key_name})

    def take(self, kind: str, parts: list[str], said: Any, authorization: str) -> tuple[int, Any]:
        """What Teams answers to a call of this kind."""
        if kind == KEYS:
            return 200, {"keys": [self._publish()]} if parts[-1] == "keys" else {"jwks_uri": f"{self.url}/keys"}
        if kind == TOKEN:
            return 200, {"access_token": self.sign(aud="teams"), "expires_in": 3600}
        if not self._is_let_in(authorization):
            return 401, _error("Unauthorized")
        if kind == OPEN:
            return self._open(said)
        person = next((one for one in self.people if one.conversation == parts[2]), None)
        if person is None:
            return 404, _error("ConversationNotFound")
        if kind == MEMBER:
            who = {"id": person.name, "objectId": person.aad, "email": person.mail, "userRole": person.role}
            return 200, who | {"userPrincipalName": person.mail, "tenantId": TENANT}
        if not person.is_installed:
            return 403, _error("BotNotInConversationRoster")
        if problem := find_problem(said):
            self.refused.append(problem)
            return 413 if "bytes" in problem else 400, _error("BadSyntax")
        cards = self.shown.setdefault(person.conversation, {})
        message = parts[4] if kind == UPDATE else str(1_700_000_000_000 + sum(map(len, self.shown.values())))
        if kind == UPDATE and message not in cards:
            return 404, _error("ActivityNotFoundInConversation")
        cards[message] = said["attachments"][0]["content"]
        return 200 if kind == UPDATE else 201, {"id": message}

    def _open(self, said: Any) -> tuple[int, Any]:
        members = said.get("members") or []
        if len(members) != 1 or said.get("tenantId") != TENANT or said["channelData"]["tenant"]["id"] != TENANT:
            self.refused.append("a conversation that cannot be opened")
            return 400, _error("BadSyntax")
        person = next((one for one in self.people if one.aad == members[0]["id"]), None)
        if person is None:
            return 404, _error("UserNotFound")
        if not person.is_installed:
            return 403, _error("ForbiddenOperationException")
        return 201, {"id": person.conversation}

    def _publish(self) -> dict[str, Any]:
        public = jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return dict(public) | {"kid": self.key_name, "use": "sig", "endorsements": list(self.endorses)}

    def _is_let_in(self, authorization: str) -> bool:
        try:
            public = self.key.public_key()
            jwt.decode(authorization.removeprefix("Bearer "), public, algorithms=["RS256"], audience="teams")
        except jwt.PyJWTError:
            return False
        return True


def find_problem(said: Any) -> str:
    """Why Teams would not take a message; empty where it would."""
    attachments = said.get("attachments") or [{}]
    if said.get("type") != "message" or len(attachments) != 1 or attachments[0].get("contentType") != CARD:
        return "no message with one card"
    size = len(json.dumps(attachments[0]["content"], ensure_ascii=False).encode("utf-16-le", "surrogatepass"))
    return f"{size} bytes" if size > LARGEST_BYTES else ""


def _error(code: str) -> dict[str, Any]:
    return {"error": {"code": code, "message": "made up, and may hold anything"}}


def _name_call(method: str, parts: list[str]) -> str:
    match method, parts:
        case "GET", ["openid" | "keys"]:
            return KEYS
        case "POST", ["token"]:
            return TOKEN
        case "POST", ["v3", "conversations"]:
            return OPEN
        case "POST", ["v3", "conversations", _, "activities"]:
            return POST
        case "PUT", ["v3", "conversations", _, "activities", _]:
            return UPDATE
        case "GET", ["v3", "conversations", _, "members", _]:
            return MEMBER
    return ""


@contextmanager
def run_teams() -> Iterator[Teams]:
    """A Teams on this machine."""
    teams = Teams()

    class Handler(Speaking):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._take("GET")

        def do_POST(self) -> None:
            self._take("POST")

        def do_PUT(self) -> None:
            self._take("PUT")

        def _take(self, method: str) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"] or 0))
            parts = [unquote(one) for one in urlsplit(self.path).path.strip("/").split("/")]
            parts = parts[1:] if parts[0] == "emea" else parts
            kind = _name_call(method, parts)
            said = json.loads(body) if body and kind != TOKEN else body.decode()
            with teams.lock:
                teams.calls.append((kind, said))
                planned = teams.planned.get(kind)
                instead = planned.pop(0) if planned else None
                answer: tuple[int, Any] = (404, {})
                if kind and (instead is None or instead.arrives):
                    answer = teams.take(kind, parts, said, self.headers["Authorization"] or "")
            if instead is None:
                self.say(*answer)
            elif instead.status == 0:
                self.close_connection = True
            else:
                self.say(instead.status, instead.body or {}, instead.headers)

    with listening(Handler) as url:
        teams.url = url
        yield teams
