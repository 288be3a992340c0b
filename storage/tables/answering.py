"""Answering: sealed envelopes, opened or named answers, free texts, themes and their support."""

from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import UniqueConstraint, false
from sqlmodel import Field, SQLModel

from storage.columns import NEVER_REUSED, WITHOUT_ROW_ORDER, document


class Envelope(SQLModel, table=True):
    """A sealed submission of an anonymous or confidential run, under the hash of a random code."""

    __tablename__ = "envelope"
    __table_args__ = (WITHOUT_ROW_ORDER,)

    run_id: int = Field(foreign_key="run.id", primary_key=True, ondelete="CASCADE")
    code_hash: str = Field(primary_key=True)
    sealed: bytes


class Answer(SQLModel, table=True):
    """A submission that may be read: a named one with its person, or one opened at close, without.

    `id` is random. `unit_id` is the home unit of the person (named) or the bucket (opened). `given_on` is empty for
    an opened one. A named one is seen by `reader_id` alone, as long as that is the person's leader, until `ends_on`, a
    day on which it is no longer there. `asked_reader_id` is a new leader whom the person was asked about. `has_copy`: a
    named one was sent where a chat platform keeps a copy, which is told when it is withdrawn."""

    __tablename__ = "answer"
    __table_args__ = (UniqueConstraint("run_id", "person_id"), WITHOUT_ROW_ORDER)

    id: str = Field(primary_key=True)
    run_id: int = Field(foreign_key="run.id", ondelete="CASCADE")
    unit_id: int = Field(foreign_key="unit.id")
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True, ondelete="CASCADE")
    reader_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    given_on: date | None = None
    is_offer: bool = False  # it offers a competence or a wish, not only a no
    values: dict[str, Any] = Field(sa_column=document())
    ends_on: date | None = Field(default=None, index=True)
    asked_reader_id: int | None = Field(default=None, foreign_key="person.id")
    consent_refused: bool = False  # the person said no to that one
    shown_from: date | None = None  # since when a reader sees it who came after the first one
    has_copy: bool = Field(default=False, sa_column_kwargs={"server_default": false()})


class FreeText(SQLModel, table=True):
    """A free text opened at close, apart from the same person's choices."""

    __tablename__ = "free_text"
    __table_args__ = (WITHOUT_ROW_ORDER,)

    id: str = Field(primary_key=True)
    run_id: int = Field(foreign_key="run.id", ondelete="CASCADE")
    unit_id: int = Field(foreign_key="unit.id")
    field: str
    text: str


class ThemeState(StrEnum):
    waiting = "waiting"
    taken_in = "taken_in"
    not_now = "not_now"


class Theme(SQLModel, table=True):
    """Something people want to learn about, without a name. `normal` is the text as compared with others."""

    __tablename__ = "theme"
    __table_args__ = (UniqueConstraint("run_id", "unit_id", "normal"), NEVER_REUSED)

    id: int | None = Field(default=None, primary_key=True)
    run_id: int = Field(foreign_key="run.id", ondelete="CASCADE")
    unit_id: int = Field(foreign_key="unit.id", index=True)
    text: str
    normal: str
    suggested_on: date
    state: str = ThemeState.waiting


class ThemeAuthor(SQLModel, table=True):
    """Who suggested a theme, apart from it: only so that they hear what came of it. Removed when the period ends.
    `has_copy`: it was sent where a chat platform keeps a copy, which is told when it is withdrawn."""

    __tablename__ = "theme_author"
    __table_args__ = (WITHOUT_ROW_ORDER,)

    theme_id: int = Field(foreign_key="theme.id", primary_key=True, ondelete="CASCADE")
    person_id: int = Field(foreign_key="person.id", primary_key=True, ondelete="CASCADE")
    has_copy: bool = Field(default=False, sa_column_kwargs={"server_default": false()})


class Support(SQLModel, table=True):
    """Who stands behind a theme, so that each counts once. Removed when the period ends."""

    __tablename__ = "support"
    __table_args__ = (WITHOUT_ROW_ORDER,)

    theme_id: int = Field(foreign_key="theme.id", primary_key=True, ondelete="CASCADE")
    person_id: int = Field(foreign_key="person.id", primary_key=True, ondelete="CASCADE")
