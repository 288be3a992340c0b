"""Installing: the app in the workspaces of a chat, and what it writes with in each."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.columns import moment


class Installation(SQLModel, table=True):
    """The app in one workspace, or in all of an enterprise, since `installed_at`. `sealed` is what it writes with
    there, which only the key folder opens; empty once it is worth nothing, and where that stands in the settings. After
    `gone_at` it lets us in no more, until it does again; `times_gone` tells one such time from the next."""

    __tablename__ = "installation"
    __table_args__ = (UniqueConstraint("channel", "enterprise", "workspace", "is_whole_enterprise"),)

    id: int | None = Field(default=None, primary_key=True)
    channel: str
    enterprise: str = ""
    workspace: str = ""
    is_whole_enterprise: bool = False
    name: str
    sealed: bytes
    installed_at: datetime = Field(sa_column=moment())
    gone_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    gone_because: str | None = None
    times_gone: int = 0

    @property
    def lane(self) -> str:
        return f"{self.channel}:{self.workspace}"
