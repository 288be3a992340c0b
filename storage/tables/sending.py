"""Sending: the outbox, the lanes it leaves by, and the personal links."""

from datetime import datetime
from enum import IntEnum, StrEnum

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.columns import WITHOUT_ROW_ORDER, moment


class DeliveryState(StrEnum):
    queued = "queued"  # waits for its time, or for a new try
    sending = "sending"  # claimed by whoever holds the lane; it is on its way to the platform
    sent = "sent"  # the platform said yes, or has it when asked
    uncertain = "uncertain"  # the answer was lost: it may have arrived, so it is not sent again before that is known
    failed = "failed"  # the platform said no for good; `trouble` says why
    cancelled = "cancelled"  # no longer wanted: the run closed, or the person said stop


class DeliveryPriority(IntEnum):
    """Of what is due in a lane, the lower number leaves first."""

    reply = 0  # to what a person has just done: somebody waits for it
    other = 1  # everything that is sent because its time has come


class DeliveryKind(StrEnum):
    welcome = "welcome"  # first contact: who this is, and how to stop
    question = "question"
    reminder = "reminder"
    result = "result"  # a run has closed: what came of it, to the whole audience
    group_result = "group_result"  # a poll has closed: what came of it, to the group that asked
    decision = "decision"  # a theme was decided: to those concerned
    digest = "digest"  # the leader's week
    consent = "consent"  # a new leader: may that one see what you offered?
    renewal = "renewal"  # what you offered ends soon: shall it go on?
    put_out = "put_out"  # a workspace lets us in no more: to whoever looks after Medvirk
    edit = "edit"  # no message: what lies in a chat is shown there as things stand now; `external_id` says which


class Delivery(SQLModel, table=True):
    """Something that leaves. The words are made from `about` when it is sent, so no text lies here.

    `lane` is the channel, or `channel:workspace`; empty where a release before lanes queued it, until it is seen.
    `reference` is what the platform is told, so that it can be asked later: a random word, since SQLite gives the id of
    a deleted reminder to the next delivery.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("about", "channel", "address", "kind", "ordinal"),
        Index("ix_delivery_claim", "state", "lane", "priority", "not_before", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    about: str
    person_id: int = Field(foreign_key="person.id", index=True, ondelete="CASCADE")
    channel: str
    address: str
    kind: str
    ordinal: int = 0
    state: str = Field(default=DeliveryState.queued, index=True)
    not_before: datetime = Field(sa_column=moment(index=True))
    attempts: int = 0
    sent_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    external_id: str | None = None
    trouble: str | None = None
    lane: str = Field(default="", sa_column_kwargs={"server_default": ""})
    priority: int = Field(default=DeliveryPriority.other, sa_column_kwargs={"server_default": "1"})
    reference: str | None = None


class Lane(SQLModel, table=True):
    """A way out that has limits of its own: a channel, or one workspace of it. `holder` is the replica that drains it
    or was the last to do so; nobody else may until `leased_until`. Nothing leaves before `paused_until`. `down_since`
    is when the platform began to take nothing, until it takes something again. From `stopped_at` on, it lets us in no
    more: nothing leaves, and people are reached by their next address, until somebody lets us in again."""

    __tablename__ = "lane"

    name: str = Field(primary_key=True)
    holder: str | None = None
    leased_until: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    paused_until: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    down_since: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    stopped_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    stopped_because: str | None = None


class Link(SQLModel, table=True):
    """A personal link. Its secret is not stored, only the secret's hash; opening it changes nothing here. The link of
    a printed slip has a code to type beside it, kept as a hash too."""

    __tablename__ = "link"
    __table_args__ = (UniqueConstraint("person_id", "purpose", "target"), WITHOUT_ROW_ORDER)

    id: str = Field(primary_key=True)
    secret_hash: str
    person_id: int = Field(foreign_key="person.id", ondelete="CASCADE")
    purpose: str
    target: int
    code_hash: str | None = Field(default=None, unique=True, index=True)
    expires_at: datetime = Field(sa_column=moment())
    revoked_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
