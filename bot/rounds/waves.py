"""Waves: the rounds of questions after each course, opened when the first of its participants is to be asked."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from bot.parts import Parts
from bot.rounds.audience import Audience, decide_audience, find_readers, leave_unread_alone
from bot.rounds.deadlines import close_by_digest
from bot.rounds.opening import count_invited, open_run
from flows.attention import LeftAlone
from flows.model import Flow
from flows.partition import Partition, divide, recount
from flows.schedule import Occurrence, local_day
from flows.waves import asks_participants, compile_for_course, find_asking_moment, find_wave_deadline, follows_courses
from storage.courses import (
    add_wave,
    all_courses,
    all_waves,
    is_cancelled,
    participants_of,
    slot_of,
    spans_of_courses,
    waves_of,
)
from storage.people import Home, home_memberships
from storage.runs import open_runs
from storage.series import begin_series, end_series, members_of, running_series
from storage.tables import Course, Unit
from storage.units import units_by_parent


@dataclass(frozen=True)
class DueWave:
    """A wave that has not had its turn: when it opens, and when it closes if nobody moves the course before."""

    course: Course
    flow: Flow
    zone: str
    opens_at: datetime
    closes_at: datetime


def open_due_waves(session: Session, parts: Parts, at: datetime) -> None:
    """Open each wave whose time has come, once."""
    for wave in [one for one in find_waves(session, parts) if one.opens_at <= at]:
        open_wave(session, parts, wave, at)


def open_wave(session: Session, parts: Parts, wave: DueWave, at: datetime) -> None:
    """Open a wave. One that would be over already is passed by."""
    if wave.closes_at <= at:
        add_wave(session, wave.course.id or 0, wave.flow.name, None)
    elif asks_participants(wave.flow):
        _open_for_participants(session, parts, wave, at)
    else:
        _open_for_leaders(session, parts, wave, at)


def find_waves(session: Session, parts: Parts) -> Iterator[DueWave]:
    """All waves to come, the earliest of each course first. A course that is cancelled or empty has none."""
    flows = sorted(
        (flow for flow in parts.flows.values() if follows_courses(flow)),
        key=lambda flow: (flow.schedule.after_course, not asks_participants(flow), flow.name),
    )
    spans, had_their_turn = spans_of_courses(session), all_waves(session)
    for course in all_courses(session):
        assert course.id is not None
        if is_cancelled(course) or course.id not in spans:
            continue
        zone = _zone_of(session, parts, course)
        first, last = spans[course.id]
        for flow in flows:
            if flow.name not in had_their_turn.get(course.id, {}):
                opens_at = find_asking_moment(flow, first, zone)
                last_asked_at = find_asking_moment(flow, last, zone)
                closes_at = close_by_digest(parts, find_wave_deadline(flow, last_asked_at, zone))
                yield DueWave(course, flow, zone, opens_at, closes_at)


def end_series_that_are_over(session: Session, parts: Parts, at: datetime) -> None:
    """End each series after whose waves nothing more comes: all have had their turn, or the course is cancelled."""
    flows = {flow.name for flow in parts.flows.values() if asks_participants(flow)}
    waves = all_waves(session)
    still_open = {run.id for run in open_runs(session)}
    for course in running_series(session):
        had_their_turn = waves.get(course.id or 0, {})
        is_last = is_cancelled(course) or flows <= had_their_turn.keys()
        if is_last and not still_open & set(had_their_turn.values()):
            end_series(session, course, at)


def _open_for_participants(session: Session, parts: Parts, wave: DueWave, at: datetime) -> None:
    course = wave.course
    assert course.id is not None
    flow = compile_for_course(wave.flow, course.title, course.levels)
    if flow is None:
        add_wave(session, course.id, wave.flow.name, None)
        return
    occurrence = _occurrence(wave)
    finished_on = participants_of(session, course.id)
    homes, whole = _find_members(session, course, finished_on, occurrence.local_date)
    asked = {one: home for one, home in homes.items() if one in finished_on}
    audience = _decide(session, parts, flow, wave, asked, finished_on, at)
    partition = whole if whole.is_too_small else recount(whole, count_invited(audience))
    if partition.is_too_small:
        audience = audience.without(set(audience.when), LeftAlone.too_small)
    run = open_run(session, parts, flow, course.unit_id, occurrence, wave.closes_at, audience, partition)
    add_wave(session, course.id, flow.name, run.id)
    if whole.is_too_small:
        # Too few from the start: that is said once, and not again after each wave.
        later = {one.name for one in parts.flows.values() if asks_participants(one)} - waves_of(
            session, course.id
        ).keys()
        for name in sorted(later):
            add_wave(session, course.id, name, None)
    elif course.series_began_at is None:
        parts.keys.make_series_key(course.id)
        begin_series(session, course, list(homes.values()), whole, at)


def _find_members(
    session: Session, course: Course, finished_on: dict[int, date], on: date
) -> tuple[dict[int, Home], Partition]:
    """Who may be asked, each with the home that counts, and their groups: as they were when the series began, or, at
    the first wave, as they are now."""
    if course.series_began_at is not None and course.partition is not None:
        return members_of(session, course.id or 0), Partition.from_json(course.partition)
    parents = units_by_parent(session)
    root = course.unit_id
    while (above := parents.get(root)) is not None:
        root = above
    tree = divide(parents, root, {}).parents
    units = {unit for unit, _ in tree}
    homes = {
        one.person_id: one
        for one in home_memberships(session, on)
        if one.person_id in finished_on and one.unit_id in units
    }
    counted: dict[int, int] = {}
    for home in homes.values():
        counted[home.unit_id] = counted.get(home.unit_id, 0) + 1
    return homes, divide(parents, root, counted)


def _open_for_leaders(session: Session, parts: Parts, wave: DueWave, at: datetime) -> None:
    """Ask the leaders of those who were there; the answer goes, by name, to the leader above."""
    course = wave.course
    assert course.id is not None
    flow = compile_for_course(wave.flow, course.title, course.levels)
    occurrence = _occurrence(wave)
    finished_on = participants_of(session, course.id)
    everybody = {one.person_id: one for one in home_memberships(session, occurrence.local_date)}
    led = find_readers(session, {one: home for one, home in everybody.items() if one in finished_on})
    seen: dict[int, date] = {}
    for person_id, leader_id in led.items():
        if leader_id in everybody:
            seen[leader_id] = min(finished_on[person_id], seen.get(leader_id, finished_on[person_id]))
    if flow is None or not seen:
        add_wave(session, course.id, wave.flow.name, None)
        return
    homes = {one: everybody[one] for one in seen}
    audience = leave_unread_alone(session, _decide(session, parts, flow, wave, homes, seen, at))
    run = open_run(session, parts, flow, course.unit_id, occurrence, wave.closes_at, audience, None)
    add_wave(session, course.id, flow.name, run.id)


def _decide(
    session: Session,
    parts: Parts,
    flow: Flow,
    wave: DueWave,
    homes: dict[int, Home],
    finished_on: dict[int, date],
    at: datetime,
) -> Audience:
    """Each is asked so many days after their own last day, and after a standstill not before now."""
    starts = {one: max(at, find_asking_moment(flow, finished_on[one], wave.zone)) for one in homes}
    day = _occurrence(wave).local_date
    return decide_audience(session, parts, flow, homes, starts, day, wave.closes_at)


def _occurrence(wave: DueWave) -> Occurrence:
    day = local_day(wave.opens_at, wave.zone)
    return Occurrence(day, slot_of(wave.course.id or 0), wave.zone, wave.opens_at)


def _zone_of(session: Session, parts: Parts, course: Course) -> str:
    unit = session.get(Unit, course.unit_id)
    return (unit.zone if unit else None) or parts.settings.zone
