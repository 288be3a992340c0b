"""What Teams would say to a card: Microsoft's own schema of version 1.5, and rules that stand in none."""

import binascii
import json
import os
from base64 import b64decode
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from jsonschema import Draft6Validator

ORACLES = Path(os.environ.get("MEDVIRK_ORACLES", Path(__file__).parents[2] / "shared" / "oracles"))
SCHEMA, HOST = ORACLES / "adaptive-card-1.5.0.json", ORACLES / "hostconfig-teams-light.json"
LARGEST_BYTES, MOST_ACTIONS = 28 * 1024, 6
DRAWN, LARGEST_PICTURE = "data:image/png;base64,", 1024  # pixels

Json = Mapping[str, Any]


def what_is_missing() -> str:
    """Why no card can be judged here; empty where it can."""
    return "" if SCHEMA.exists() and HOST.exists() else f"Microsoft's schema of cards is not at {ORACLES}"


class Oracle:
    """Finds what is wrong with a card."""

    def __init__(self) -> None:
        schema = json.loads(SCHEMA.read_text())
        self._validators = {
            name: Draft6Validator({"$ref": f"#/definitions/{name}", "definitions": schema["definitions"]})
            for name in schema["definitions"]
        }

    def find_problems(self, card: Json) -> list[str]:
        """A sentence for each; none where Teams would take it."""
        problems = [
            f"{one.json_path}: {one.message[:200]}" for one in self._validators["AdaptiveCard"].iter_errors(card)
        ]
        for part in parts_of(card):
            kind = part.get("type", "")
            if kind in self._validators and kind != "AdaptiveCard":
                problems += [
                    f"{kind} {one.json_path}: {one.message[:200]}" for one in self._validators[kind].iter_errors(part)
                ]
        return list(dict.fromkeys([*problems, *_find_others(card)]))


def _find_others(card: Json) -> Iterator[str]:
    size = len(json.dumps(card).encode().decode("unicode_escape").encode("utf-16-le", "surrogatepass"))
    if size > LARGEST_BYTES:
        yield f"{size} bytes are more than Teams takes"
    inputs = [one for one in parts_of(card) if str(one.get("type", "")).startswith("Input.")]
    ids = [one["id"] for one in inputs]
    yield from (f"two fields called {one!r}" for one in set(ids) if ids.count(one) > 1)
    yield from (f"the field {one['id']!r} has no label" for one in inputs if not str(one.get("label", "")).strip())
    for one in inputs:
        if one["isRequired"] and not one.get("errorMessage"):
            yield f"the field {one['id']!r} does not say that it is needed"
        if one["type"] == "Input.ChoiceSet":
            values = [choice["value"] for choice in one["choices"]]
            if len(set(values)) < len(values) or not values:
                yield f"the field {one['id']!r} has no choices, or two alike"
    for part in parts_of(card):
        match part.get("type"):
            case "ActionSet" if not 1 <= len(part["actions"]) <= MOST_ACTIONS:
                yield f"{len(part['actions'])} buttons beside each other"
            case "Action.OpenUrl" if not part["url"].startswith(("https://", "http://")):
                yield f"a button leads nowhere: {part['url']}"
            case "Action.Execute" if {**part, "type": "", "verb": "", "fallback": ""} != {
                **part["fallback"],
                "type": "",
                "verb": "",
                "fallback": "",
            }:
                yield "an old client would do something else"
            case "TextRun" | "TextBlock" if not part["text"]:
                yield "an empty text"
            case "Image":
                yield from _find_in_picture(part)


def _find_in_picture(part: Json) -> Iterator[str]:
    if not part.get("altText"):
        yield "a picture that says nothing to whoever does not see it"
    try:
        held = b64decode(part["url"].removeprefix(DRAWN), validate=True)
    except binascii.Error:
        yield f"a picture that lies at an address, or is none: {part['url'][:60]}"
        return
    width, height = (int.from_bytes(held[place : place + 4], "big") for place in (16, 20))
    if not (held.startswith(b"\x89PNG") and 0 < width <= LARGEST_PICTURE and 0 < height <= LARGEST_PICTURE):
        yield f"a picture of {width} × {height} that Teams does not show"


def parts_of(part: Any) -> Iterator[Json]:
    """Every element and action of a card, from the outside in."""
    if isinstance(part, Mapping):
        yield part
        part = [one for key, one in part.items() if key != "data"]
    if isinstance(part, list):
        for one in part:
            yield from parts_of(one)


def inputs_of(card: Json) -> list[Json]:
    return [one for one in parts_of(card) if str(one.get("type", "")).startswith("Input.")]


def buttons_of(card: Json) -> list[Json]:
    """What can be pressed, without what only old clients see."""
    return [one for part in parts_of(card) if part.get("type") == "ActionSet" for one in part["actions"]]


def text_of(card: Json) -> str:
    """All words on a card, a line for each element."""
    lines = []
    for part in parts_of(card):
        match part.get("type"):
            case "RichTextBlock":
                lines.append("".join(one["text"] for one in part["inlines"]))
            case "TextBlock":
                lines.append(part["text"])
            case "Input.ChoiceSet":
                lines += [part["label"], *(one["title"] for one in part["choices"])]
            case str(kind) if kind.startswith("Input."):
                lines += [part["label"], str(part.get("value", ""))]
    return "\n".join(lines).replace("\N{NO-BREAK SPACE}", " ")
