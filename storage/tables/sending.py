"""Sending: the outbox and the personal links."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.columns import WITHOUT_ROW_ORDER, moment


class DeliveryState(StrEnum):
    queued = "queued"  # waits for its time, or for a new try
    sending = "sending"  # claimed; the platform has it in its hand
    sent = "sent"  # the platform said yes
    uncertain = "uncertain"  # the answer was lost: it may have arrived, so it is not sent again unasked
    failed = "failed"  # the platform said no for good; `trouble` says why
    cancelled = "cancelled"  # no longer wanted: the run closed, or the person said stop


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


class Delivery(SQLModel, table=True):
    """Something that leaves. The words are made from `about` when it is sent, so no text lies here."""

    __tablename__ = "delivery"
    __table_args__ = (UniqueConstraint("about", "channel", "address", "kind", "ordinal"),)

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
