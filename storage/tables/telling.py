"""Telling: what was published, what was decided, and each leader's week."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.columns import NEVER_REUSED, document, moment


class Verdict(StrEnum):
    taken_in = "taken_in"
    not_now = "not_now"


class PublicationRow(SQLModel, table=True):
    """What the gate let out when a run closed: written once, never changed, never counted again."""

    __tablename__ = "publication"

    run_id: int = Field(foreign_key="run.id", primary_key=True, ondelete="CASCADE")
    published_at: datetime = Field(sa_column=moment())
    document: dict[str, Any] = Field(sa_column=document())


class Decision(SQLModel, table=True):
    """What a leader decided on a theme, and why."""

    __tablename__ = "decision"

    id: int | None = Field(default=None, primary_key=True)
    theme_id: int = Field(foreign_key="theme.id", index=True, ondelete="CASCADE")
    verdict: str
    reason: str
    decided_by: int = Field(foreign_key="person.id")
    decided_at: datetime = Field(sa_column=moment())


class Digest(SQLModel, table=True):
    """One reader's week in one unit: the facts, without words, as they were on that morning."""

    __tablename__ = "digest"
    __table_args__ = (UniqueConstraint("unit_id", "person_id", "local_date"), NEVER_REUSED)

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id")
    person_id: int = Field(foreign_key="person.id", index=True, ondelete="CASCADE")
    local_date: date
    made_at: datetime = Field(sa_column=moment())
    facts: dict[str, Any] = Field(sa_column=document())
