"""Posting to one person: a card with its pictures, in as many messages as it needs. Each message says which it is, so
that after a lost answer only what has not come is posted."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.cards import Card
from bot.channels.contract import DeliveryError
from bot.channels.slack.blocks import Pictures
from bot.channels.slack.elements import Json
from bot.channels.slack.messages import make_messages, without_pictures
from bot.channels.slack.words import labels_in
from bot.pacing import Pace

POST, OPEN, HISTORY = "chat.postMessage", "conversations.open", "conversations.history"
EVENT = "medvirk"  # the type of our messages' metadata
LOOK_BACK = 50  # messages: more than what anybody gets from us in a day

Call = Callable[[str, Json], Awaitable[Mapping[str, Any]]]  # a method of Slack's and what it is told; or DeliveryError

log = logging.getLogger("medvirk.slack")


class MayNotLook(DeliveryError):
    """The app lacks the right to see what it has written itself."""


class NotTaken(DeliveryError):
    """Slack does not take this message as it is; nothing is wrong with the person or the app."""


@dataclass(frozen=True)
class Posting:
    """`reference` is the same in every try. `waits` are seconds: Slack looks at a picture for a moment before a message
    may show it, and refuses the message until then; after the last one it goes without. What comes back is called
    'D123:1700000000.0001', the conversation and the first message in it. Everything may raise DeliveryError."""

    call: Call
    person: str
    reference: str
    pace: Pace
    waits: Sequence[float] = ()

    async def post(self, card: Card, pictures: Pictures) -> str:
        labels = labels_in(card.language)
        messages, there = make_messages(card, labels, pictures), dict[int, str]()
        if len(messages) > 1:
            try:
                there, _ = await self._look()
            except MayNotLook:
                messages = make_messages(card, labels, pictures, most=1)
        for part, message in enumerate(messages):
            if part not in there:
                which = {"part": part, "of": len(messages)} if len(messages) > 1 else {}
                there[part] = await self._post(message, {"reference": self.reference, **which})
        return there[0]

    async def find(self) -> str | None:
        """What was posted, once all of it has come."""
        there, parts = await self._look()
        return there[0] if all(part in there for part in range(parts)) else None

    async def _post(self, message: Json, payload: Json) -> str:
        told = {"channel": self.person, "metadata": {"event_type": EVENT, "event_payload": payload}}
        waits = iter(self.waits)
        while True:
            await self.pace(POST)
            try:
                answer = await self.call(POST, {**told, **message})
            except NotTaken as error:
                plainer = without_pictures(message)
                if plainer == message:
                    raise
                seconds = next(waits, None)
                if seconds is None:
                    log.warning("a message goes without its picture: %s", error)
                    message = plainer
                else:
                    await asyncio.sleep(seconds)
            else:
                return f"{answer['channel']}:{answer['ts']}"

    async def _look(self) -> tuple[dict[int, str], int]:
        """Through what was last written to the person: which parts have come, by their number, and how many there are
        in all."""
        await self.pace(OPEN)
        channel = (await self.call(OPEN, {"users": self.person}))["channel"]["id"]
        await self.pace(HISTORY)
        query = {"channel": channel, "limit": LOOK_BACK, "include_all_metadata": True}
        there, parts = dict[int, str](), 1
        for message in (await self.call(HISTORY, query))["messages"]:
            payload = (message.get("metadata") or {}).get("event_payload") or {}
            if payload.get("reference") == self.reference:
                parts = int(payload.get("of", 1))
                there[int(payload.get("part", 0))] = f"{channel}:{message['ts']}"
        return there, parts
