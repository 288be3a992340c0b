"""What Teams tells of what somebody did, as what it means: who, where, and which deed with which form.

Read from the JSON itself: the library's own types refuse some that Teams really sends, such as an installation that
is brought up to date ('add-upgrade').
"""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.channels.teams.fields import SEVERAL
from bot.channels.teams.keys import CHANNEL
from bot.channels.teams.surfaces import OURS, Surface

Activity = Mapping[str, Any]

PERSONAL = "personal"
MENTION = re.compile(r"<at\b[^>]*>.*?</at>", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True)
class Sender:
    """Who it is: `address` is the tenant and the person in it; `name` is what the conversation calls them."""

    address: str
    name: str
    conversation: str
    service_url: str


@dataclass(frozen=True)
class Deed:
    surface: Surface
    form: Mapping[str, list[str]] = field(default_factory=dict)


def name_address(tenant: str, person: str) -> str:
    """'tenant:person', both by their ids in Entra."""
    return f"{tenant}:{person}".lower()


def split_address(address: str) -> tuple[str, str]:
    tenant, _, person = address.partition(":")
    return tenant, person


def read_activity(body: bytes) -> Activity | None:
    """None for what is no activity: no JSON, or without a type."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) and _text(told, "type") else None


def is_ours(told: Activity, tenant: str) -> bool:
    """Whether it comes from Teams and from this tenant, wherever it says from which; it says so at least once."""
    named = [_text(told, "conversation", "tenantId"), _text(told, "channelData", "tenant", "id")]
    said = {one.lower() for one in named if one}
    return _text(told, "channelId") == CHANNEL and said == {tenant.lower()}


def read_sender(told: Activity, tenant: str) -> Sender | None:
    """None where it is not one person's own conversation with us."""
    person, name = _text(told, "from", "aadObjectId"), _text(told, "from", "id")
    conversation, service_url = _text(told, "conversation", "id"), _text(told, "serviceUrl")
    if _text(told, "conversation", "conversationType") != PERSONAL or not all(
        (person, name, conversation, service_url)
    ):
        return None
    return Sender(name_address(tenant, person), name, conversation, service_url)


def read_words(told: Activity) -> str:
    """What somebody typed, without whom they spoke to."""
    return " ".join(MENTION.sub(" ", _text(told, "text")).split())


def read_execute(told: Activity) -> Deed | None:
    """A button by `Action.Execute`; None where it is no button of ours any more."""
    value = told.get("value")
    action = value.get("action") if isinstance(value, dict) else None
    return _read_data(action.get("data")) if isinstance(action, dict) else None


def read_submit(told: Activity) -> Deed | None:
    """The same by `Action.Submit`, of a client that knows no other."""
    return _read_data(told.get("value"))


def _read_data(data: object) -> Deed | None:
    surface = Surface.from_data(data) if isinstance(data, dict) else None
    return Deed(surface, read_form(data, surface.prefix)) if surface and isinstance(data, dict) else None


def read_form(data: Mapping[str, Any], prefix: str = "") -> dict[str, list[str]]:
    """What the fields hold, by the field's id; those without anything are left out, as Teams does itself."""
    form: dict[str, list[str]] = {}
    for name, given in data.items():
        text = _say(given)
        is_several = name.startswith(SEVERAL)
        own = name.removeprefix(SEVERAL)
        if name == OURS or not text or not own.startswith(prefix):
            continue
        form[own.removeprefix(prefix)] = [one for one in text.split(",") if one] if is_several else [text]
    return form


def _say(given: object) -> str:
    """A value as the text that a page would send."""
    if isinstance(given, bool):
        return "true" if given else "false"
    if isinstance(given, float) and math.isfinite(given):
        return f"{given:.6f}".rstrip("0").rstrip(".")
    return str(given) if isinstance(given, str | int) else ""


def _text(told: Activity, *path: str) -> str:
    """What stands there, where it is a text."""
    part: object = told
    for name in path:
        part = part.get(name) if isinstance(part, Mapping) else None
    return part if isinstance(part, str) else ""
