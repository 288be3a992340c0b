"""Paper: posters with a code, by which anybody who reads one may suggest something."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from storage.columns import moment


class Poster(SQLModel, table=True):
    """A poster for one open flow in one unit. Its code is kept as a hash; of those who use it nothing is kept."""

    __tablename__ = "poster"

    id: int | None = Field(default=None, primary_key=True)
    code_hash: str = Field(unique=True)
    flow: str
    unit_id: int = Field(foreign_key="unit.id")
    made_at: datetime = Field(sa_column=moment())
    revoked_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
