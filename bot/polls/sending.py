"""Sending a poll: its run opens at once, and everybody is asked at a working moment of their own."""

from datetime import datetime

from sqlmodel import Session

from bot.parts import Parts
from bot.polls.foreseeing import Foreseen, foresee
from bot.rounds.opening import open_runs_of
from flows.polls import Composed
from storage import log
from storage.polls import claim, keep_declared
from storage.tables import Poll, Run, Unit


def send_poll(
    session: Session, parts: Parts, group: Unit, person_id: int, poll: Poll, at: datetime
) -> Run | Foreseen | None:
    """Open the run of a draft; or what keeps it from being sent; None where it has been sent already."""
    composed = Composed.model_validate(poll.document)
    foreseen = foresee(session, parts, group, person_id, poll.id or 0, composed, poll.language, at)
    if foreseen.problems or foreseen.root is None:
        return foreseen
    if not claim(session, poll):
        return None
    reader = None if foreseen.flow.kind.is_sealed else person_id
    flow, root, occurrence = foreseen.flow, foreseen.root, foreseen.occurrence
    runs = open_runs_of(session, parts, flow, root, occurrence, at, reader, foreseen.partition)
    session.refresh(poll)
    poll.run_id = runs[0].id
    session.add(poll)
    session.flush()
    keep_declared(session, runs[0].id or 0, foreseen.counted)
    log.append(session, at, f"person:{person_id}", "poll sent", f"run:{poll.run_id}")
    return runs[0]
