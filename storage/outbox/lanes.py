"""Lanes: which have something to do, who drains one, and until when one is paused.

A lane is drained by one replica at a time, under a lease that it keeps while it drains; when it dies, another takes
over after the lease has run out. `at` is the replica's own clock. The clocks of replicas may differ by less than the
time between the last keeping of a lease and its end (seven seconds, as `bot.outbox.replica` has it): beyond that a
replica whose clock is ahead takes a lane that is still being drained.
"""

from collections.abc import Collection, Iterator
from datetime import datetime

from sqlalchemy import CursorResult
from sqlmodel import Session, col, func, select, update

from storage.inserting import insert_missing
from storage.outbox.in_hand import to_ask_about
from storage.outbox.pausing import is_held_back
from storage.tables import Delivery, Lane
from storage.tables.sending import DeliveryPriority, DeliveryState


def channel_of(lane: str) -> str:
    return lane.partition(":")[0]


def take(session: Session, lane: str, holder: str, at: datetime, until: datetime) -> Lane | None:
    """Take the lane until `until`. How it stood before comes back, or None where another holds it."""
    insert_missing(session, Lane, [{"name": lane}])
    row = session.exec(select(Lane).where(Lane.name == lane).with_for_update()).one()
    if row.holder != holder and row.leased_until is not None and row.leased_until > at:
        return None
    before = Lane(**row.model_dump())
    row.holder, row.leased_until = holder, until
    session.add(row)
    return before


def keep(session: Session, lane: str, holder: str, until: datetime) -> bool:
    """Hold the lane for longer. False where another has taken it."""
    still_ours = (col(Lane.name) == lane) & (col(Lane.holder) == holder) & col(Lane.leased_until).is_not(None)
    kept = session.execute(update(Lane).where(still_ours).values(leased_until=until))
    assert isinstance(kept, CursorResult)
    return kept.rowcount == 1


def let_go(session: Session, lane: str, holder: str) -> None:
    """Anybody may take it now. Who held it last stays written: the same replica may go on at its own pace."""
    ours = (col(Lane.name) == lane) & (col(Lane.holder) == holder)
    session.execute(update(Lane).where(ours).values(leased_until=None))


def pause(session: Session, lane: str, at: datetime, until: datetime) -> None:
    """Nothing leaves by this lane before `until`, whichever replica drains it; a pause is never made shorter."""
    insert_missing(session, Lane, [{"name": lane}])
    row = session.exec(select(Lane).where(Lane.name == lane).with_for_update()).one()
    row.paused_until = max(until, row.paused_until or until)
    row.down_since = row.down_since or at
    session.add(row)


def mark_up(session: Session, lane: str) -> None:
    """The platform takes something again."""
    session.execute(update(Lane).where(col(Lane.name) == lane).values(down_since=None))


def down_since(session: Session, lane: str) -> datetime | None:
    return session.exec(select(Lane.down_since).where(Lane.name == lane)).first()


def lanes_with_work(session: Session, at: datetime, holder: str, asked: Collection[str]) -> list[str]:
    """The lanes that have something to do at `at` and are free for `holder`: something is due, a holder that died left
    something in its hand, or a channel in `asked` can say what became of something uncertain. An empty name stands for
    what was queued before there were lanes (see `adopt`)."""
    standing = {lane.name: lane for lane in session.exec(select(Lane))}

    def is_free(name: str) -> bool:
        lane = standing.get(name)
        if lane is None:
            return True
        is_paused = lane.paused_until is not None and lane.paused_until > at
        is_held = lane.holder != holder and lane.leased_until is not None and lane.leased_until > at
        return not is_paused and not is_held

    def is_stopped(name: str) -> bool:  # then nobody can be asked
        return name in standing and standing[name].stopped_at is not None

    queued = {one for one in _lanes_of(session, DeliveryState.queued) if _is_due(session, one, at)}
    left = set(_lanes_of(session, DeliveryState.sending))
    unclear = {
        one
        for one in _lanes_of(session, DeliveryState.uncertain)
        if channel_of(one) in asked and not is_stopped(one) and to_ask_about(session, one, at, most=1)
    }
    return sorted(one for one in queued | left | unclear if is_free(one))


def adopt(session: Session) -> None:
    """What a release before lanes has queued, also while this one runs beside it, gets the lane of its channel."""
    session.execute(update(Delivery).where(col(Delivery.lane) == "").values(lane=Delivery.channel))


def _lanes_of(session: Session, state: DeliveryState) -> Iterator[str]:
    """From one lane to the next in the index, so that it costs the same however many deliveries there are."""
    last: str | None = None
    while True:
        found = select(func.min(Delivery.lane)).where(Delivery.state == state)
        last = session.exec(found if last is None else found.where(col(Delivery.lane) > last)).first()
        if last is None:
            return
        yield last


def _is_due(session: Session, lane: str, at: datetime) -> bool:
    queued = select(Delivery.id).where(Delivery.state == DeliveryState.queued, Delivery.lane == lane)
    due = queued.where(col(Delivery.not_before) <= at, ~is_held_back())
    return any(session.exec(due.where(Delivery.priority == one).limit(1)).first() for one in DeliveryPriority)
