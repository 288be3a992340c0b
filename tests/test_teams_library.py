"""Microsoft's library for Teams: nothing that lies about changes how it works, and without Teams it is not there."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.channels.teams.library import make_app
from tests.teams_server import Teams
from tests.teams_ways import settings_for

ROOT = Path(__file__).parents[1]


@pytest.fixture
def strange_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """What another program of the library's may have left behind."""
    for name in ("CLIENT_ID", "CLIENT_SECRET", "TENANT_ID", "MANAGED_IDENTITY_CLIENT_ID", "SERVICE_URL"):
        monkeypatch.setenv(name, "strange")
    monkeypatch.setenv("CLOUD", "China")
    monkeypatch.setenv("DANGEROUSLY_ALLOW_UNAUTHENTICATED_REQUESTS", "true")
    (tmp_path / ".env").write_text("MEDVIRK_STRAY=stray\nSERVICE_URL=https://stray.example\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


async def no_token() -> str:
    return ""


def test_nothing_in_the_environment_changes_how_the_library_works(teams: Teams, strange_environment: Path) -> None:
    settings = settings_for(teams)

    app = make_app(settings, no_token)

    assert app.credentials is not None
    assert (app.id, app.credentials.tenant_id) == (settings.app_id, settings.tenant_id)
    assert type(app.credentials).__name__ == "TokenCredentials"
    assert app.api.service_url == settings.service_url.rstrip("/")
    assert app.cloud.openid_metadata_url == settings.keys_url
    assert app.options.dangerously_allow_unauthenticated_requests is False
    assert app.api.http.http.timeout.read == settings.timeout_seconds
    assert os.environ["CLIENT_ID"] == "strange"


def run_python(code: str, folder: Path, **more: str) -> str:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **more}
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, env=environment, capture_output=True, text=True, check=True
    )
    return told.stdout


TEAMS_ON = {
    "MEDVIRK_TEAMS_APP_ID": "11111111-1111-4111-8111-111111111111",
    "MEDVIRK_TEAMS_TENANT_ID": "22222222-2222-4222-8222-222222222222",
    "MEDVIRK_TEAMS_APP_SECRET": "made-up",
}
READ = """
from bot.settings.product import SettingsInvalid, read_settings
try:
    read_settings()
except SettingsInvalid as error:
    print(error)
"""
START = """
import os, sys
from bot.app import build_parts, close_parts, make_app, find_all_flows
from bot.settings.product import read_settings
settings = read_settings()
parts = build_parts(settings, find_all_flows(settings)[0])
make_app(parts, lambda: None, is_ticking=False)
close_parts(parts)
print(*sorted(one for one in sys.modules if one.startswith(("microsoft_teams", "msgraph", "fastapi"))))
print("STRAY" if "SERVICE_URL" in os.environ else "CLEAN")
"""


def test_without_teams_in_the_settings_neither_teams_nor_graph_is_imported(tmp_path: Path) -> None:
    loaded, _ = run_python(START, tmp_path).split("\n")[:2]

    assert loaded == ""


def test_with_teams_in_the_settings_no_stray_file_is_read(strange_environment: Path) -> None:
    loaded, clean = run_python(START, strange_environment, **TEAMS_ON).split("\n")[:2]

    assert "microsoft_teams.apps" in loaded.split()
    assert clean == "CLEAN"


@pytest.mark.parametrize(
    "dangerous",
    [{"MEDVIRK_TEAMS_AUTHENTICATION": "off"}, {"DANGEROUSLY_ALLOW_UNAUTHENTICATED_REQUESTS": "true"}],
)
def test_where_people_come_from_outside_it_does_not_start_with_authentication_off(
    tmp_path: Path, dangerous: dict[str, str]
) -> None:
    at_home = run_python(READ, tmp_path, **TEAMS_ON, **dangerous)
    outside = run_python(READ, tmp_path, MEDVIRK_BASE_URL="https://medvirk.solvik.example", **TEAMS_ON, **dangerous)

    assert at_home == ""
    assert next(iter(dangerous)) in outside
