"""Retention: every night, what has been kept for as long as was promised is deleted, and the log says so."""

from datetime import datetime, timedelta

from sqlmodel import Session

from bot.parts import Parts
from flows.polls import COMPARED_FOR
from storage import log
from storage.courses import courses_with_participants, forget_participants, has_open_series, participants_of
from storage.links import delete_links_expired_before
from storage.offers import end_offer, ended
from storage.polls import delete_drafts_before, forget_declared_before
from storage.retention import (
    closed_runs,
    delete_digests_before,
    delete_what_was_said_in,
    has_expired,
    months_later,
)
from storage.rosters import delete_shifts_over_before
from storage.runs import flow_of

DRAFTS_KEPT = timedelta(days=30)
PARTICIPANTS_KEPT_MONTHS = 12  # after the last of them finished the course
DIGESTS_KEPT = timedelta(days=365)
EXPIRED_LINKS_EXPLAIN_THEMSELVES = timedelta(days=90)


def delete_what_is_over(session: Session, parts: Parts, at: datetime) -> None:
    """Delete what was said in closed runs whose retention is over, old digests, links that no longer open anything,
    shifts that are over, drafts nobody went on with, whom old polls were about, and who was on old courses. A series
    ends by itself: see `bot.rounds.waves`. What was published stays: it names nobody."""
    delete_shifts_over_before(session, at)
    delete_drafts_before(session, at - DRAFTS_KEPT)
    forget_declared_before(session, at - COMPARED_FOR)
    delete_digests_before(session, at - DIGESTS_KEPT)
    delete_links_expired_before(session, at - EXPIRED_LINKS_EXPLAIN_THEMSELVES)
    for course in courses_with_participants(session):
        last_day = max(participants_of(session, course.id or 0).values())
        if months_later(last_day, PARTICIPANTS_KEPT_MONTHS) <= at.date() and not has_open_series(course):
            forget_participants(session, course.id or 0)
            log.append(session, at, "medvirk", "participants deleted, retention over", f"course:{course.id}")
    for run in closed_runs(session):
        assert run.id is not None
        closed_at = run.closed_at or run.closes_at
        if not run.forgotten and has_expired(closed_at, flow_of(run).retention_months, at):
            delete_what_was_said_in(session, run.id, at.date())
            run.forgotten = True
            session.add(run)
            log.append(session, at, "medvirk", "answers deleted, retention over", f"run:{run.id}")
    _delete_ended_offers(session, at)


def _delete_ended_offers(session: Session, at: datetime) -> None:
    """What was renewed outlives its run; it is deleted when its own time is over."""
    answers = ended(session, at.date())
    for answer in answers:
        end_offer(session, answer)
    for run_id in dict.fromkeys(answer.run_id for answer in answers):
        log.append(session, at, "medvirk", "named answers deleted, time over", f"run:{run_id}")
