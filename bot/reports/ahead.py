"""What is still to come after a course: which round is out, and when the next one goes. Dates alone; nothing counts."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.parts import Parts
from bot.rounds.waves import find_waves
from bot.words import Words
from flows.model import Flow
from flows.schedule import local_day
from flows.waves import asks_participants, compile_for_course
from storage.courses import course_of, is_cancelled
from storage.runs import flow_of, open_runs, partition_of
from storage.tables import Course


@dataclass(frozen=True)
class Round:
    """A round to come, or one that is out: when it opens or closes, and where that clock hangs."""

    flow: Flow
    at: datetime
    zone: str


@dataclass(frozen=True)
class Ahead:
    """What is still to come for the participants of a course."""

    out: Round | None = None
    following: Round | None = None
    is_called_off: bool = False


def find_ahead(
    session: Session, parts: Parts, courses: Collection[Course], reader: str, at: datetime
) -> dict[int, Ahead]:
    """For each of these courses the rounds of which this kind of reader was promised the figures."""
    wanted = {course.id for course in courses}
    out: dict[int, Round] = {}
    for run in open_runs(session):
        course_id, flow = course_of(run), flow_of(run)
        partition = partition_of(run)
        is_asked = partition is not None and not partition.is_too_small
        if course_id in wanted and course_id is not None and is_asked and reader in flow.seen_by:
            out[course_id] = Round(flow, run.closes_at, run.zone)
    following: dict[int, Round] = {}
    for wave in find_waves(session, parts):
        course_id, flow = wave.course.id or 0, wave.flow
        if course_id not in wanted or not asks_participants(flow) or reader not in flow.seen_by or wave.closes_at <= at:
            continue
        if course_id in following and following[course_id].at <= wave.opens_at:
            continue
        if compile_for_course(flow, wave.course.title, wave.course.levels) is not None:
            following[course_id] = Round(flow, wave.opens_at, wave.zone)
    ids = {course.id or 0: course for course in courses}
    return {one: Ahead(out.get(one), following.get(one), is_cancelled(course)) for one, course in ids.items()}


def say_ahead(ahead: Ahead, words: Words, *, were_asked: bool) -> str:
    """Which round is out and which comes next; else that no more comes. `were_asked`: some round has been."""
    said = []
    if ahead.out is not None:
        said.append(_say_round("courses.out", ahead.out, words))
    if ahead.following is not None:
        said.append(_say_round("courses.next", ahead.following, words))
    if said:
        return " ".join(said)
    if ahead.is_called_off:
        return words("courses.called_off")
    return words("courses.last" if were_asked else "courses.small")


def say_days(flow: Flow, words: Words) -> str:
    """'rett etter', 'etter 30 dager': how long after the course a round is."""
    days = flow.schedule.after_course or 0
    return words("course.day", count=days) if days else words("course.day_first")


def _say_round(key: str, one: Round, words: Words) -> str:
    return words(key, round=say_days(one.flow, words), day=words.day_and_year(local_day(one.at, one.zone)))
