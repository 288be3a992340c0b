"""The outbox: make ready what a lane may send now, and remember what became of it. Everything that leaves goes through
here; the lanes (bot.outbox.draining) do the sending in between."""

import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.cards import Card
from bot.channels.contract import Askable, DeliveryError
from bot.installations.putting_out import put_out
from bot.messages import compose
from bot.messages.links import way_to_home
from bot.offers import is_still_asked
from bot.parts import Parts
from bot.rounds.moments import find_moment
from storage.addresses import addresses_of, mark_unreachable
from storage.offers import ABOUT_OFFERS
from storage.outbox.deliveries import claim, pass_on
from storage.outbox.in_hand import (
    MOST_ATTEMPTS,
    ask_about,
    is_as_claimed,
    mark,
    put_back,
    put_off,
    queue_again,
)
from storage.outbox.lanes import channel_of, down_since, pause
from storage.outbox.stopping import stopped_lanes
from storage.people import calendars, people_by_id
from storage.runs import participation_of
from storage.tables import Delivery, Person, Run
from storage.tables.asking import RunState
from storage.tables.sending import DeliveryKind, DeliveryState
from storage.trouble import name_trouble

ASKS = (DeliveryKind.question, DeliveryKind.reminder)
WAITS_AT_MOST = timedelta(days=60)  # for a working moment; what only tells is not wanted any more after that
LONGEST_PAUSE = timedelta(hours=1)  # of a lane that is down, where the platform does not ask for more
DOWN_AT_MOST = timedelta(hours=34)  # then what waits takes the next way
TOGETHER = 100
PASSED_ON_TOGETHER = 500  # at once, from a lane that is closed: half a second of the writer

log = logging.getLogger("medvirk.outbox")


@dataclass(frozen=True)
class Ready:
    """A delivery in the hand: with its words, to be sent; without, to be asked about."""

    delivery: Delivery
    card: Card | None


def get_ready(session: Session, parts: Parts, lane: str, at: datetime, most: int) -> list[Ready]:
    """What to do next in a lane: ask about what may have arrived, then send what is due. On the way, what is no longer
    wanted is cancelled, and what would come at a bad moment waits for a better one. Goes on until there is something
    to do, or nothing left."""
    channel = parts.channels.get(channel_of(lane))
    closed = "the channel is off" if channel is None else stopped_lanes(session).get(lane)
    if closed is not None:
        # The addresses are good; the way there was closed after these were queued.
        for delivery in claim(session, lane, at, PASSED_ON_TOGETHER):
            give_up(session, parts, delivery, at, closed, for_good=False)
        return []
    ready: list[Ready] = []
    if isinstance(channel, Askable):
        ready = [Ready(one, None) for one in ask_about(session, lane, at, most, parts.replica.lease)]
    while len(ready) < most and (due := claim(session, lane, at, most - len(ready))):
        ready += _make_ready(session, parts, due, at)
    return ready


def _make_ready(session: Session, parts: Parts, due: list[Delivery], at: datetime) -> list[Ready]:
    people = people_by_id(session, [one.person_id for one in due])
    known = calendars(session, people, at.date())
    called_now = addresses_of(session, people)
    ready = []
    for delivery in due:
        delivery_id, kind = delivery.id or 0, DeliveryKind(delivery.kind)
        until = _find_end(session, delivery, people.get(delivery.person_id), at)
        moment = find_moment(known[delivery.person_id], kind, at, until) if until else None
        if moment is None:
            mark(session, delivery_id, DeliveryState.cancelled, at=at)
        elif (delivery.person_id, delivery.channel, delivery.address) not in called_now:
            _withhold(session, parts, delivery, at)
        elif moment > at:
            put_off(session, delivery_id, moment)
        elif card := _write(session, parts, delivery, people[delivery.person_id], at):
            ready.append(Ready(delivery, card))
    return ready


def _withhold(session: Session, parts: Parts, delivery: Delivery, at: datetime) -> None:
    """Its address is not the person's any more, and may be somebody else's: nothing leaves for it."""
    if delivery.kind == DeliveryKind.edit:
        mark(session, delivery.id or 0, DeliveryState.cancelled, at=at)
    else:
        give_up(session, parts, delivery, at, "the address is not the person's any more", for_good=False)


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
    """Its card; None where it ends here: it is not the person's to read any more, or it cannot be made. A mistake in
    one message holds up no other. Where it is the database that cannot be used, nothing is wrong with the message."""
    try:
        with session.begin_nested():
            card = compose(session, parts, delivery, at)
            if card is not None:
                return replace(card, own_page=way_to_home(session, parts, person, at).url)
            mark(session, delivery.id or 0, DeliveryState.cancelled, at=at)
    except Exception as error:
        if name_trouble(error):
            raise
        log.exception("delivery %s cannot be written", delivery.id)
        mark(session, delivery.id or 0, DeliveryState.failed, at=at, trouble="its words could not be made")
    return None


def give_up(session: Session, parts: Parts, delivery: Delivery, at: datetime, says: str, *, for_good: bool) -> None:
    """A delivery has failed: the message goes to the person's next best address, so nothing is lost. With `for_good`
    its own address reaches nobody and is not used again."""
    mark(session, delivery.id or 0, DeliveryState.failed, at=at, trouble=says)
    if delivery.kind == DeliveryKind.edit:
        return  # the message lies there as it was, and its button still says how things stand
    if for_good:
        mark_unreachable(session, delivery.channel, delivery.address, says)
    pass_on(session, delivery, parts.channels, at)


def remember_sent(session: Session, delivery: Delivery, at: datetime, external_id: str) -> None:
    """The platform has it. That is so even where somebody else has taken the lane over meanwhile."""
    row = session.get(Delivery, delivery.id)
    if row is not None and row.reference == delivery.reference:
        mark(session, delivery.id or 0, DeliveryState.sent, at=at, external_id=external_id)


def remember_unsent(session: Session, delivery: Delivery) -> None:
    """It was not tried after all: the lane was paused or taken over while it waited for its turn."""
    if is_as_claimed(session, delivery):
        put_off(session, delivery.id or 0)


def remember_failure(session: Session, parts: Parts, delivery: Delivery, error: DeliveryError, at: datetime) -> None:
    """It was not taken, or nobody knows. A failure that is the whole lane's is counted for a delivery only where the
    platform took others until then: one that always has this effect holds up the others no more than a few times."""
    says, delivery_id = str(error), delivery.id or 0
    if error.put_out:
        put_out(session, parts, delivery.lane, says, at)
    since = down_since(session, delivery.lane)
    until = _pause(session, delivery.lane, error, at) if error.whole_lane else at
    if not is_as_claimed(session, delivery):
        return
    if error.put_out:
        give_up(session, parts, delivery, at, says, for_good=False)
    elif error.permanent:
        give_up(session, parts, delivery, at, says, for_good=True)
    elif error.uncertain:
        can_ask = isinstance(parts.channels.get(delivery.channel), Askable)
        ask_at = at + parts.replica.lease if can_ask else None
        mark(session, delivery_id, DeliveryState.uncertain, at=at, trouble=says, ask_at=ask_at)
    elif error.whole_lane and since is not None and at - since < DOWN_AT_MOST:
        put_off(session, delivery_id, until)
    elif error.whole_lane and since is None and delivery.attempts < MOST_ATTEMPTS:
        queue_again(session, delivery_id, until)
    elif error.whole_lane or not put_back(session, delivery_id, at, error.retry_after, says):
        give_up(session, parts, delivery, at, says, for_good=False)


def remember_found(session: Session, delivery: Delivery, at: datetime, external_id: str | None) -> None:
    """The platform has said what became of something uncertain: it has it, or it can be sent without coming twice."""
    if not is_as_claimed(session, delivery):
        return
    if external_id is None:
        queue_again(session, delivery.id or 0, at)
    else:
        mark(session, delivery.id or 0, DeliveryState.sent, at=at, external_id=external_id)


def remember_not_said(session: Session, parts: Parts, delivery: Delivery, error: DeliveryError, at: datetime) -> None:
    """The platform does not say. It is asked again later; after the last time it stays uncertain for good."""
    if error.put_out:
        put_out(session, parts, delivery.lane, str(error), at)
    elif error.whole_lane:
        _pause(session, delivery.lane, error, at)
    if delivery.attempts >= MOST_ATTEMPTS and is_as_claimed(session, delivery):
        mark(session, delivery.id or 0, DeliveryState.uncertain, at=at, trouble=str(error))


def pass_on_what_waits(session: Session, parts: Parts, lane: str, at: datetime) -> bool:
    """Where a lane has been down for DOWN_AT_MOST, what waits in it goes to people's next addresses. True while there
    is more of it."""
    since = down_since(session, lane)
    if since is None or at - since < DOWN_AT_MOST:
        return False
    waiting = claim(session, lane, at, TOGETHER)
    for delivery in waiting:
        give_up(session, parts, delivery, at, "the platform has taken nothing for long", for_good=False)
    return len(waiting) == TOGETHER


def _pause(session: Session, lane: str, error: DeliveryError, at: datetime) -> datetime:
    """For as long as the platform says, and longer the longer it is down; until when comes back."""
    since = down_since(session, lane) or at
    until = at + max(error.retry_after, min(at - since, LONGEST_PAUSE))
    pause(session, lane, at, until)
    return until
