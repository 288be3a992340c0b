"""What Slack's own app does with a modal before it is sent: keeps what is written in its fields, and does not send what
is missing or too long."""

from collections.abc import Mapping, Sequence
from typing import Any

View = Mapping[str, Any]
Written = Mapping[str, str | Sequence[str]]
OPTIONS = ("radio_buttons", "static_select")
SEVERAL = ("checkboxes", "multi_static_select", "multi_external_select")
Found = Mapping[str, Sequence[Mapping[str, Any]]]


def inputs_of(view: View) -> list[Mapping[str, Any]]:
    return [one for one in view["blocks"] if one["type"] == "input"]


def make_state(view: View, written: Written, found: Found | None = None) -> dict[str, Any]:
    """The state as it is sent, with `written` by the id of the block, over what stood there from the beginning. `found`
    are the options that have come up in a field in which one searches."""
    unknown = written.keys() - {one["block_id"] for one in inputs_of(view)}
    assert not unknown, f"there is no field called {unknown}"
    values = {}
    for block in inputs_of(view):
        element = block["element"]
        if element["type"] == "multi_external_select":
            came_up = (found or {}).get(block["block_id"], ())
            element = {**element, "options": [*element.get("initial_options", ()), *came_up]}
        state = {"type": element["type"], **_fill(element, written.get(block["block_id"]))}
        values[block["block_id"]] = {element["action_id"]: state}
    return {"values": values}


def find_unsent(view: View, state: Mapping[str, Any]) -> list[str]:
    """The fields that keep the modal from being sent."""
    unsent = []
    for block in inputs_of(view):
        element = block["element"]
        (given,) = [
            value for key, value in state["values"][block["block_id"]][element["action_id"]].items() if key != "type"
        ]
        is_missing = not given and not block.get("optional", False)
        is_too_long = isinstance(given, str) and len(given) > element.get("max_length", 3_000)
        if is_missing or is_too_long:
            unsent.append(block["block_id"])
    return unsent


def _fill(element: Mapping[str, Any], written: str | Sequence[str] | None) -> dict[str, Any]:
    kind = element["type"]
    if kind in OPTIONS:
        chosen = element.get("initial_option") if written is None else _option(element, str(written))
        return {"selected_option": chosen}
    if kind in SEVERAL:
        several = [written] if isinstance(written, str) else written
        initial = element.get("initial_options", [])
        return {"selected_options": initial if several is None else [_option(element, one) for one in several]}
    if kind == "datepicker":
        return {"selected_date": element.get("initial_date") if written is None else written}
    assert kind in ("plain_text_input", "number_input"), f"nobody knows how to fill in a {kind}"
    return {"value": (element.get("initial_value") if written is None else written) or None}


def _option(element: Mapping[str, Any], value: str) -> dict[str, Any]:
    found = [one for one in element["options"] if one["value"] == value]
    assert found, f"{value!r} is none of {[one['value'] for one in element['options']]}"
    return dict(found[0])


def text_of(shown: Any) -> str:
    """All words on a surface or in a part of one, a line for each."""
    if isinstance(shown, Mapping):
        if isinstance(shown.get("text"), str):
            return str(shown["text"]).replace("\N{NO-BREAK SPACE}", " ")
        parts = [text_of(one) for key, one in shown.items() if key not in ("private_metadata", "close")]
        return "\n".join(one for one in parts if one)
    if isinstance(shown, list):
        return "\n".join(one for one in map(text_of, shown) if one)
    return ""


def buttons_of(blocks: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [one for block in blocks if block["type"] == "actions" for one in block["elements"]]
