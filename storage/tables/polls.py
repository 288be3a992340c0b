"""Polls: what a group's coordinator has composed, as a draft or sent."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlmodel import Field, SQLModel

from storage.columns import NEVER_REUSED, document, moment


class PollState(StrEnum):
    draft = "draft"  # composed and looked at; deleted after a month
    sent = "sent"  # its run is open or has been


class Poll(SQLModel, table=True):
    """A poll of a group. `document` is the form; once sent, what was asked is frozen in the run. Whoever composed it
    is forgotten when that person is; a draft of nobody's goes the next night."""

    __tablename__ = "poll"
    __table_args__ = (NEVER_REUSED,)

    id: int | None = Field(default=None, primary_key=True)
    group_id: int = Field(foreign_key="unit.id", index=True)
    composed_by: int | None = Field(default=None, foreign_key="person.id", index=True, ondelete="SET NULL")
    state: str = PollState.draft
    language: str
    document: dict[str, Any] = Field(sa_column=document())
    made_at: datetime = Field(sa_column=moment())
    run_id: int | None = Field(default=None, foreign_key="run.id", index=True, ondelete="CASCADE")
