"""Courses: the questions asked of them, their participants and the waves that have had their turn."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlmodel import Session, col, delete, select

from storage.asked import Asking
from storage.tables import Course, CourseParticipant, Person, Run, Unit, Wave
from storage.tables.asking import RunState

SLOT = "course:"  # what the slot of a wave's run begins with; the id of the course follows


def slot_of(course_id: int) -> str:
    return f"{SLOT}{course_id}"


def course_of(run: Run | Asking) -> int | None:
    """The id of the course that the run is a wave of; None for all other runs."""
    return int(run.slot.removeprefix(SLOT)) if run.slot.startswith(SLOT) else None


def all_courses(session: Session) -> list[Course]:
    return list(session.exec(select(Course).order_by(col(Course.code))))


def course_by_code(session: Session, code: str) -> Course | None:
    return session.exec(select(Course).where(Course.code == code)).first()


def participants_of(session: Session, course_id: int) -> dict[int, date]:
    """Person id -> the last day of their own session, for everybody on the course."""
    rows = session.exec(
        select(col(CourseParticipant.person_id), col(CourseParticipant.finished_on))
        .where(CourseParticipant.course_id == course_id)
        .order_by(col(CourseParticipant.person_id))
    )
    return dict(rows.all())


def set_participants(session: Session, course_id: int, finished_on: Mapping[int, date]) -> None:
    """Make these the participants of the course, with these days; others are taken off it."""
    for row in session.exec(select(CourseParticipant).where(CourseParticipant.course_id == course_id)).all():
        if row.person_id not in finished_on:
            session.delete(row)
    for person_id, day in finished_on.items():
        session.merge(CourseParticipant(course_id=course_id, person_id=person_id, finished_on=day))
    session.flush()


def courses_with_participants(session: Session) -> list[Course]:
    there = select(CourseParticipant.course_id)
    return list(session.exec(select(Course).where(col(Course.id).in_(there)).order_by(col(Course.id))))


def has_open_series(course: Course) -> bool:
    """Whether waves are still to come, or to close, for those who are asked in all of them."""
    return course.series_began_at is not None and course.series_ended_at is None


def forget_participants(session: Session, course_id: int) -> None:
    session.exec(delete(CourseParticipant).where(col(CourseParticipant.course_id) == course_id))


def spans_of_courses(session: Session) -> dict[int, tuple[date, date]]:
    """For each course that has participants the first and the last day on which any of them finished."""
    spans: dict[int, tuple[date, date]] = {}
    for course_id, day in session.exec(
        select(col(CourseParticipant.course_id), col(CourseParticipant.finished_on)).distinct()
    ):
        first, last = spans.get(course_id, (day, day))
        spans[course_id] = (min(first, day), max(last, day))
    return spans


def all_waves(session: Session) -> dict[int, dict[str, int | None]]:
    """Course -> flow -> the run of its wave, for each wave that has had its turn."""
    waves: dict[int, dict[str, int | None]] = {}
    for course_id, flow, run_id in session.exec(select(Wave.course_id, Wave.flow, Wave.run_id)):
        waves.setdefault(course_id, {})[flow] = run_id
    return waves


def waves_of(session: Session, course_id: int) -> dict[str, int | None]:
    return all_waves(session).get(course_id, {})


def add_wave(session: Session, course_id: int, flow: str, run_id: int | None) -> None:
    session.add(Wave(course_id=course_id, flow=flow, run_id=run_id))
    session.flush()


def runs_of_course(session: Session, course_id: int, state: RunState | None = None) -> list[Run]:
    """The runs of the course's waves, in the order in which they opened."""
    found = select(Run).join(Wave, col(Wave.run_id) == col(Run.id)).where(Wave.course_id == course_id)
    if state is not None:
        found = found.where(Run.state == state)
    return list(session.exec(found.order_by(col(Run.opens_at), col(Run.id))))


def closed_waves(session: Session) -> list[tuple[Course, list[Run]]]:
    """Each course that has closed waves, with them in the order in which they opened; the course whose wave closed
    last first."""
    rows = session.exec(
        select(Course, Run)
        .join(Wave, col(Wave.course_id) == col(Course.id))
        .join(Run, col(Run.id) == col(Wave.run_id))
        .where(Run.state == RunState.closed)
        .order_by(col(Run.opens_at), col(Run.id))
    )
    waves: dict[int, tuple[Course, list[Run]]] = {}
    for course, run in rows:
        waves.setdefault(course.id or 0, (course, []))[1].append(run)
    return sorted(waves.values(), key=lambda one: max(run.closed_at or run.closes_at for run in one[1]), reverse=True)


def is_cancelled(course: Course) -> bool:
    return course.cancelled_at is not None


def people_by_number(session: Session) -> dict[str, int]:
    """The ids of all people by number, also of those who have left: they may have been on a course."""
    rows = session.exec(select(Person.number, Person.id))
    return {number: person_id for number, person_id in rows if person_id is not None}


def units_by_path(session: Session) -> dict[str, int]:
    """The ids of the active units by path."""
    rows = session.exec(select(Unit.path, Unit.id).where(col(Unit.active).is_(True), col(Unit.is_group).is_(False)))
    return {path: unit_id for path, unit_id in rows if unit_id is not None}


def mark_cancelled(session: Session, course: Course, at: datetime) -> None:
    course.cancelled_at = at
    session.add(course)
    session.flush()
