"""Courses: who was there, which waves of questions have opened, and what links answers until the last has closed."""

from datetime import date, datetime
from typing import Any

from sqlmodel import Field, SQLModel

from storage.columns import NEVER_REUSED, WITHOUT_ROW_ORDER, document, moment


class Course(SQLModel, table=True):
    """A course, known by its `code` in the organisation. Sessions on different days are one course.

    `levels`: what is asked about (reaction, learning, application, benefit). The series is the waves whose answers
    are linked: it begins when the first wave opens, with the groups in `partition`, and ends after the last one; then
    its key is destroyed."""

    __tablename__ = "course"
    __table_args__ = (NEVER_REUSED,)

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True)
    title: str
    unit_id: int = Field(foreign_key="unit.id")
    responsible_id: int | None = Field(default=None, foreign_key="person.id", ondelete="SET NULL")
    levels: list[Any] = Field(sa_column=document())
    partition: dict[str, Any] | None = Field(default=None, sa_column=document(nullable=True))
    cancelled_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    series_began_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    series_ended_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    key_destroyed: bool = False


class CourseParticipant(SQLModel, table=True):
    """Somebody on a course, and the last day of their own session."""

    __tablename__ = "course_participant"
    __table_args__ = (WITHOUT_ROW_ORDER,)

    course_id: int = Field(foreign_key="course.id", primary_key=True, ondelete="CASCADE")
    person_id: int = Field(foreign_key="person.id", primary_key=True, index=True, ondelete="CASCADE")
    finished_on: date


class Wave(SQLModel, table=True):
    """A wave of a course that has had its turn, so that a course that is moved never opens it twice. Without a run
    nothing was to be asked, or its time had passed before anybody looked."""

    __tablename__ = "wave"
    __table_args__ = (WITHOUT_ROW_ORDER,)

    course_id: int = Field(foreign_key="course.id", primary_key=True, ondelete="CASCADE")
    flow: str = Field(primary_key=True)
    run_id: int | None = Field(default=None, foreign_key="run.id", unique=True, ondelete="CASCADE")


class SeriesMember(SQLModel, table=True):
    """The audience of a series, frozen when its first wave opened: later waves ask nobody else, and count everybody
    where they were counted then. Deleted with the series."""

    __tablename__ = "series_member"
    __table_args__ = (WITHOUT_ROW_ORDER,)

    course_id: int = Field(foreign_key="course.id", primary_key=True, ondelete="CASCADE")
    person_id: int = Field(foreign_key="person.id", primary_key=True, index=True, ondelete="CASCADE")
    unit_id: int = Field(foreign_key="unit.id")
    employer: str


class SeriesTraces(SQLModel, table=True):
    """Of a wave, the one answer of each person that the next is compared with, under a hidden number: all together in
    one box under the series' key. As rows they could be told apart by comparing backups: who was in one wave and not
    in the next, or was erased in between. Deleted with the series."""

    __tablename__ = "series_traces"
    __table_args__ = (WITHOUT_ROW_ORDER,)

    course_id: int = Field(foreign_key="course.id", primary_key=True, ondelete="CASCADE")
    flow: str = Field(primary_key=True)
    sealed: bytes
