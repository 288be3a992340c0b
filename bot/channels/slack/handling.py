"""The way in from Slack: each deed goes through the door, is stored before Slack hears that it came, and the card that
comes back is shown where the deed was done."""

import logging
import re
from collections.abc import Coroutine, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from traceback import format_tb
from typing import Any

import aiohttp
from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.error import BoltUnhandledRequestError
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.cards import Card, Say
from bot.channels.slack.afterwards import Afterwards
from bot.channels.slack.commands import COMMANDS, SHORTCUTS, read_command, write_into
from bot.channels.slack.elements import Json
from bot.channels.slack.fields import make_options, make_problems
from bot.channels.slack.reading import (
    Deed,
    leads_away,
    name_address,
    read_button,
    read_search,
    read_submission,
    split_address,
)
from bot.channels.slack.views import Surface, make_home, make_modal
from bot.channels.slack.words import labels_in
from bot.door import Door, View
from bot.proof import ByAddress
from bot.rooms import HOME
from bot.trouble import Trouble
from bot.words import words_in

CHANNEL = "slack"
OUT = "the app was taken out of the workspace"
EVERY = re.compile("")

log = logging.getLogger("medvirk.slack")


def listen(app: AsyncApp, door: Door, afterwards: Afterwards) -> None:
    """Register what is heard. Whatever comes is answered; what is not ours is passed over. What is shown by a call of
    Slack's API is shown `afterwards`."""
    way_in = WayIn(door, afterwards)
    app.action(EVERY)(way_in.press)
    app.view(EVERY)(way_in.submit)
    app.options(EVERY)(way_in.search)
    app.event("app_home_opened")(way_in.open_home)
    for command in COMMANDS:
        app.command(command)(way_in.command)
    for shortcut in SHORTCUTS:
        app.shortcut(shortcut)(way_in.command)
    app.event("app_uninstalled")(way_in.lose)
    app.event("tokens_revoked")(way_in.lose)
    app.event(EVERY)(pass_over)
    app.error(answer_failure)


async def pass_over(ack: AsyncAck) -> None:
    await ack()


async def answer_failure(error: Exception) -> BoltResponse:
    """What nobody here listens to is none of our business. Of our own mistake, where it happened goes to the log, but
    not what the error says, since that may hold what somebody wrote; and Slack hears that it was not stored."""
    if isinstance(error, BoltUnhandledRequestError):
        return BoltResponse(status=200)
    log.error("what came from Slack failed: %s\n%s", type(error).__name__, "".join(format_tb(error.__traceback__)))
    return BoltResponse(status=500)


class WayIn:
    """What each kind of deed leads to."""

    def __init__(self, door: Door, afterwards: Afterwards) -> None:
        self.door, self.afterwards = door, afterwards

    async def press(self, ack: AsyncAck, body: Mapping[str, Any], client: AsyncWebClient) -> None:
        """A button. In a modal the card is replaced; elsewhere a modal opens over what stands there."""
        if leads_away(body):
            await ack()
            return
        deed = read_button(body)
        view = body.get("view") or {}
        stays_at_home = view.get("type") == "home" and deed is not None and bool(deed.action)
        seen = await self._do(deed, is_lasting=stays_at_home) if deed else _explain(Trouble("old_button", 404), HOME)
        await ack()
        if view.get("type") == "modal":
            self._call(client.views_update(view_id=str(view.get("id")), view=_make(seen)))
            return
        if stays_at_home and deed and len(seen.cards) > 1:
            self._publish(client, deed.address, seen)
            return
        self._open(client, body, _tell_what_became(deed, seen) if deed else seen)

    async def submit(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        """A modal's own button: what must be mended stands at its field; else the next card takes its place."""
        deed = read_submission(body)
        if deed is None:
            await ack()
            return
        seen = await self._do(deed)
        problems = make_problems(seen.cards[0].asks)
        shown = {block.get("block_id") for block in body["view"].get("blocks") or [] if isinstance(block, dict)}
        if problems and problems.keys() <= shown:
            await ack(response_action="errors", errors=problems)
        else:
            await ack(response_action="update", view=_make(seen))

    async def open_home(
        self, ack: AsyncAck, event: Mapping[str, Any], context: AsyncBoltContext, client: AsyncWebClient
    ) -> None:
        await ack()
        if event.get("tab") == "home":
            address = _name(context)
            self._publish(client, address, await self._do(Deed(address, Surface(HOME)), is_lasting=True))

    async def lose(self, ack: AsyncAck, body: Mapping[str, Any], event: Mapping[str, Any]) -> None:
        """The app was taken out of a workspace, or its token was. Tokens of people are none of ours."""
        tokens = event.get("tokens")
        is_bots = event.get("type") == "app_uninstalled" or bool(isinstance(tokens, Mapping) and tokens.get("bot"))
        team, told_at = str(body.get("team_id", "")), _read_time(body.get("event_time"))
        if is_bots and team and told_at is not None:
            log.error(
                "the app or its token was taken out of the workspace %s; medvirk doctor slack looks into it", team
            )
            await self.door.put_out(CHANNEL, team, OUT, told_at)
        await ack()

    async def command(
        self, ack: AsyncAck, body: Mapping[str, Any], context: AsyncBoltContext, client: AsyncWebClient
    ) -> None:
        """A word after a slash, or a shortcut: a modal with the room that it names."""
        command, words = read_command(body)
        deed = Deed(_name(context), Surface(command.room), command.choose_action(words))
        seen = await self._do(deed)
        await ack()
        cards = [write_into(one, words) for one in _tell_what_became(deed, seen).cards]
        self._open(client, body, replace(seen, cards=cards))

    async def search(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        """Somebody writes in a field to find what to choose."""
        asked = read_search(body)
        if asked is None:
            await ack(options=[])
            return
        deed, field, words = asked
        proof = ByAddress(CHANNEL, deed.address, deed.surface.room)
        await ack(options=make_options(await self.door.find(proof, field, words)))

    async def _do(self, deed: Deed, *, is_lasting: bool = False) -> View:
        """Through the door: look, or act and have it stored. What the door refuses is a card too. `is_lasting`: for
        Home, which Slack shows until it is published anew."""
        proof, at = ByAddress(CHANNEL, deed.address, deed.surface.room, is_lasting=is_lasting), deed.surface
        if deed.action:
            seen = await self.door.act(proof, None, deed.action, deed.form, at.state, at.place)
        else:
            seen = await self.door.look(proof, None, at.place, at.state)
        return seen if isinstance(seen, View) else _explain(seen, deed.surface.room)

    def _open(self, client: AsyncWebClient, body: Mapping[str, Any], seen: View) -> None:
        self._call(client.views_open(trigger_id=str(body.get("trigger_id")), view=_make(seen)))

    def _publish(self, client: AsyncWebClient, address: str, seen: View) -> None:
        home = make_home(seen.cards, HOME, labels_in(seen.language))
        self._call(client.views_publish(user_id=split_address(address)[1], view=home))

    def _call(self, call: Coroutine[Any, Any, Any]) -> None:
        self.afterwards.do(_show(call))


async def _show(call: Coroutine[Any, Any, Any]) -> None:
    """What was done is stored by now; that it cannot be shown is no reason to have it sent again."""
    try:
        await call
    except SlackApiError as error:
        log.warning("a view was not taken: %s", error.response.get("error"))
    except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError) as error:
        log.warning("a view could not be shown (%s)", type(error).__name__)


def _read_time(seconds: Any) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(seconds), UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return None


def _tell_what_became(deed: Deed, seen: View) -> View:
    """What was done on the own page from elsewhere shows what became of it, which the first card of the page says."""
    return replace(seen, cards=seen.cards[:1]) if deed.action and deed.surface.room == HOME else seen


def _name(context: AsyncBoltContext) -> str:
    return name_address(context.team_id or "", context.user_id or "")


def _make(seen: View) -> Json:
    return make_modal(seen.cards, seen.room, labels_in(seen.language))


def _explain(trouble: Trouble, room: str) -> View:
    words = words_in(trouble.language)
    text = words(f"trouble.{trouble.key}", **(trouble.with_words or {}))
    card = Card(words(f"trouble.{trouble.key}_title"), (Say(text),), trouble.language)
    return View([card], trouble.language, room=room)
