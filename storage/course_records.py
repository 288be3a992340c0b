"""Courses as a file or a command tells them, compared with what is kept, and stored."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from storage.courses import course_by_code, participants_of, set_participants, waves_of
from storage.series import members_of
from storage.tables import Course


@dataclass(frozen=True)
class CourseRecord:
    """A course with its participants: person id -> the last day of their own session."""

    code: str
    title: str
    unit_id: int
    responsible_id: int | None
    levels: tuple[str, ...]
    is_cancelled: bool
    finished_on: Mapping[int, date]


@dataclass(frozen=True)
class CourseChange:
    """What storing a record changes. `late`: those who come after the first wave has opened, so they are not asked;
    `opened`: the waves that stay as they are, whatever is moved; `renewed`: what is told of the course itself."""

    record: CourseRecord
    is_new: bool
    added: int
    removed: int
    moved: int
    late: int
    opened: int
    calls_off: bool
    renewed: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.is_new or self.added or self.removed or self.moved or self.calls_off or self.renewed)


def find_change(session: Session, record: CourseRecord) -> CourseChange:
    """What `store_course` would change, and nothing else."""
    course = course_by_code(session, record.code)
    if course is None or course.id is None:
        return CourseChange(record, True, len(record.finished_on), 0, 0, 0, 0, record.is_cancelled)
    before, waves = participants_of(session, course.id), waves_of(session, course.id)
    members = members_of(session, course.id) if course.series_began_at is not None else {}
    return CourseChange(
        record,
        is_new=False,
        added=len(record.finished_on.keys() - before.keys()),
        removed=len(before.keys() - record.finished_on.keys()),
        moved=sum(before.get(one, day) != day for one, day in record.finished_on.items()),
        late=len(record.finished_on.keys() - members.keys()) if waves else 0,
        opened=sum(run_id is not None for run_id in waves.values()),
        calls_off=record.is_cancelled and course.cancelled_at is None,
        renewed=tuple(_find_renewed(course, record)),
    )


def _find_renewed(course: Course, record: CourseRecord) -> Iterator[str]:
    if course.title != record.title:
        yield "title"
    if course.unit_id != record.unit_id:
        yield "unit"
    if course.responsible_id != record.responsible_id:
        yield "responsible"
    if tuple(course.levels) != record.levels:
        yield "levels"


def store_course(session: Session, record: CourseRecord) -> Course:
    """Keep a course and its participants as the record says. That it is called off is done by `cancel_course`."""
    course = course_by_code(session, record.code) or Course(
        code=record.code, title=record.title, unit_id=record.unit_id, levels=[]
    )
    course.title, course.unit_id, course.responsible_id = record.title, record.unit_id, record.responsible_id
    course.levels = list(record.levels)
    session.add(course)
    session.flush()
    assert course.id is not None
    set_participants(session, course.id, record.finished_on)
    return course


def find_changes(session: Session, records: Iterable[CourseRecord]) -> list[CourseChange]:
    return [find_change(session, one) for one in records]
