"""Microsoft's Agents Playground: a Teams client in Chromium, of one person each, that talks to our app over HTTP.
Between the two may stand a signer, which signs what the Playground tells as Azure does."""

import json
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import uvicorn
import yaml
from starlette.applications import Starlette

from tests.http_server import Speaking, listening
from tests.slack_server import MODULES, find_node
from tests.slack_server import what_is_missing as what_of_npm_is_missing
from tests.teams_server import APP_ID, TENANT, Teams

PLAYGROUND = MODULES / "@microsoft" / "m365agentsplayground" / "cli.js"
STARTS_WITHIN_SECONDS = 60
USERS = ("Ada Berg", "Grace Lie", "Jonas Vik", "Siv Dahl", "Eldbjørg Haugen", "Mallory Dahl")


def what_is_missing() -> str:
    """Why there is no Teams client here; empty where there is one."""
    return what_of_npm_is_missing(PLAYGROUND)


def id_of(name: str) -> str:
    """What Entra calls this person."""
    return f"33333333-3333-4333-8333-{USERS.index(name):012d}"


def make_config(name: str) -> dict[str, Any]:
    """The Playground of one of USERS: it wants exactly five others."""
    people = [
        {
            "id": f"user-id-{number}",
            "name": one,
            "userPrincipleName": f"{one.split()[0].lower()}@solvik.example",
            "aadObjectId": id_of(one),
            "givenName": one.split()[0],
            "surname": one.split()[1],
            "email": f"{one.split()[0].lower()}@solvik.example",
        }
        for number, one in enumerate(USERS)
    ]
    (me,) = [one for one in people if one["name"] == name]
    channels = [{"id": "channel-id", "name": "Kunngjøringer"}]
    return {
        "version": "0.1.1",
        "tenantId": TENANT,
        "bot": {"id": APP_ID, "name": "Medvirk"},
        "currentUser": me,
        "users": [one for one in people if one is not me],
        "personalChat": {"id": f"personal-chat-{me['id']}"},
        "groupChat": {"id": "group-chat-id", "name": "Gruppe"},
        "team": {"id": "team-id", "name": "Solvik", "aadGroupId": id_of(name), "channels": channels},
    }


def find_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def run_playground(folder: Path, name: str, endpoint: str) -> Iterator[str]:
    """Its address; what this person does there comes to `endpoint`."""
    node, port = find_node(), find_port()
    assert node is not None
    folder.mkdir(parents=True, exist_ok=True)
    (folder / ".m365agentsplayground.yml").write_text(yaml.safe_dump(make_config(name), allow_unicode=True))
    command = [node, str(PLAYGROUND), "start", "-e", endpoint, "-c", "msteams", "-p", str(port), "--disable-telemetry"]
    environment = {"TEAMSAPPTESTER_BROWSER": "none", "HOME": str(folder), "PATH": "/usr/bin:/bin"}
    with (
        open(folder / "log", "wb") as log,
        subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=folder, env=environment
        ) as process,
    ):
        try:
            _wait_for(f"http://127.0.0.1:{port}/_debug/ping", process)
            yield f"http://127.0.0.1:{port}/"
        finally:
            process.terminate()


def _wait_for(url: str, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(STARTS_WITHIN_SECONDS * 20):
        assert process.poll() is None, "the Playground has ended by itself"
        try:
            if httpx.get(url, trust_env=False).is_success:
                return
        except httpx.HTTPError:
            time.sleep(0.05)
    raise AssertionError("the Playground does not answer")


@contextmanager
def serve(app: Starlette) -> Iterator[str]:
    """The app over real HTTP; its address."""
    server = uvicorn.Server(uvicorn.Config(app, port=find_port(), log_level="warning", loop="asyncio"))
    thread = Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.02)
        yield f"http://127.0.0.1:{server.config.port}"
    finally:
        server.should_exit = True
        thread.join()


@contextmanager
def sign_for(teams: Teams, endpoint: str) -> Iterator[str]:
    """What comes to this address goes on to `endpoint`, signed as Azure signs it."""
    passing = httpx.Client(trust_env=False, timeout=30)

    class Handler(Speaking):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"] or 0))
            token = teams.sign(serviceurl=json.loads(body)["serviceUrl"])
            headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
            answer = passing.post(endpoint, content=body, headers=headers)
            kind = answer.headers.get("content-type", "application/json")
            self.say(answer.status_code, answer.content, {"Content-Type": kind})

    with passing, listening(Handler) as url:
        yield f"{url}/"
