"""The audit log, each entry bound to the one before by a hash; and the erasures that a restore must do again."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from storage.columns import WITHOUT_ROW_ORDER, moment


class Erasure(SQLModel, table=True):
    """That somebody was erased, so that a restored backup is erased again. `number_hash` is made with a secret of the
    server's, so that nobody reads who it was."""

    __tablename__ = "erasure"
    __table_args__ = (WITHOUT_ROW_ORDER,)

    number_hash: str = Field(primary_key=True)
    at: datetime = Field(sa_column=moment())


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
