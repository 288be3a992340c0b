"""Draining one lane: what is in the hand, and what became of it."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from bot.cards import Card
from bot.channels.contract import Askable, Channel, DeliveryError, Editing
from bot.outbox.claiming import (
    TOGETHER,
    Ready,
    get_ready,
    pass_on_what_waits,
    remember_failure,
    remember_found,
    remember_not_said,
    remember_sent,
    remember_unsent,
)
from bot.outbox.leasing import Clock, Lease
from bot.outbox.pacing import Pacer
from bot.parts import Parts
from storage.outbox.lanes import channel_of, let_go, mark_up
from storage.tables import Delivery, Lane
from storage.tables.sending import DeliveryKind, DeliveryState
from storage.trouble import name_trouble
from storage.writer import WriterBusy

LOOK_SECONDS = 1.0
TRIES_TO_REMEMBER = 120  # one a second: what was sent is worth waiting for a database that is away

Work = Callable[[Session], None]

log = logging.getLogger("medvirk.lanes")


class NotNow(Exception):
    """The lane was paused or lost while a delivery waited for its turn: it is not sent now, and that was no try."""


class Drain:
    """One lane, drained by this replica until nothing is left, it is paused, or another has taken it."""

    def __init__(self, parts: Parts, name: str, clock: Clock) -> None:
        self.parts, self.name, self._clock = parts, name, clock
        self._replica = parts.replica
        self._channel = parts.channels.get(channel_of(name))
        self._at_once = self._channel.at_once if self._channel else TOGETHER
        self._pacer = self._replica.pacer(name, self._channel) if self._channel else Pacer({})
        self._changed = asyncio.Event()
        self._lease = Lease(parts, name, self._channel, clock)
        self._paused_until: datetime | None = None
        self._is_probing = False
        self._replica.draining.add(name)

    async def run(self) -> int:
        """How many left comes back."""
        try:
            async with self._lease.held() as before:
                if before is None:
                    return 0
                if before.holder != self._replica.name or before.down_since is not None:
                    self._pacer.begin_anew()
                return await self._send_all()
        finally:
            self._replica.draining.discard(self.name)

    @property
    def _may_send(self) -> bool:
        return self._lease.is_held and (self._paused_until is None or self._clock() >= self._paused_until)

    # What is in the hand

    async def _send_all(self) -> int:
        left, hand = 0, set[asyncio.Task[int]]()
        try:
            while True:
                self._changed.clear()
                if room := self._room(len(hand)):
                    ready = await self._claim(room, hand_is_empty=not hand)
                    hand |= {asyncio.create_task(self._handle(one)) for one in ready}
                if not hand:
                    return left
                with suppress(TimeoutError):  # what is queued meanwhile, such as a reply, need not wait for those
                    await asyncio.wait_for(self._changed.wait(), LOOK_SECONDS)
                await asyncio.sleep(0)  # let those that have begun come to where they wait
                done = {one for one in hand if one.done()}
                hand -= done
                left += sum(one.result() for one in done)
        finally:
            await asyncio.gather(*hand, return_exceptions=True)

    def _room(self, in_hand: int) -> int:
        """How many more to take into the hand now: no more than can be sent at once, and not one by one."""
        if self.parts.stopping.is_asked or not self._may_send:
            return 0
        room = int(min(self._at_once - in_hand, self._pacer.room))
        return room if in_hand == 0 or room >= self._at_once // 8 else 0

    async def _claim(self, room: int, *, hand_is_empty: bool) -> list[Ready]:
        """When there is nothing left, the lane is let go in the same transaction: what is queued after it is seen by
        whoever looks next."""
        at = self._clock()

        def work(session: Session) -> tuple[list[Ready], Lane | None]:
            lane = session.get(Lane, self.name)
            if lane is None or lane.holder != self._replica.name:
                return [], None
            ready: list[Ready] = []
            # After a pause one goes ahead, to see whether the platform takes it.
            most = room if lane.down_since is None else int(hand_is_empty)
            if most > 0 and (lane.paused_until is None or lane.paused_until <= at):
                ready = get_ready(session, self.parts, self.name, at, most)
            if not ready and hand_is_empty:
                let_go(session, self.name, self._replica.name)
            return ready, lane

        ready, lane = await self.parts.writer.do(work)
        if lane is None:
            self._lease.lose()
        else:
            self._paused_until, self._is_probing = lane.paused_until, lane.down_since is not None
        return ready

    async def _handle(self, ready: Ready) -> int:
        try:
            return await (self._send(ready) if ready.card else self._ask(ready))
        finally:
            self._changed.set()

    async def _send(self, ready: Ready) -> int:
        delivery, channel, card = ready.delivery, self._channel, ready.card
        assert channel is not None, "what no channel can send is never made ready"
        assert card is not None, "it has its words"
        try:
            self._check()
            external_id = await self._hand_over(channel, delivery, card)
        except NotNow:
            await self._remember(lambda session: remember_unsent(session, delivery))
            return 0
        except DeliveryError as error:
            log.warning("delivery %s was not taken: %s", delivery.id, error)
            await self._remember_failure(ready, error)
            return 0
        except Exception as error:
            log.exception("the channel %s broke; delivery %s may have arrived", channel.name, delivery.id)
            await self._remember_failure(ready, DeliveryError(type(error).__name__, uncertain=True))
            return 0
        at = self._clock()
        await self._remember(lambda session: remember_sent(session, delivery, at, external_id), is_up=True)
        self.parts.metrics.count_send(self.name, delivery.kind, DeliveryState.sent)
        return 1

    async def _hand_over(self, channel: Channel, delivery: Delivery, card: Card) -> str:
        """Send it, or show it in place of what was sent; what the platform calls it comes back."""
        if isinstance(channel, Editing) and delivery.kind == DeliveryKind.edit:
            await channel.edit(delivery.address, card, delivery.external_id or "", pace=self._pace)
            return delivery.external_id or ""
        assert delivery.reference is not None, "a claimed delivery has a reference"
        return await channel.send(
            delivery.address, card, delivery.id or 0, reference=delivery.reference, pace=self._pace
        )

    async def _ask(self, ready: Ready) -> int:
        delivery, channel = ready.delivery, self._channel
        assert isinstance(channel, Askable), "only such a channel is asked"
        try:
            self._check()
            external_id = await channel.find(delivery.address, delivery.reference or "", pace=self._pace)
        except NotNow:
            return 0
        except Exception as error:
            told = error if isinstance(error, DeliveryError) else DeliveryError(type(error).__name__)
            log.warning("what became of delivery %s is not known: %s", delivery.id, told)
            await self._remember_failure(ready, told)
            return 0
        at = self._clock()
        await self._remember(lambda session: remember_found(session, delivery, at, external_id), is_up=True)
        return int(external_id is not None)

    async def _pace(self, kind: str) -> None:
        await self._pacer.wait(kind)
        self._check()

    def _check(self) -> None:
        if not self._may_send:
            raise NotNow

    # What became of it

    async def _remember_failure(self, ready: Ready, error: DeliveryError) -> None:
        at, delivery = self._clock(), ready.delivery
        if error.whole_lane:  # at once, so that none that waits for its turn meets the same
            self._paused_until = max(at + error.retry_after, self._paused_until or at)
        if error.whole_lane or error.put_out:
            self.parts.metrics.mark_refusing(self.name)

        def work(session: Session) -> None:
            if ready.card is None:
                remember_not_said(session, self.parts, delivery, error, at)
                return
            remember_failure(session, self.parts, delivery, error, at)
            row = session.get(Delivery, delivery.id)
            ended = DeliveryState(row.state) if row is not None else DeliveryState.failed
            self.parts.metrics.count_send(self.name, delivery.kind, ended)

        await self._remember(work, is_up=not (error.whole_lane or error.put_out))
        if error.whole_lane:
            while await self.parts.writer.do(lambda session: pass_on_what_waits(session, self.parts, self.name, at)):
                pass

    async def _remember(self, work: Work, *, is_up: bool = False) -> None:
        """Written even where the database is away for a while. Where it stays away, whoever takes the lane next finds
        the delivery as it was left."""
        is_probing = self._is_probing

        def piece(session: Session) -> None:
            work(session)
            if is_up and is_probing:
                mark_up(session, self.name)

        for _ in range(TRIES_TO_REMEMBER):
            try:
                return await self.parts.writer.do(piece)
            except (WriterBusy, SQLAlchemyError) as error:
                trouble = "too much waits" if isinstance(error, WriterBusy) else name_trouble(error)
                if trouble is None:
                    raise
                log.warning("what became of a delivery cannot be written yet (%s)", trouble)
                if self.parts.stopping.is_asked:
                    break
                await asyncio.sleep(LOOK_SECONDS)
        return None
