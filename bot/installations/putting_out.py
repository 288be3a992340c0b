"""Being put out of a chat's workspace: its lane stops, no other does, and whoever looks after Medvirk hears of it."""

import logging
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.parts import Parts
from bot.rounds.moments import find_working_moments
from storage import log as the_log
from storage.installations import mark_gone
from storage.outbox.planning import enqueue
from storage.outbox.stopping import stop
from storage.people import people_with_role
from storage.tables.organisation import RoleName
from storage.tables.sending import DeliveryKind

LOOK_AFTER = (RoleName.administrator, RoleName.coordinator)  # the first of these that anybody has
TOLD_WITHIN = timedelta(days=5)

log = logging.getLogger("medvirk.lanes")


def put_out(session: Session, parts: Parts, lane: str, because: str, at: datetime, *, is_over: bool = False) -> None:
    """Stop the lane of a workspace that lets us in no more. People's addresses there stay; what comes for them goes by
    the next one until the app is back. `is_over`: what we wrote with there is worth nothing, and goes."""
    stop(session, lane, at, because)
    channel, _, workspace = lane.partition(":")
    gone = mark_gone(session, channel, workspace, because, at, is_over=is_over)
    if gone is None:
        return
    log.error(
        "the lane %s has stopped: %s. People there are reached by their next address; medvirk doctor %s says how it "
        "runs again",
        *(lane, because, channel),
    )
    the_log.append(session, at, "medvirk", "put out of a workspace", f"installation:{gone.id}")
    told = next((found for role in LOOK_AFTER if (found := people_with_role(session, role))), set())
    moments = find_working_moments(session, told, DeliveryKind.put_out, at, at + TOLD_WITHIN)
    about = f"installation:{gone.id}"
    enqueue(session, about, DeliveryKind.put_out, moments, parts.channels, ordinal=gone.times_gone)
