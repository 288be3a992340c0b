"""The manifest of the Slack app: Slack's own type takes it, and it asks for what is listened to, and no more."""

import re
import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.channels.slack.channel import PATH
from bot.channels.slack.commands import COMMANDS, SHORTCUTS
from bot.channels.slack.installing import BACK
from bot.channels.slack.scopes import SCOPES as ASKED_FOR
from tests.slack_oracle import GENERATOR, TYPES_OF_MANIFEST, make_definitions, make_validator
from tests.slack_server import SCOPES, what_is_missing

pytestmark = pytest.mark.node
ROOT = Path(__file__).parents[1]
MANIFEST, GUIDE = ROOT / "deploy" / "slack-manifest.yaml", ROOT / "deploy" / "slack.md"


@pytest.fixture
def manifest() -> Any:
    return yaml.safe_load(MANIFEST.read_text())


def test_slacks_own_type_takes_it(manifest: Any) -> None:
    if missing := what_is_missing(GENERATOR):
        pytest.skip(f"nothing to check the manifest with: {missing}")
    validator = make_validator(make_definitions(TYPES_OF_MANIFEST), "Manifest")

    assert [one.message for one in validator.iter_errors(manifest)] == []
    assert list(validator.iter_errors({**manifest, "features": {"bot_user": {"display_name": 7}}}))


def test_slacks_own_type_takes_it_as_the_guide_has_it_printed() -> None:
    if missing := what_is_missing(GENERATOR):
        pytest.skip(f"nothing to check the manifest with: {missing}")
    validator = make_validator(make_definitions(TYPES_OF_MANIFEST), "Manifest")
    commands = re.findall(r"^ *(sed .*)$", GUIDE.read_text(), re.MULTILINE)

    printed = [subprocess.check_output(shlex.split(one), text=True, cwd=ROOT) for one in commands]
    with_address, by_socket = map(yaml.safe_load, printed)

    assert all("solvik.example" not in one for one in printed)
    assert [one.message for made in (with_address, by_socket) for one in validator.iter_errors(made)] == []
    assert with_address["settings"]["interactivity"]["request_url"] == f"https://YOUR.ADDRESS{PATH}"
    assert with_address["settings"]["socket_mode_enabled"] is False
    assert "://" not in printed[1]
    assert by_socket["settings"]["socket_mode_enabled"] is True
    assert by_socket["features"]["slash_commands"][0].keys() == {
        "command",
        "description",
        "usage_hint",
        "should_escape",
    }


def test_it_offers_what_is_listened_to(manifest: Any) -> None:
    features = manifest["features"]

    assert {one["command"] for one in features["slash_commands"]} == set(COMMANDS)
    assert {one["callback_id"] for one in features["shortcuts"]} == set(SHORTCUTS)
    assert all(one["url"].endswith(PATH) for one in features["slash_commands"])
    interactivity = manifest["settings"]["interactivity"]
    assert interactivity["request_url"] == interactivity["message_menu_options_url"]
    assert interactivity["request_url"].endswith(PATH)


def test_slack_takes_the_names_of_its_commands_and_shortcuts(manifest: Any) -> None:
    features = manifest["features"]

    for one in features["slash_commands"]:
        assert re.fullmatch(r"/[a-z0-9_-]{1,31}", one["command"])
        assert len(one["description"]) <= 100
    for one in features["shortcuts"]:
        assert len(one["name"]) <= 24
        assert len(one["description"]) <= 150


def test_it_asks_for_the_scopes_with_which_the_tests_run_and_which_installing_asks_for(manifest: Any) -> None:
    assert set(manifest["oauth_config"]["scopes"]["bot"]) == set(SCOPES) == set(ASKED_FOR)


def test_slack_sends_the_browser_back_to_where_it_is_waited_for_and_rotates_no_token(manifest: Any) -> None:
    (address,) = manifest["oauth_config"]["redirect_urls"]

    assert address.endswith(f".example{BACK}")
    assert manifest["settings"]["token_rotation_enabled"] is False
    assert manifest["settings"]["org_deploy_enabled"] is False
