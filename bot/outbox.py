"""The outbox: claim what is due, send it, remember how it ended. Everything that leaves goes through here."""

import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from sqlmodel import Session

from bot.cards import Card
from bot.channels.contract import DeliveryError
from bot.messages import compose
from bot.messages.links import home_url
from bot.moments import find_moment
from bot.offers import is_still_asked
from bot.parts import Parts
from storage.addresses import mark_unreachable
from storage.deliveries import claim, mark, pass_on, put_back, put_off, recover
from storage.offers import ABOUT_OFFERS
from storage.people import calendars, people_by_id
from storage.runs import participation_of
from storage.tables import Delivery, Person, Run
from storage.tables.asking import RunState
from storage.tables.sending import DeliveryKind, DeliveryState

TOGETHER = 100
ASKS = (DeliveryKind.question, DeliveryKind.reminder)
WAITS_AT_MOST = timedelta(days=60)  # for a working moment; what only tells is not wanted any more after that

log = logging.getLogger("medvirk.outbox")


@dataclass(frozen=True)
class Ready:
    """A claimed delivery with its words."""

    delivery: Delivery
    card: Card


async def drain(parts: Parts, at: datetime) -> int:
    """Send all that is due at `at`; how many left comes back. A channel that is found to be down is left alone until
    the next time, so that it holds up no other."""
    left = 0
    down: dict[str, DeliveryError] = {}
    while not parts.stopping.is_asked and (
        ready := await parts.writer.do(lambda session: _get_ready(session, parts, at))
    ):
        while ready and not parts.stopping.is_asked:
            left += await _send(parts, ready.pop(0), at, down)
        if ready:
            await parts.writer.do(partial(_give_back, ready=ready))
    return left


def _give_back(session: Session, ready: list[Ready]) -> None:
    """What was claimed and will not be sent by this process waits for the next one."""
    for one in ready:
        put_off(session, one.delivery.id or 0, one.delivery.not_before)


def recover_after_crash(session: Session, parts: Parts) -> None:
    """What was in the hand when the process died may have arrived."""
    recover(session, [name for name, channel in parts.channels.items() if channel.is_safe_to_repeat])


def _get_ready(session: Session, parts: Parts, at: datetime) -> list[Ready]:
    """Claim what is due and write its cards. On the way, what is no longer wanted is cancelled, and what would come at
    a bad moment waits for a better one. Goes on until there is something to send, or nothing left."""
    while due := claim(session, at, TOGETHER):
        people = people_by_id(session, [one.person_id for one in due])
        known = calendars(session, people, at.date())
        ready = []
        for delivery in due:
            delivery_id, kind = delivery.id or 0, DeliveryKind(delivery.kind)
            until = _find_end(session, delivery, people.get(delivery.person_id), at)
            moment = find_moment(known[delivery.person_id], kind, at, until) if until else None
            if moment is None:
                mark(session, delivery_id, DeliveryState.cancelled, at=at)
            elif moment > at:
                put_off(session, delivery_id, moment)
            elif card := _write(session, parts, delivery, people[delivery.person_id], at):
                ready.append(Ready(delivery, card))
            else:
                mark(session, delivery_id, DeliveryState.failed, at=at, trouble="its words could not be made")
        if ready:
            return ready
    return []


def _find_end(session: Session, delivery: Delivery, person: Person | None, at: datetime) -> datetime | None:
    """Until when it may be sent, as things stand now; None where it is no longer wanted: the run has closed, or a
    reminder or a question about an offer was answered meanwhile."""
    if person is None or not person.active:
        return None
    if delivery.kind in ABOUT_OFFERS and not is_still_asked(session, delivery, at):
        return None
    if delivery.kind not in ASKS:
        return at + WAITS_AT_MOST
    run = session.get(Run, int(delivery.about.partition(":")[2]))
    if run is None or run.state != RunState.open or at >= run.closes_at:
        return None
    participation = participation_of(session, run.id or 0, delivery.person_id)
    if delivery.kind == DeliveryKind.reminder and (participation is None or participation.answered):
        return None
    return run.closes_at


def _write(session: Session, parts: Parts, delivery: Delivery, person: Person, at: datetime) -> Card | None:
    """Its card; None where that cannot be made: a mistake in one message holds up no other."""
    try:
        with session.begin_nested():
            card = compose(session, parts, delivery, at)
            return replace(card, own_page=home_url(session, parts, person, at))
    except Exception:
        log.exception("delivery %s cannot be written", delivery.id)
        return None


def give_up(session: Session, parts: Parts, delivery: Delivery, at: datetime, says: str, *, for_good: bool) -> None:
    """A delivery has failed: the message goes to the person's next best address, so nothing is lost. With `for_good`
    its own address reaches nobody and is not used again."""
    mark(session, delivery.id or 0, DeliveryState.failed, at=at, trouble=says)
    if for_good:
        mark_unreachable(session, delivery.channel, delivery.address, says)
    pass_on(session, delivery, parts.channels, at)


async def _send(parts: Parts, ready: Ready, at: datetime, down: dict[str, DeliveryError]) -> int:
    delivery, delivery_id = ready.delivery, ready.delivery.id or 0
    channel = parts.channels.get(delivery.channel)
    if channel is None:
        # The address is good; the channel was only turned off after this was queued.
        await parts.writer.do(
            lambda session: give_up(session, parts, delivery, at, "the channel is off", for_good=False)
        )
        return 0
    try:
        if channel.name in down:
            raise down[channel.name]
        external_id = await channel.send(delivery.address, ready.card, delivery_id)
    except DeliveryError as error:
        log.warning("delivery %s was not taken: %s", delivery_id, error)
        if error.whole_channel:
            down[channel.name] = error
            parts.metrics.mark_refusing(channel.name)
        await _remember_failure(parts, delivery, error, at)
        return 0
    except Exception as error:
        log.exception("the channel %s broke; delivery %s may have arrived", channel.name, delivery_id)
        await _remember_failure(parts, delivery, DeliveryError(type(error).__name__, uncertain=True), at)
        return 0
    await parts.writer.do(
        lambda session: mark(session, delivery_id, DeliveryState.sent, at=at, external_id=external_id)
    )
    parts.metrics.count_send(channel.name, delivery.kind, DeliveryState.sent)
    return 1


async def _remember_failure(parts: Parts, delivery: Delivery, error: DeliveryError, at: datetime) -> None:
    says, delivery_id = str(error), delivery.id or 0

    def work(session: Session) -> DeliveryState:
        if error.uncertain and not error.permanent:
            mark(session, delivery_id, DeliveryState.uncertain, at=at, trouble=says)
            return DeliveryState.uncertain
        if not error.permanent and put_back(session, delivery_id, at, error.retry_after, says):
            return DeliveryState.queued
        give_up(session, parts, delivery, at, says, for_good=error.permanent)
        return DeliveryState.failed

    parts.metrics.count_send(delivery.channel, delivery.kind, await parts.writer.do(work))
