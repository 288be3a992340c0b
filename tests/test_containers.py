"""Medvirk in containers: nothing but the proxy is reached from outside, nothing secret gets into the image, and what it
is made of is there."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.settings.product import known_variables

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
DOCKERFILE = (DEPLOY / "Dockerfile").read_text()


@pytest.fixture
def services() -> Any:
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]


def test_only_the_proxy_is_reached_from_outside(services: Any) -> None:
    assert {name for name, one in services.items() if "ports" in one} == {"proxy"}
    assert services["proxy"]["ports"] == ["80:80", "443:443"]


def test_medvirk_may_write_where_its_data_are_and_nowhere_else(services: Any) -> None:
    app = services["app"]

    assert app["read_only"]
    assert app["cap_drop"] == ["ALL"]
    assert app["volumes"] == ["data:/var/lib/medvirk"]
    assert re.findall(r"^USER (\w+)$", DOCKERFILE, re.MULTILINE) == ["medvirk"]
    assert {*re.findall(r"MEDVIRK_\w+(?==)", DOCKERFILE)} <= {*known_variables()}


def test_what_the_image_is_made_of_is_there_and_let_in() -> None:
    copied = {
        one for line in re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE) for one in line.split()
    }
    let_in = re.findall(r"^!(.+)$", (DEPLOY / "Dockerfile.dockerignore").read_text(), re.MULTILINE)

    assert all((ROOT / one).exists() for one in let_in)
    assert copied - {"${LOCK}"} == {one.partition("/")[0] for one in let_in if not one.endswith(".lock")}


def test_neither_settings_nor_database_nor_keys_are_let_into_the_image() -> None:
    rules = (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines()

    assert "*" in rules
    assert not [one for one in rules if one.startswith("!") and re.search(r"env|var|sqlite|tests|deploy$", one)]


def test_the_proxy_writes_no_log_of_personal_addresses() -> None:
    said = re.sub(r"^\s*#.*$", "", (DEPLOY / "Caddyfile").read_text(), flags=re.MULTILINE)

    assert "exclude http.log.access http.log.error" in said
    assert said.count("log") == said.count("log default") + said.count("http.log.")
