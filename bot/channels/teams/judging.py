"""Whether Teams takes a card as it was meant: what no schema says, and what a flow of the organisation's own can bring
about. That cards are made by the schema is shown by the tests."""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.cards import Card
from bot.channels.teams.blocks import MOST_IN_A_ROW
from bot.channels.teams.elements import LONGEST_BUTTON, Json, cut
from bot.channels.teams.fields import SEVERAL


def find_problems(made: Json, card: Card) -> Iterator[str]:
    """A sentence for each, with what to do; `made` is what `card` became."""
    inputs = [one for one in _parts_of(made) if str(one.get("type", "")).startswith("Input.")]
    names = [str(one["id"]).removeprefix(SEVERAL) for one in inputs]
    titles = {one["title"] for part in _parts_of(made) for one in part.get("actions", ())}
    lost = [one.id for one in card.asks if one.id not in names]
    lost += [one.label for one in card.buttons if cut(one.label, LONGEST_BUTTON) not in titles]
    if lost:
        yield f"is too large for Teams, so this is left out: {', '.join(lost)}; shorten its texts, or part it"
    yield from (f"the field {one} comes twice" for one in sorted(set(names)) if names.count(one) > 1)
    for one in inputs:
        name = str(one["id"]).removeprefix(SEVERAL)
        if not str(one.get("label", "")).strip():
            yield f"the field {name} has no label"
        chosen = [choice["value"] for choice in one.get("choices", ())]
        if str(one["id"]).startswith(SEVERAL) and any("," in value for value in chosen):
            yield f"an option of {name} has a comma in its id, by which Teams parts them"
    if any(len(one["actions"]) > MOST_IN_A_ROW for one in _parts_of(made) if one.get("type") == "ActionSet"):
        yield f"has more than {MOST_IN_A_ROW} buttons beside each other"


def _parts_of(part: Any) -> Iterator[Mapping[str, Any]]:
    """Every element and action, without what travels with a button."""
    if isinstance(part, Mapping):
        yield part
        part = [one for key, one in part.items() if key != "data"]
    if isinstance(part, list):
        for one in part:
            yield from _parts_of(one)
