"""What was read from a directory that tells what has changed: the accounts as last told, and how far it was read."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from storage.columns import moment


class Account(SQLModel, table=True):
    """An account that may be asked, by its address in Teams (`tenant:object`). Only what is needed is kept; of people
    who are not let in that is nothing but number and mail, so that they are found once they are. `manager` is an
    address too. `round` is the last reading from the beginning in which the account came; `person_id` whose it was
    found to be. `installed_at` is when the app was seen to be there."""

    __tablename__ = "account"

    address: str = Field(primary_key=True)
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True, ondelete="CASCADE")
    number: str | None = None
    name: str = ""
    mail: str | None = None
    department: str | None = None
    manager: str | None = None
    round: int = 0
    installed_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))


class DirectoryCursor(SQLModel, table=True):
    """How far a directory has been read: `link` leads on, to the next page or to what has changed since. `is_through`:
    a reading from the beginning has come to its end, and only changes are told since. `asked` is what was asked for:
    where something else is asked, it is read from the beginning."""

    __tablename__ = "directory_cursor"

    name: str = Field(primary_key=True)
    link: str = ""
    is_through: bool = False
    asked: str = ""
    round: int = 0
