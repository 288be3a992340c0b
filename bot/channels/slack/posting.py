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
from bot.channels.slack.messages import find_pictures, make_messages, without_pictures
from bot.channels.slack.words import labels_in
from bot.outbox.pacing import Pace

POST, UPDATE, DELETE = "chat.postMessage", "chat.update", "chat.delete"
OPEN, HISTORY = "conversations.open", "conversations.history"
EVENT = "medvirk"  # the type of our messages' metadata
LOOK_BACK = 50  # messages: more than what anybody gets from us in a day
DAY_SECONDS = 86_400  # by then the last part of a message has come

Call = Callable[[str, Json], Awaitable[Mapping[str, Any]]]  # a method of Slack's and what it is told; or DeliveryError

log = logging.getLogger("medvirk.slack")


class MayNotLook(DeliveryError):
    """The app lacks the right to see what it has written itself."""


class NotTaken(DeliveryError):
    """Slack does not take this message as it is; nothing is wrong with the person or the app."""


@dataclass(frozen=True)
class _Parts:
    """The parts that have come, by their number; `whole`: the first of a message of which every part has. Tries that
    parted it into more or fewer are told apart by how many they say there are."""

    called: Mapping[int, str]
    whole: str | None


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
        messages, there = make_messages(card, labels, pictures), _Parts({}, None)
        if len(messages) > 1:
            try:
                there = await self._look()
            except MayNotLook:
                messages = make_messages(card, labels, pictures, most=1)
        return there.whole or await self._complete(messages, there.called)

    async def _complete(self, messages: Sequence[Json], there: Mapping[int, str]) -> str:
        """The card may have changed since an earlier try, and be parted elsewhere now: what came says what it says
        now, what is missing is posted, and what is too much goes. Comes back: what the first is called."""
        for part in sorted(there.keys() - {*range(len(messages))}):  # first: once all have come, nobody looks again
            channel, _, ts = there[part].partition(":")
            await self._say(DELETE, {"channel": channel, "ts": ts}, {})
        called = dict[int, str]()
        for part, message in enumerate(messages):
            which = {"part": part, "of": len(messages)} if len(messages) > 1 else {}
            metadata = {"event_type": EVENT, "event_payload": {"reference": self.reference, **which}}
            if part in there:
                channel, _, ts = there[part].partition(":")
                await self._say(UPDATE, {"channel": channel, "ts": ts, "metadata": metadata}, message)
                called[part] = there[part]
            else:
                answer = await self._say(POST, {"channel": self.person, "metadata": metadata}, message)
                called[part] = f"{answer['channel']}:{answer['ts']}"
        return called[0]

    async def post_anew(self, card: Card, called: str) -> None:
        """In place of what lies there, with the pictures it has, in as many messages at the most: one that nothing is
        left for goes, and none is posted, since it would stand below what has come since."""
        channel, _, ts = called.partition(":")
        there = await self._read(channel, ts) if card.has_pictures else []
        pictures = find_pictures(card, [block for one in there for block in one.get("blocks") or ()])
        parts = [{"channel": channel, "ts": one["ts"], "metadata": one["metadata"]} for one in there]
        parts = parts or [{"channel": channel, "ts": ts}]
        messages = make_messages(card, labels_in(card.language), pictures, most=len(parts))
        for part in parts[len(messages) :]:
            await self._say(DELETE, {"channel": channel, "ts": part["ts"]}, {})
        for part, message in zip(parts, messages, strict=False):
            await self._say(UPDATE, part, message)

    async def find(self) -> str | None:
        """What was posted, once all of it has come."""
        return (await self._look()).whole

    async def _say(self, method: str, where: Json, message: Json) -> Mapping[str, Any]:
        waits = iter(self.waits)
        while True:
            await self.pace(method)
            try:
                return await self.call(method, {**where, **message})
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

    async def _look(self) -> _Parts:
        """Through what was last written to the person."""
        await self.pace(OPEN)
        channel = (await self.call(OPEN, {"users": self.person}))["channel"]["id"]
        await self.pace(HISTORY)
        query = {"channel": channel, "limit": LOOK_BACK, "include_all_metadata": True}
        called, by_count = dict[int, str](), dict[int, dict[int, str]]()
        for message in (await self.call(HISTORY, query))["messages"]:
            payload = _read_payload(message)
            if payload.get("reference") == self.reference:
                part, of = int(payload.get("part", 0)), int(payload.get("of", 1))
                called[part] = by_count.setdefault(of, {})[part] = f"{channel}:{message['ts']}"
        return _Parts(called, next((one[0] for of, one in by_count.items() if len(one) == of), None))

    async def _read(self, channel: str, ts: str) -> list[Mapping[str, Any]]:
        """A message as it lies there, with the parts that belong to it; nothing where it is gone or does not say which
        it is, as what somebody else wrote, or the app may not look."""
        await self.pace(HISTORY)
        until = f"{float(ts) + DAY_SECONDS:.6f}"
        query = {"channel": channel, "oldest": ts, "latest": until, "inclusive": True, "limit": LOOK_BACK}
        try:
            found = (await self.call(HISTORY, {**query, "include_all_metadata": True}))["messages"]
        except MayNotLook:
            return []
        first = next((_read_payload(one) for one in found if one["ts"] == ts), {})
        if "reference" not in first:
            return []
        alike = [
            one for one in found if all(_read_payload(one).get(key) == first.get(key) for key in ("reference", "of"))
        ]
        return sorted(alike, key=lambda one: int(_read_payload(one).get("part", 0)))


def _read_payload(message: Mapping[str, Any]) -> Mapping[str, Any]:
    return (message.get("metadata") or {}).get("event_payload") or {}
