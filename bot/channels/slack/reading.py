"""What Slack tells of what somebody did, as what it means: who, in which room, which action, and what was filled in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.channels.slack.blocks import LINK, OPEN
from bot.channels.slack.views import Surface
from bot.rooms import HOME

Payload = Mapping[str, Any]


@dataclass(frozen=True)
class Deed:
    """`action` is empty where somebody only wants to look. `address` is the workspace and the person in it."""

    address: str
    surface: Surface
    action: str = ""
    form: Mapping[str, list[str]] = field(default_factory=dict)


def name_address(team: str, person: str) -> str:
    """'T123:U456': what the person is called in all of Slack."""
    return f"{team}:{person}"


def split_address(address: str) -> tuple[str, str]:
    team, _, person = address.partition(":")
    return team, person


def read_address(payload: Payload) -> str:
    """Whose deed it is; empty where the payload does not say."""
    user = payload.get("user") or {}
    person = user.get("id", "") if isinstance(user, Mapping) else str(user)
    team = (user.get("team_id") if isinstance(user, Mapping) else "") or (payload.get("team") or {}).get("id", "")
    return name_address(team, person) if team and person else ""


def leads_away(payload: Payload) -> bool:
    """Whether it is a button with an address, of which Slack only tells: the person is there by now."""
    actions = payload.get("actions") or [{}]
    return _split(str(actions[0].get("action_id", "")).partition("#")[0])[1] == LINK


def read_button(payload: Payload) -> Deed | None:
    """A button, in a message, a modal or on the home page. None for what is no button of ours any more."""
    address, actions = read_address(payload), payload.get("actions") or []
    if not address or len(actions) != 1 or not isinstance(actions[0], Mapping):
        return None
    pressed = actions[0]
    prefix, name = _split(str(pressed.get("action_id", "")).partition("#")[0])
    value = str(pressed.get("value", ""))
    view = payload.get("view")
    if name == OPEN:
        room, _, action = value.partition(" ")
        return Deed(address, Surface(room), action)
    if not isinstance(view, Mapping):  # what a message offers to do is done on the own page, as everywhere
        return Deed(address, Surface(HOME), value) if value else None
    surface = Surface.from_text(str(view.get("private_metadata", "")))
    if surface is None or not value:
        return None
    return Deed(address, surface, value, read_form(view, prefix))


def read_submission(payload: Payload) -> Deed | None:
    """The modal's own button."""
    view = payload.get("view")
    if not isinstance(view, Mapping):
        return None
    address, surface = read_address(payload), Surface.from_text(str(view.get("private_metadata", "")))
    if not address or surface is None or not surface.submit:
        return None
    return Deed(address, surface, surface.submit, read_form(view))


def read_search(payload: Payload) -> tuple[Deed, str, str] | None:
    """Where somebody writes to find what to choose, in which field, and what they have written so far."""
    view = payload.get("view")
    address = read_address(payload)
    surface = Surface.from_text(str(view.get("private_metadata", ""))) if isinstance(view, Mapping) else None
    if not address or surface is None:
        return None
    field = _split(str(payload.get("block_id", "")))[1]
    return Deed(address, surface), field, str(payload.get("value", ""))


def read_form(view: Payload, prefix: str = "") -> dict[str, list[str]]:
    """What the fields hold, by the field's id; those without anything are left out."""
    values = (view.get("state") or {}).get("values")
    form: dict[str, list[str]] = {}
    for block_id, answers in values.items() if isinstance(values, Mapping) else ():
        if not block_id.startswith(prefix) or not isinstance(answers, Mapping):
            continue
        given = [one for answer in answers.values() if isinstance(answer, Mapping) for one in _read_answer(answer)]
        if given:
            form[block_id.removeprefix(prefix)] = given
    return form


def _read_answer(answer: Payload) -> list[str]:
    """One input: a text, a day, an option or several."""
    if isinstance(chosen := answer.get("selected_option"), Mapping):
        return [str(chosen.get("value", ""))]
    if isinstance(several := answer.get("selected_options"), list):
        return [str(one.get("value", "")) for one in several if isinstance(one, Mapping)]
    given = answer.get("selected_date") or answer.get("value")
    return [str(given)] if given else []


def _split(action_id: str) -> tuple[str, str]:
    """The number of a card on a surface with several, with the mark behind it, and the action."""
    number, mark, action = action_id.partition("|")
    return (number + mark, action) if mark and number.isdigit() else ("", action_id)
