"""What the pages for those who run Medvirk say can be done: the commands, variables and numbers in them are there."""

import re
from pathlib import Path

import click
import pytest

from bot.__main__ import main
from bot.demo.world import SAMPLE
from bot.settings.file import NAMED_BY
from bot.settings.product import known_variables

ROOT = Path(__file__).parents[1]
PAGES = pytest.mark.parametrize(
    "page",
    [
        "README.md",
        "deploy/README.md",
        "flows/README.md",
        "deploy/limits.md",
        "deploy/slack.md",
        "deploy/teams.md",
        "deploy/entra.md",
    ],
)
COMMAND = re.compile(r"(?<![\w/.])medvirk ((?:[a-z]+(?:-[a-z]+)* ?)+)([^`\n#]*)")
OPTION = re.compile(r"(?<=\s)--[a-z][a-z-]*")


def find_command(words: list[str]) -> tuple[click.Command, list[str]]:
    """The command that the words begin with, and the words that are left."""
    found: click.Command = main
    while words and isinstance(found, click.Group):
        below = found.get_command(click.Context(found), words[0])
        assert below is not None, f"there is no command {' '.join(words)}"
        found, words = below, words[1:]
    return found, words


@PAGES
def test_every_command_and_option_that_a_page_names_is_there(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8").replace("\\\n", " ")
    code = re.findall(r"```\n(.*?)```|`(medvirk [^`]+)`", text, re.DOTALL)

    for said in (one for pair in code for one in pair if one):
        for names, rest in COMMAND.findall(said):
            command, _ = find_command(names.split())
            known = {option for parameter in command.params for option in parameter.opts} | {"--help"}
            assert set(OPTION.findall(f" {rest}")) <= known, f"medvirk {names}{rest}"


@PAGES
def test_every_variable_that_a_page_names_is_one(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")

    for name in re.findall(r"MEDVIRK_[A-Z_]+", text):
        assert any(
            one == name or (name.endswith("_") and one.startswith(name)) for one in (*known_variables(), NAMED_BY)
        )


@PAGES
def test_people_and_units_in_the_examples_are_in_the_sample(page: str) -> None:
    text, sample = (ROOT / page).read_text(encoding="utf-8"), SAMPLE.read_text(encoding="utf-8")

    for number in re.findall(r"\b10\d{3}\b", text):
        assert f"\n{number};" in sample
    for path in re.findall(r'"(Solvik kommune / [^"]+)"', text):
        assert f";{path};" in sample
