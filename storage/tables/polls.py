"""Polls: what a group's coordinator has composed, as a draft or sent, and whom a sent one was about."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlmodel import Field, SQLModel

from storage.columns import NEVER_REUSED, WITHOUT_ROW_ORDER, document, moment


class PollState(StrEnum):
    draft = "draft"  # begun, or composed and looked at; deleted after a month
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


class DeclaredPerson(SQLModel, table=True):
    """Somebody whom a sealed poll was declared to be about, with the bucket that counts their home, so that a later
    poll can be compared with this one whatever has been renamed or moved. Whether they were asked, left alone or have
    answered is not in it. Deleted when polls are no longer compared with this one."""

    __tablename__ = "declared"
    __table_args__ = (WITHOUT_ROW_ORDER,)

    run_id: int = Field(foreign_key="run.id", primary_key=True, ondelete="CASCADE")
    person_id: int = Field(foreign_key="person.id", primary_key=True, index=True, ondelete="CASCADE")
    bucket: int
