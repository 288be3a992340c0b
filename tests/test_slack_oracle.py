"""The tests' own judge of what Slack takes sees what is wrong, so that its silence means something."""

from typing import Any

import pytest

from tests.slack_oracle import GENERATOR, Oracle
from tests.slack_server import what_is_missing

pytestmark = pytest.mark.node
TEXT = {"type": "plain_text", "text": "Svar"}


def message(*blocks: dict[str, Any]) -> dict[str, Any]:
    return {"text": "Pulsen", "blocks": list(blocks)}


def button(**more: Any) -> dict[str, Any]:
    return {"type": "button", "text": TEXT, "action_id": "a", **more}


def actions(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements)}


def choice(kind: str, count: int, value: str = "") -> dict[str, Any]:
    options = [{"text": TEXT, "value": value or str(number)} for number in range(count)]
    element = {"type": kind, "action_id": "a", "options": options}
    return {"type": "input", "block_id": "b", "label": TEXT, "element": element}


WRONG = {
    "an unknown block": message({"type": "sections", "text": TEXT}),
    "an unknown key": message({"type": "header", "text": TEXT, "colour": "red"}),
    "a wrong type": message({"type": "header", "text": "Svar"}),
    "an element where it may not stand": message(actions({"type": "divider"})),
    "a header that is too long": message({"type": "header", "text": {**TEXT, "text": "a" * 151}}),
    "a button with too long a text": message(actions(button(text={**TEXT, "text": "a" * 76}))),
    "two buttons with one action": message(actions(button(), button())),
    "eleven to choose among": message(choice("radio_buttons", 11)),
    "a value that is too long": message(choice("checkboxes", 1, "a" * 151)),
    "one value twice": message(choice("radio_buttons", 2, "a")),
    "nothing to choose among": message(choice("static_select", 0)),
    "51 blocks": message(*({"type": "divider"} for _ in range(51))),
    "more than a message holds": message(
        *({"type": "section", "text": {**TEXT, "text": "a" * 3000}} for _ in range(5))
    ),
    "an empty text": message({"type": "header", "text": {**TEXT, "text": ""}}),
    "an address that leads nowhere": message(actions(button(url="/l/1"))),
}


@pytest.fixture(scope="module")
def oracle() -> Oracle:
    if missing := what_is_missing(GENERATOR):
        pytest.skip(f"nothing to check Slack's surfaces with: {missing}")
    return Oracle()


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_in_a_message_is_seen(oracle: Oracle, what: str) -> None:
    assert oracle.find_problems("Message", WRONG[what])


def test_what_is_right_is_let_be(oracle: Oracle) -> None:
    right = [{"type": "header", "text": TEXT}, actions(button()), choice("radio_buttons", 10)]
    modal = {"type": "modal", "title": TEXT, "submit": TEXT, "blocks": right}

    assert oracle.find_problems("Message", message(*right)) == []
    assert oracle.find_problems("Modal", modal) == []
    assert oracle.find_problems("Modal", {**modal, "title": {**TEXT, "text": "a" * 25}})
    assert oracle.find_problems("Modal", {**modal, "private_metadata": "a" * 3001})
    assert oracle.find_problems("Home", {"type": "home", "submit": TEXT, "blocks": right})
