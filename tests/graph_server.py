"""A Microsoft Graph of the tests' own on this machine: accounts with what has changed since, groups within groups, and
the app in Teams. It is strict: what the real one refuses, or the project has no need of, it refuses."""

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit
from uuid import UUID

from tests.http_server import Speaking, listening

TENANT = "7d1a4c1e-0000-4000-8000-00000000aaaa"
GRANTED = ("User.Read.All", "GroupMember.Read.All", "TeamsAppInstallation.ReadWriteSelfForUser.All")
CLIENT_ID, SECRET = "9f2b0000-0000-4000-8000-00000000bbbb", "made-up-secret"
TEAMS_APP = "c0ffee00-0000-4000-8000-00000000cccc"
USER, GROUP = "#microsoft.graph.user", "#microsoft.graph.group"
# What may be asked for of an account; a test compares it with Microsoft's own list.
PROPERTIES = (
    "id",
    "accountEnabled",
    "userType",
    "userPrincipalName",
    "mail",
    "displayName",
    "employeeId",
    "department",
    "onPremisesExtensionAttributes",
)
NAVIGATION = "manager"
HANGS_UP = 0


@dataclass(frozen=True)
class Instead:
    """What a request gets instead of its answer."""

    status: int
    code: str = "made-up"
    message: str = "made up"
    headers: Mapping[str, str] = field(default_factory=dict)


def too_many(seconds: int) -> Instead:
    return Instead(429, "TooManyRequests", headers={"Retry-After": str(seconds)})


GOES_WELL = Instead(200)
LACKS_PERMISSION = Instead(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")
LACKS_ROLE = Instead(403, "Forbidden", "Missing role permissions on the request. API requires one of ...")
BLOCKED = Instead(403, "Forbidden", "The app is blocked for the user by a policy")
EXPIRED = Instead(410, "syncStateNotFound")


def object_id(number: int) -> str:
    return str(UUID(int=number))


@dataclass
class Graph:
    """`accounts` by object id; `groups`: id -> ids of accounts and groups in it. `asked` is every request, in order;
    `planned`: what the next requests get whose path has this in it."""

    url: str = ""
    accounts: dict[str, dict[str, Any]] = field(default_factory=dict)
    groups: dict[str, list[str]] = field(default_factory=dict)
    installed: set[str] = field(default_factory=set)
    on_a_page: int = 2
    asked: list[str] = field(default_factory=list)
    planned: dict[str, list[Instead]] = field(default_factory=dict)
    version: int = 1
    changed: dict[str, int] = field(default_factory=dict)
    moved: dict[str, int] = field(default_factory=dict)  # when the manager changed
    removed: set[str] = field(default_factory=set)
    leads_to: str = ""  # where the next pages are said to be, instead of here
    tells_managers_alone: bool = False  # and nothing else of those whose manager has changed
    before_answer: Callable[[], None] | None = None
    _told: tuple[tuple[int, int], list[str]] = ((-1, -1), [])

    granted: tuple[str, ...] = GRANTED

    @property
    def token(self) -> str:
        """A token as Entra gives it, unsigned: what the app may do stands in it."""
        said = base64.urlsafe_b64encode(json.dumps({"roles": self.granted}).encode()).decode().rstrip("=")
        return f"made-up-token.{said}.nothing"

    def add(self, number: int, name: str, **more: Any) -> str:
        """A new account; its object id comes back."""
        one = object_id(number)
        usual = {"accountEnabled": True, "userType": "Member", "employeeId": str(number)}
        self.accounts[one] = {"id": one, "displayName": name, **usual, **more}
        self._note(one, is_moved="manager" in more)
        return one

    def change(self, one: str, **new: Any) -> None:
        self.accounts[one].update(new)
        self._note(one, is_moved="manager" in new)

    def remove(self, one: str) -> None:
        del self.accounts[one]
        for members in self.groups.values():
            if one in members:
                members.remove(one)
        self.removed.add(one)
        self._note(one, is_moved=False)

    def plan(self, part: str, *instead: Instead) -> None:
        """The next requests whose path has this in it go like this, one after another."""
        self.planned.setdefault(part, []).extend(instead)

    def break_after(self, part: str, answered: int) -> None:
        """So many such requests are answered; then the line is cut once."""
        self.planned[part] = [GOES_WELL] * answered + [Instead(HANGS_UP)]

    def asked_for(self, part: str) -> list[str]:
        return [one for one in self.asked if part in one]

    def next_for(self, path: str) -> Instead | None:
        planned = next((one for part, one in self.planned.items() if part in path and one), None)
        return planned.pop(0) if planned else None

    def _note(self, one: str, *, is_moved: bool) -> None:
        self.version += 1
        self.changed[one] = self.version
        if is_moved:
            self.moved[one] = self.version

    def tell(self, one: str, select: list[str], since: int) -> dict[str, Any]:
        """An account as a delta tells it: all that is set, and the manager where it has changed."""
        if one in self.removed:
            return {"id": one, "@removed": {"reason": "changed"}}
        account = self.accounts[one]
        said = {key: account[key] for key in select if key in PROPERTIES and account.get(key) is not None}
        if NAVIGATION in select and self.moved.get(one, 0) > since:
            manager = account.get("manager")
            gone = {"@removed": {"reason": "deleted"}} if manager is None else {}
            said = {} if self.tells_managers_alone else said
            said["manager@delta"] = [{"@odata.type": USER, "id": manager or object_id(0), **gone}]
        return {**said, "id": one}

    def changed_between(self, since: int, until: int) -> list[str]:
        """Who has changed; kept, since every page of a reading asks for the same."""
        if self._told[0] != (since, until):
            told = [one for one, changed in self.changed.items() if since < changed <= until]
            self._told = (since, until), sorted(one for one in told if since or one not in self.removed)
        return self._told[1]

    def members_of(self, group: str) -> list[str]:
        """All in it, each once, with the groups on the way; a group may be in itself."""
        found: dict[str, None] = {}
        waiting = [group]
        while waiting:
            for one in self.groups[waiting.pop()]:
                if one not in found:
                    found[one] = None
                    waiting += [one] if one in self.groups else []
        return list(found)


@contextmanager
def run_graph() -> Iterator[Graph]:
    """A Graph without accounts. It lives as long as this."""
    graph = Graph()

    class Handler(Speaking):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer_to(b"")

        def do_POST(self) -> None:
            self._answer_to(self.rfile.read(int(self.headers["Content-Length"] or 0)))

        def _answer_to(self, body: bytes) -> None:
            parts = urlsplit(self.path)
            if parts.path.endswith("/oauth2/v2.0/token"):
                return self._give_token(parts.path, parse_qs(body.decode()))
            graph.asked.append(self.path)
            instead = graph.next_for(parts.path)
            if graph.before_answer is not None and "delta" in parts.path:
                graph.before_answer()
            if instead is not None and instead.status == HANGS_UP:
                self.close_connection = True
                return None
            if instead not in (None, GOES_WELL):
                assert instead is not None
                return self._refuse(instead)
            if self.headers["Authorization"] != f"Bearer {graph.token}":
                return self._refuse(Instead(401, "InvalidAuthenticationToken"))
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            return self._find(parts.path.removeprefix("/v1.0/").split("/"), query, body)

        def _find(self, path: list[str], query: dict[str, str], body: bytes) -> None:
            match path:
                case ["users", "delta()"]:
                    return self._tell_changes(query)
                case ["users", one]:
                    return self._tell_account(one, query)
                case ["groups", group, "transitiveMembers"]:
                    return self._tell_members(group, query)
                case ["users", one, "teamwork", "installedApps"]:
                    return self._install(one, json.loads(body))
            return self._refuse(Instead(400, "BadRequest", f"no such thing: {path}"))

        def _give_token(self, path: str, form: dict[str, list[str]]) -> None:
            wanted = {"client_id": [CLIENT_ID], "client_secret": [SECRET], "grant_type": ["client_credentials"]}
            if TENANT not in path:
                return self.say(400, {"error": "invalid_request", "error_description": "AADSTS90002: no tenant"})
            if any(form.get(name) != value for name, value in wanted.items()) or not form["scope"][0].endswith(
                "/.default"
            ):
                return self.say(401, {"error": "invalid_client", "error_description": "AADSTS7000215: wrong"})
            return self.say(200, {"access_token": graph.token, "expires_in": 3600})

        def _tell_changes(self, query: dict[str, str]) -> None:
            """Of a reading from the beginning everybody, of a later one who has changed; in pages."""
            token = query.get("$deltatoken") or query.get("$skiptoken")
            if token is None:
                select, since, until, place = query["$select"].split(","), 0, graph.version, 0
                if not set(select) <= {*PROPERTIES, NAVIGATION}:
                    return self._refuse(Instead(400, "BadRequest", f"nobody needs all of {select}"))
            else:
                said = json.loads(token)
                select, since, until, place = said["select"], said["since"], said["until"], said["place"]
                until = until or graph.version
            told = graph.changed_between(since, until)
            page = told[place : place + graph.on_a_page]
            answer: dict[str, Any] = {"value": [graph.tell(one, select, since) for one in page]}
            following = place + len(page)
            if following < len(told):
                skip = {"select": select, "since": since, "until": until, "place": following}
                answer["@odata.nextLink"] = self._link("users/delta()", "$skiptoken", skip)
            else:
                since_now = {"select": select, "since": until, "until": 0, "place": 0}
                answer["@odata.deltaLink"] = self._link("users/delta()", "$deltatoken", since_now)
            return self.say(200, answer)

        def _link(self, path: str, name: str, token: Mapping[str, Any]) -> str:
            return f"{graph.leads_to or graph.url}/{path}?{name}={quote(json.dumps(token))}"

        def _tell_account(self, one: str, query: dict[str, str]) -> None:
            if one not in graph.accounts:
                return self._refuse(Instead(404, "Request_ResourceNotFound"))
            account, select = graph.accounts[one], query["$select"].split(",")
            if not set(select) <= set(PROPERTIES) or query.get("$expand", "manager($select=id)") != (
                "manager($select=id)"
            ):
                return self._refuse(Instead(400, "BadRequest", f"nobody needs all of {query}"))
            said = {key: account.get(key) for key in select}
            if "$expand" in query and account.get("manager"):
                said["manager"] = {"@odata.type": USER, "id": account["manager"]}
            return self.say(200, said)

        def _tell_members(self, group: str, query: dict[str, str]) -> None:
            if group not in graph.groups:
                return self._refuse(Instead(404, "Request_ResourceNotFound"))
            found, place = graph.members_of(group), int(query.get("$skiptoken", 0))
            page = found[place : place + graph.on_a_page]
            select = ("id", "accountEnabled", "userType", "userPrincipalName")
            answer: dict[str, Any] = {
                "value": [
                    {"@odata.type": GROUP, "id": one}
                    if one in graph.groups
                    else {"@odata.type": USER, **{key: graph.accounts[one].get(key) for key in select}}
                    for one in page
                ]
            }
            if place + len(page) < len(found):
                path = f"{graph.url}/groups/{group}/transitiveMembers"
                answer["@odata.nextLink"] = f"{path}?$skiptoken={place + len(page)}"
            return self.say(200, answer)

        def _install(self, one: str, said: Mapping[str, str]) -> None:
            if said.get("teamsApp@odata.bind") != f"{graph.url}/appCatalogs/teamsApps/{TEAMS_APP}":
                return self._refuse(Instead(400, "BadRequest", "no such app"))
            if one not in graph.accounts:
                return self._refuse(Instead(404, "NotFound"))
            if one in graph.installed:
                return self._refuse(Instead(409, "Conflict"))
            graph.installed.add(one)
            return self.say(201, None)

        def _refuse(self, instead: Instead) -> None:
            error = {"error": {"code": instead.code, "message": instead.message}}
            self.say(instead.status, error, instead.headers)

    with listening(Handler) as url:
        graph.url = f"{url}/v1.0"
        yield graph
