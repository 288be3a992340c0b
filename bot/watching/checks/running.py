"""Checks of what runs: the last tick, deliveries that did not arrive, and the keys of rounds."""

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import func, select
from sqlmodel import Session, col

from bot.scheduling import TICK
from bot.watching.findings import Finding, Ground, look, ok, wrong
from bot.watching.metrics import SAYS_NOTHING
from bot.watching.readiness import OLDEST_TICK
from storage.keys import KeyFolder
from storage.outbox.waiting import find_waiting
from storage.runs import last_look, open_runs, runs_with_a_key_left
from storage.tables import Delivery
from storage.tables.sending import DeliveryState

LATELY = timedelta(days=7)
OVERDUE = timedelta(hours=1)
AHEAD = timedelta(minutes=1)
NOT_ARRIVED = (DeliveryState.failed, DeliveryState.uncertain)


def check_tick(ground: Ground) -> Iterator[Finding]:
    if ground.store is None:
        return
    at = ground.read(lambda session: last_look(session, TICK))
    last = f"the last was at {at:%Y-%m-%d %H:%M} UTC" if at else ""
    if at is None:
        yield look("tick", "there has been none yet; start medvirk serve")
    elif at > ground.at + AHEAD:
        yield wrong("tick", f"{last}, which is still to come: set the machine's clock")
    elif ground.at - at > OLDEST_TICK:
        yield wrong("tick", f"{last}: nothing opens, closes or leaves; is serve running?")
    else:
        yield ok("tick", last)


def check_deliveries(ground: Ground) -> Iterator[Finding]:
    """Only kinds whose number does not follow from what people have said; see `bot.watching.metrics`."""
    if ground.store is None:
        return
    troubles = ground.read(lambda session: _find_troubles(session, ground))
    waiting = ground.read(lambda session: find_waiting(session, SAYS_NOTHING, ground.at))
    overdue = [
        one
        for one in waiting
        if one.state is DeliveryState.queued and one.oldest_due and ground.at - one.oldest_due > OVERDUE
    ]
    for channel, state, trouble, number in troubles:
        what = "did not arrive" if state == DeliveryState.failed else "may not have arrived"
        yield look(
            "deliveries", f"{channel}: in the last seven days {number} {what}: {trouble or 'no reason is known'}"
        )
    for one in overdue:
        yield wrong("deliveries", f"{one.lane}: {one.due} should have left, the first more than an hour ago")
    if not troubles and not overdue:
        yield ok("deliveries", "all that was due in the last seven days has left")


def _find_troubles(session: Session, ground: Ground) -> list[tuple[str, str, str | None, int]]:
    by = col(Delivery.channel), col(Delivery.state), col(Delivery.trouble)
    rows = session.execute(
        select(*by, func.count())
        .where(
            col(Delivery.state).in_(NOT_ARRIVED),
            col(Delivery.not_before) > ground.at - LATELY,
            col(Delivery.kind).in_(list(SAYS_NOTHING)),
        )
        .group_by(*by)
        .order_by(func.count().desc(), *by)
    )
    return [(channel, state, trouble, number) for channel, state, trouble, number in rows]


def check_run_keys(ground: Ground) -> Iterator[Finding]:
    if ground.store is None:
        return
    sealed = [run for run in ground.read(open_runs) if run.public_key is not None]
    folder = ground.settings.keys_dir
    keys = KeyFolder(folder) if folder.is_dir() else None
    lost = [run.id or 0 for run in sealed if keys is None or keys.run_key(run.id or 0) is None]
    for run_id in lost:
        yield wrong(
            "keys of rounds",
            f"round {run_id} is open and its key is not in MEDVIRK_KEYS_DIR: what people say cannot be read at close. "
            f"Put the folder right, or give the round up with medvirk run cancel {run_id}",
        )
    left = ground.read(runs_with_a_key_left)
    if left:
        yield look(
            "keys of rounds", f"{len(left)} rounds are over and their keys not destroyed yet; each tick tries again"
        )
    if not lost and not left:
        yield ok("keys of rounds", "every open sealed round has its key, and no other has one")
