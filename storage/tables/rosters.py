"""Rosters: the shifts a person has, and the days about which a roster says everything."""

from datetime import date, datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.columns import moment


class Shift(SQLModel, table=True):
    """A person is at work from a moment to another. Deleted in the night after it is over."""

    __tablename__ = "shift"
    __table_args__ = (UniqueConstraint("person_id", "starts_at", "ends_at"),)

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", ondelete="CASCADE")
    starts_at: datetime = Field(sa_column=moment())
    ends_at: datetime = Field(sa_column=moment(index=True))


class RosteredDays(SQLModel, table=True):
    """Days, both included, on which a person is at work in the shifts alone: a day without one is a day off."""

    __tablename__ = "rostered_days"
    __table_args__ = (UniqueConstraint("person_id", "starts_on", "ends_on"),)

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", ondelete="CASCADE")
    starts_on: date
    ends_on: date
