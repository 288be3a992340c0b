"""Linking: the hidden number that goes into an envelope, and what it links when a wave closes."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import Session

from bot.parts import Parts
from bot.rounds.promises import threshold_of
from flows.linking import Linked, Trace, draw_lines, link
from flows.model import Flow
from storage.asked import Asking
from storage.courses import course_of, runs_of_course
from storage.runs import flow_of, partition_of
from storage.series import forget_traces, keep_traces, members_of, pseudonym, traces_of
from storage.tables import Run
from storage.tables.asking import RunState

PSEUDONYM = "pseudonym"  # what it is called in a submission


def make_pseudonym(parts: Parts, run: Asking, person_id: int) -> dict[str, str]:
    """What a submission carries beside the answers: the hidden number, in a wave that links; otherwise nothing, as
    also where the key is lost."""
    key = _find_key(parts, run) if run.flow.series is not None else None
    return {PSEUDONYM: pseudonym(key, person_id)} if key else {}


def link_submissions(
    session: Session, parts: Parts, run: Run, flow: Flow, submissions: Sequence[Mapping[str, Any]]
) -> Linked | None:
    """Link a wave that closes with the one before in its series; None where there is none, and for all other runs."""
    before, key = _find_wave_before(session, run, flow), _find_key(parts, run)
    now, then = partition_of(run), partition_of(before) if before else None
    if before is None or now is None or then is None or key is None:
        return None
    traces = traces_of(session, key, course_of(run) or 0, before.flow)
    lines = draw_lines(then, now, {one.bucket for one in traces})
    return link(flow, flow_of(before), _find_traces(flow, submissions), traces, lines)


def keep_for_the_next(
    session: Session, parts: Parts, run: Run, flow: Flow, submissions: Sequence[Mapping[str, Any]]
) -> None:
    """Keep the one answer that the next wave is compared with, under its hidden number, and forget that of the wave
    before. Of whoever was erased meanwhile nothing is kept, nor of fewer than can be told apart: so few would be found
    by those who know that they answered."""
    course_id = course_of(run)
    if course_id is None or flow.series is None:
        return
    before = _find_wave_before(session, run, flow)
    if before is not None:
        forget_traces(session, course_id, before.flow)
    key = _find_key(parts, run)
    if key is None:
        return
    members = {pseudonym(key, one) for one in members_of(session, course_id)}
    traces = [one for one in _find_traces(flow, submissions) if one.pseudonym in members]
    answered = Counter(one.bucket for one in traces)
    least = threshold_of(flow).group
    keep_traces(session, key, course_id, run.flow, [one for one in traces if answered[one.bucket] >= least])


def _find_key(parts: Parts, run: Run | Asking) -> bytes | None:
    course_id = course_of(run)
    return parts.keys.series_key(course_id) if course_id is not None else None


def _find_traces(flow: Flow, submissions: Sequence[Mapping[str, Any]]) -> list[Trace]:
    assert flow.series is not None
    field = flow.series.field
    return [
        Trace(int(one["bucket"]), one.get(PSEUDONYM, ""), one["values"][field])
        for one in submissions
        if field in one["values"] and one.get(PSEUDONYM)
    ]


def _find_wave_before(session: Session, run: Run, flow: Flow) -> Run | None:
    """The closed wave of the same course and series that opened last before this one."""
    course_id = course_of(run)
    if course_id is None or flow.series is None:
        return None
    earlier = [
        one
        for one in runs_of_course(session, course_id, RunState.closed)
        if one.opens_at < run.opens_at and (series := flow_of(one).series) and series.name == flow.series.name
    ]
    return earlier[-1] if earlier else None
