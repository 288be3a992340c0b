"""Cards as Slack shows them, as HTML: by somebody else's picture of its blocks, which is close and not the same."""

import json
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from bot.cards import Button, Buttons, Card
from bot.channels.slack.elements import Json
from bot.channels.slack.messages import make_messages
from bot.channels.slack.views import make_home, make_modal
from bot.channels.slack.words import labels_in
from tests.pictures.chosen import Picture
from tests.slack_server import MODULES, find_node, what_is_missing

HERE = Path(__file__).parent
LIBRARY = MODULES / "slack-blocks-to-jsx"
STYLES = (LIBRARY / "dist" / "style.css", HERE / "frame.css")
ROOM = "run:12"


def make_pages(pictures: Iterable[Picture]) -> Iterator[tuple[str, str]]:
    """The name and the HTML of each. Raises SystemExit where the packages from npm are not there."""
    if missing := what_is_missing(LIBRARY):
        raise SystemExit(f"There is nothing to draw Slack's blocks with: {missing}.")
    wanted = [{"name": one.name, "kind": one.kind, "surface": _make_surface(one)} for one in pictures]
    command = [str(find_node()), str(HERE / "slack_blocks.js")]
    environment = {"NODE_PATH": str(MODULES), "NODE_ENV": "production"}
    given = json.dumps(wanted)
    made = subprocess.run(command, input=given, stdout=subprocess.PIPE, text=True, check=True, env=environment)
    style = "".join(f"<style>{one.read_text(encoding='utf-8')}</style>" for one in STYLES)
    for one in json.loads(made.stdout):
        yield one["name"], f"<!doctype html><meta charset='utf-8'>{style}<body>{one['html']}</body>"


def _make_surface(picture: Picture) -> Json:
    cards = [_with_whole_addresses(one) for one in picture.cards]
    labels = labels_in(cards[0].language)
    match picture.kind:
        case "message":
            return make_messages(cards[0], labels)[0]
        case "home":
            return make_home(cards, ROOM, labels)
        case _:
            return make_modal(cards, ROOM, labels)


def _with_whole_addresses(card: Card) -> Card:
    blocks = [
        replace(one, buttons=tuple(map(_make_whole, one.buttons))) if isinstance(one, Buttons) else one
        for one in card.blocks
    ]
    return replace(card, blocks=tuple(blocks))


def _make_whole(button: Button) -> Button:
    return replace(button, url=f"https://medvirk.solvik.example{button.url}") if button.url.startswith("/") else button
