"""Commands and shortcuts: what is typed behind a slash, and what it opens. Slack takes letters from a to z there."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.cards import Ask, Card
from bot.rooms import GROUPS, HOME, SUGGEST

LONGEST_WORDS = 1_000


@dataclass(frozen=True)
class Command:
    """`action` is done in the room at once, and `with_words` instead of it where somebody wrote more behind."""

    room: str
    action: str = ""
    with_words: str = ""

    def choose_action(self, words: str) -> str:
        return self.with_words.format(words=words) if words and self.with_words else self.action


SUGGESTING, ASKING = Command(SUGGEST), Command(GROUPS, with_words="new:{words}")
PAUSING = Command(HOME, "pause", with_words="pause:{words}")
COMMANDS: Mapping[str, Command] = {
    "/tema": SUGGESTING,
    "/theme": SUGGESTING,
    "/sporring": ASKING,
    "/poll": ASKING,
    "/pause": PAUSING,
    "/medvirk": Command(HOME),
}
SHORTCUTS: Mapping[str, Command] = {"suggest": SUGGESTING, "poll": ASKING, "pause": PAUSING}


def read_command(payload: Mapping[str, Any]) -> tuple[Command, str]:
    """Which one it is, and what was written behind it."""
    if said := payload.get("command"):
        return COMMANDS[str(said)], " ".join(str(payload.get("text") or "").split())[:LONGEST_WORDS]
    return SHORTCUTS[str(payload.get("callback_id"))], ""


def write_into(card: Card, words: str) -> Card:
    """The card with these words in its first field for text, where nothing stands there."""
    first = next((one for one in card.asks if one.kind == "text"), None)
    if not words or first is None or first.written:
        return card
    return replace(card, blocks=tuple(_write(one, words) if one is first else one for one in card.blocks))


def _write(ask: Ask, words: str) -> Ask:
    return replace(ask, written=(words,))
