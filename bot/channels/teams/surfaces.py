"""What travels with a card's buttons: where one is, what is done there, and the same for a client that knows no
`Action.Execute`."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from bot.cards import Button
from bot.channels.teams.elements import LONGEST_BUTTON, Json, cut

OURS = "medvirk"  # all that is ours stands under this name, so that no field can be taken for it
VERB = "medvirk"


@dataclass(frozen=True)
class Surface:
    """The room a card is of, and where and how far it was in it; `action` is what the button does, empty where one
    only looks. `section` is the part of the own page that is looked at; `prefix` stands before the names of a card's
    fields, where several cards are shown as one."""

    room: str
    place: str = ""
    state: str = ""
    action: str = ""
    section: str = ""
    prefix: str = ""

    def to_data(self) -> Json:
        return {OURS: {name: one for name, one in asdict(self).items() if one}}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Surface | None":
        """None for what is not ours, or is older than this release."""
        ours = data.get(OURS)
        if not isinstance(ours, Mapping) or not ours.get("room"):
            return None
        if not ours.keys() <= cls.__dataclass_fields__.keys() or not all(isinstance(one, str) for one in ours.values()):
            return None
        return cls(**ours)


def make_execute(label: str, surface: Surface, *, sends_form: bool = False, style: str = "default") -> Json:
    """A button that does something, with the fields of the card where it `sends_form`; only then the client looks
    whether they are filled in. Old clients do the same by `Action.Submit`."""
    shared: Json = {
        "title": cut(label, LONGEST_BUTTON) or "–",
        "data": surface.to_data(),
        "associatedInputs": "auto" if sends_form else "none",
        "style": style,
    }
    return {"type": "Action.Execute", "verb": VERB, **shared, "fallback": {"type": "Action.Submit", **shared}}


def make_open(button: Button) -> Json:
    """A button that leads to a page in the browser."""
    style = "positive" if button.style == "primary" else "default"
    return {
        "type": "Action.OpenUrl",
        "title": cut(button.label, LONGEST_BUTTON) or "–",
        "url": button.url,
        "style": style,
    }
