"""What Slack would say to what we send: its own types as JSON schemas, the lengths that its library knows, and rules
that stand in neither."""

import json
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from tests.slack_server import MODULES, find_node

GENERATOR = MODULES / "ts-json-schema-generator" / "bin" / "ts-json-schema-generator.js"
TYPES = Path(__file__).parent / "slack_types.ts"
TYPES_OF_MANIFEST = MODULES / "@slack" / "web-api" / "dist" / "types" / "request" / "manifest.d.ts"
# What stands in no type: https://docs.slack.dev/reference/block-kit/.
MOST_SEEN, LONGEST_VALUE, MOST_BLOCKS, MOST_CHARACTERS, LONGEST_RICH_TEXT = 10, 150, 50, 13_200, 3_000
LONGEST_BUTTON_VALUE, LONGEST_URL = 2_000, 3_000

Surface = Mapping[str, Any]


class Oracle:
    """Finds what is wrong with a surface: 'Message', 'Modal' or 'Home'."""

    def __init__(self) -> None:
        definitions = make_definitions(TYPES)
        self._validators = {name: make_validator(definitions, name) for name in ("Message", "Modal", "Home")}

    def find_problems(self, kind: str, surface: Surface) -> list[str]:
        """A sentence for each; none where Slack would take it."""
        problems = [_say(error) for error in self._validators[kind].iter_errors(surface)]
        return [*problems, *_find_lengths(kind, surface), *_find_others(kind, surface)]


def make_definitions(types: Path) -> dict[str, Any]:
    """The JSON schemas of all that a file of types exports."""
    command = [str(find_node()), str(GENERATOR), "--path", str(types), "--type", "*", "--no-type-check"]
    made = subprocess.run(command, capture_output=True, text=True, check=True)
    return dict(json.loads(made.stdout)["definitions"])


def make_validator(definitions: Mapping[str, Any], name: str) -> Draft7Validator:
    return Draft7Validator({"$ref": f"#/definitions/{name}", "definitions": definitions})


def _say(error: Any) -> str:
    """The innermost reason: a block that is none of forty says little."""
    while error.context:
        error = max(error.context, key=lambda one: len(one.path))
    return f"{'/'.join(map(str, error.absolute_path))}: {error.message[:300]}"


def _find_lengths(kind: str, surface: Surface) -> Iterator[str]:
    try:
        if kind == "Message":
            for block in surface["blocks"]:
                if (parsed := Block.parse(block)) is not None:
                    parsed.to_dict()
        else:
            View(**surface).to_dict()
    except SlackObjectFormationError as error:
        yield str(error)


def _find_others(kind: str, surface: Surface) -> Iterator[str]:
    actions = [
        one["action_id"] for block in surface["blocks"] for one in block.get("elements", ()) if "action_id" in one
    ]
    ids = [one["block_id"] for one in surface["blocks"] if "block_id" in one]
    for what, names in (("action_id", actions), ("block_id", ids)):
        yield from (f"{what} {one!r} stands there twice" for one in set(names) if names.count(one) > 1)
    if kind == "Message":
        if len(surface["blocks"]) > MOST_BLOCKS:
            yield "more blocks than a message holds"
        if len(json.dumps(surface["blocks"], ensure_ascii=False)) > MOST_CHARACTERS:
            yield "more characters than a message holds"
    for part in _parts_of(surface):
        yield from _find_in_part(part)


def _find_in_part(part: Surface) -> Iterator[str]:
    kind, options = part.get("type"), part.get("options", ())
    if kind in ("radio_buttons", "checkboxes") and not 1 <= len(options) <= MOST_SEEN:
        yield f"{kind} with {len(options)} options"
    if kind in ("static_select", "multi_static_select") and not 1 <= len(options) <= 100:
        yield f"{kind} with {len(options)} options"
    values = [one["value"] for one in options]
    if len(set(values)) < len(values):
        yield "two options with one value"
    yield from (f"an option's value of {len(one)} characters" for one in values if not 1 <= len(one) <= LONGEST_VALUE)
    if kind == "button" and len(part.get("value", "")) > LONGEST_BUTTON_VALUE:
        yield "a button's value is too long"
    if kind == "button" and len(part.get("url", "")) > LONGEST_URL:
        yield "a button's address is too long"
    if kind == "button" and part.get("url", "https://").partition("://")[0] not in ("http", "https"):
        yield f"a button's address leads nowhere: {part['url']}"
    if kind in ("text", "plain_text") and not part["text"]:
        yield "an empty text"
    if kind == "rich_text" and len(_text_in(part)) > LONGEST_RICH_TEXT:
        yield "a rich text is too long"
    if kind in ("plain_text_input", "number_input") and len(part.get("initial_value", "")) > part.get(
        "max_length", 3_000
    ):
        yield "more is written than may be written"


def _text_in(part: Any) -> str:
    if isinstance(part, Mapping):
        return str(part["text"]) if part.get("type") == "text" else "".join(map(_text_in, part.values()))
    return "".join(map(_text_in, part)) if isinstance(part, list) else ""


def _parts_of(part: Any) -> Iterator[Surface]:
    if isinstance(part, Mapping):
        yield part
        part = list(part.values())
    if isinstance(part, list):
        for one in part:
            yield from _parts_of(one)
