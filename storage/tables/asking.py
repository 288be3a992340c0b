"""Asking: the last look of the tick, recorded discussions, runs, who was asked and who was left alone."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.columns import NEVER_REUSED, WITHOUT_ROW_ORDER, document, moment


class RunState(StrEnum):
    open = "open"  # people may answer until closes_at
    closed = "closed"  # judged and published; answers under new keys
    cancelled = "cancelled"  # deleted unread


class Look(SQLModel, table=True):
    """When the tick last looked: what is due is computed from here, so nothing is lost while the process is down."""

    __tablename__ = "look"

    name: str = Field(primary_key=True)
    at: datetime = Field(sa_column=moment())


class Discussion(SQLModel, table=True):
    """The employer's record of the discussion with the organisations (drøfting) before a flow opens, or of the
    choice that none is needed. One for each employer: a NAV office has two."""

    __tablename__ = "discussion"

    id: int | None = Field(default=None, primary_key=True)
    flow: str = Field(index=True)
    unit_id: int = Field(foreign_key="unit.id")
    employer: str
    needed: bool = True
    held_on: date
    invited: str
    views: str
    decision: str
    recorded_by: str
    recorded_at: datetime = Field(sa_column=moment())


class Run(SQLModel, table=True):
    """One occurrence of a flow in a unit. Everything that decides what is asked and shown is frozen here."""

    __tablename__ = "run"
    __table_args__ = (UniqueConstraint("flow", "unit_id", "local_date", "slot", "zone"), NEVER_REUSED)

    id: int | None = Field(default=None, primary_key=True)
    flow: str
    unit_id: int = Field(foreign_key="unit.id")
    local_date: date
    slot: str
    zone: str
    kind: str
    frozen: dict[str, Any] = Field(sa_column=document())
    flow_hash: str
    partition: dict[str, Any] | None = Field(default=None, sa_column=document(nullable=True))
    state: str = Field(default=RunState.open, index=True)
    opens_at: datetime = Field(sa_column=moment())
    remind_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    reminders_sent: int = 0
    closes_at: datetime = Field(sa_column=moment())
    closed_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    paused_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))  # nothing about it leaves
    public_key: bytes | None = None
    key_destroyed: bool = False
    forgotten: bool = False  # its answers were deleted when their time was over


class Participation(SQLModel, table=True):
    """The frozen audience of a run, and whether this person's submission has come. Nothing else about it: no time,
    no channel. Deleted when an anonymous run closes. `reader_id` is the leader who sees a named answer."""

    __tablename__ = "participation"
    __table_args__ = (WITHOUT_ROW_ORDER,)

    run_id: int = Field(foreign_key="run.id", primary_key=True, ondelete="CASCADE")
    person_id: int = Field(foreign_key="person.id", primary_key=True, index=True, ondelete="CASCADE")
    unit_id: int = Field(foreign_key="unit.id")
    bucket: int | None = None
    reader_id: int | None = Field(default=None, foreign_key="person.id")
    answered: bool = False


class LeftAlonePerson(SQLModel, table=True):
    """Somebody in the audience who was not asked, and the reason, which that person may read."""

    __tablename__ = "left_alone"
    __table_args__ = (WITHOUT_ROW_ORDER,)

    run_id: int = Field(foreign_key="run.id", primary_key=True, ondelete="CASCADE")
    person_id: int = Field(foreign_key="person.id", primary_key=True, index=True, ondelete="CASCADE")
    reason: str
