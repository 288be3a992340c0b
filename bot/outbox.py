"""The outbox: claim what is due, send it, remember how it ended. Everything that leaves goes through here."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.cards import Card
from bot.channels.contract import DeliveryError
from bot.messages import compose
from bot.parts import Parts
from storage.deliveries import claim, mark, mark_unreachable, put_back, recover
from storage.people import people_by_id
from storage.tables import Delivery, Person, Run
from storage.tables.asking import RunState
from storage.tables.sending import DeliveryKind, DeliveryState

TOGETHER = 100
ASKS = (DeliveryKind.question, DeliveryKind.reminder)

log = logging.getLogger("medvirk.outbox")


@dataclass(frozen=True)
class Ready:
    """A claimed delivery with its words."""

    delivery: Delivery
    card: Card


async def drain(parts: Parts, at: datetime) -> int:
    """Send all that is due at `at`; how many left comes back."""
    left = 0
    while ready := await parts.writer.do(lambda session: _get_ready(session, parts, at)):
        for one in ready:
            left += await _send(parts, one, at)
    return left


def recover_after_crash(session: Session, parts: Parts) -> None:
    """What was in the hand when the process died may have arrived."""
    recover(session, [name for name, channel in parts.channels.items() if channel.is_safe_to_repeat])


def _get_ready(session: Session, parts: Parts, at: datetime) -> list[Ready]:
    """Claim what is due and write its cards; what is no longer wanted is cancelled on the way. Goes on until there
    is something to send, or nothing left."""
    while due := claim(session, at, TOGETHER):
        people = people_by_id(session, [one.person_id for one in due])
        wanted = []
        for delivery in due:
            if _is_wanted(session, delivery, people.get(delivery.person_id), at):
                wanted.append(Ready(delivery, compose(session, parts, delivery, at)))
            else:
                mark(session, delivery.id or 0, DeliveryState.cancelled, at=at)
        if wanted:
            return wanted
    return []


def _is_wanted(session: Session, delivery: Delivery, person: Person | None, at: datetime) -> bool:
    """Whether it may still be sent: the run is open, and the person has not said stop since it was queued."""
    if person is None or not person.active:
        return False
    if delivery.kind not in ASKS:
        return True
    run = session.get(Run, int(delivery.about.partition(":")[2]))
    is_paused = person.paused_until is not None and at.date() < person.paused_until
    return run is not None and run.state == RunState.open and at < run.closes_at and not (person.declined or is_paused)


async def _send(parts: Parts, ready: Ready, at: datetime) -> int:
    delivery_id = ready.delivery.id or 0
    channels: Mapping[str, object] = parts.channels
    try:
        if ready.delivery.channel not in channels:
            raise DeliveryError("the channel is off", permanent=True)
        external_id = await parts.channels[ready.delivery.channel].send(ready.delivery.address, ready.card)
    except DeliveryError as error:
        await _remember_failure(parts, ready, error, at)
        return 0
    await parts.writer.do(
        lambda session: mark(session, delivery_id, DeliveryState.sent, at=at, external_id=external_id)
    )
    return 1


async def _remember_failure(parts: Parts, ready: Ready, error: DeliveryError, at: datetime) -> None:
    delivery, says = ready.delivery, str(error)

    def work(session: Session) -> None:
        if error.permanent:
            mark(session, delivery.id or 0, DeliveryState.failed, at=at, trouble=says)
            mark_unreachable(session, delivery, says)
        elif error.uncertain:
            mark(session, delivery.id or 0, DeliveryState.uncertain, at=at, trouble=says)
        else:
            put_back(session, delivery.id or 0, at, error.retry_after, says)

    log.warning("delivery %s was not taken: %s", delivery.id, says)
    await parts.writer.do(work)
