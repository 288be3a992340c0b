"""The audit log: openings, runs, changes and erasures, each entry bound to the one before by a hash."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from storage.columns import moment


class LogEntry(SQLModel, table=True):
    """`actor` and `object` are opaque ids such as 'person:12' and 'run:3'; no names, no texts."""

    __tablename__ = "log_entry"

    number: int = Field(primary_key=True)
    at: datetime = Field(sa_column=moment())
    actor: str
    action: str
    object: str
    previous: str
    hash: str
