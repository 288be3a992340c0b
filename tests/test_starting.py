"""Starting: a command brings in no more than it needs."""

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from bot.__main__ import COMMANDS, main

ROOT = Path(__file__).parents[1]
SHOW = "import sys, bot.commands.serve; print(*sys.modules)"
# What only other commands need, or only the first start: each costs time and memory at every one.
NOT_WANTED = ("alembic", "bot.demo", "bot.rehearsal", "bot.commands.people", "httpx", "icalendar", "prometheus_client")


def test_serving_brings_in_nothing_that_only_other_commands_need() -> None:
    told = subprocess.run([sys.executable, "-c", SHOW], cwd=ROOT, capture_output=True, text=True, check=True).stdout

    loaded = set(told.split())
    assert "bot.app" in loaded
    assert not loaded.intersection(NOT_WANTED)


NO_LIBRARIES = """
import sys
sys.modules["microsoft_teams"] = None
from bot.__main__ import main
main(["serve", "--port", "0"])
"""
TEAMS = {"APP_ID": "11111111-1111-4111-8111-111111111111", "TENANT_ID": "22222222-2222-4222-8222-222222222222"}


def test_where_teams_is_on_and_its_libraries_are_not_there_a_start_says_how_to_get_them(tmp_path: Path) -> None:
    settings = {f"MEDVIRK_TEAMS_{name}": one for name, one in {**TEAMS, "APP_SECRET": "made-up"}.items()}
    env = {**os.environ, "PYTHONPATH": str(ROOT), **settings}
    command = [sys.executable, "-c", NO_LIBRARIES]
    ended = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=60)

    assert ended.returncode == 1
    assert "make install LOCK=requirements-microsoft.lock brings them along" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_found_under_its_name_with_all_below_it(name: str) -> None:
    assert isinstance(main, click.Group)
    context = click.Context(main)

    command = main.get_command(context, name)

    assert command is not None
    assert command.name == name
    below = {place.partition(":")[0] for place in COMMANDS[name][1:]}
    if isinstance(command, click.Group):
        found = {one.callback.__module__.rpartition(".")[2] for one in command.commands.values() if one.callback}
        assert below <= found
    else:
        assert not below
