"""Personal links: made for a person and a purpose, proven by a secret, expiring, revocable. Opening changes nothing."""

import base64
import hashlib
import hmac
import re
import secrets
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from sqlalchemy import bindparam
from sqlmodel import Session, col, delete, select

from storage.tables import Link

PROLONGED_BY = timedelta(days=90)  # so that looking at a page does not write each time
# Nearly every page runs this; building a statement anew takes several times as long as running it.
BY_PURPOSE = select(Link).where(
    Link.person_id == bindparam("person"), Link.purpose == bindparam("purpose"), Link.target == bindparam("target")
)
FORM_OF_ID = re.compile(r"[A-Za-z0-9_-]{12}")


class Purpose(StrEnum):
    home = "home"  # the person's own page: messages, pause, "don't ask me"
    run = "run"  # to answer in a run; target is the run
    group = "group"  # a group's polls, for who coordinates it; target is the group's unit
    digest = "digest"  # a leader's or representative's week; target is the digest
    paper = "paper"  # the own page again, by a printed slip; target numbers a person's slips


class Ending(Protocol):
    """What ends: a link, or an arrival by one."""

    @property
    def expires_at(self) -> datetime: ...

    @property
    def revoked_at(self) -> datetime | None: ...


def ensure_link(
    session: Session, key: bytes, person_id: int, purpose: Purpose, target: int, expires_at: datetime
) -> str:
    """The path of the person's link for this purpose, made or prolonged: '/l/ID/SECRET'. A revoked one is replaced,
    and one made with a server key that is gone.

    A link with much of its time left is taken as it is: a page that is only looked at writes nothing."""
    link = find_link_for(session, person_id, purpose, target)
    if link is None:
        link = Link(id="", secret_hash="", person_id=person_id, purpose=purpose, target=target, expires_at=expires_at)
    if not link.id or link.revoked_at is not None or link.secret_hash != hash_secret(_secret(key, link.id)):
        link.id = secrets.token_urlsafe(9)
        link.secret_hash = hash_secret(_secret(key, link.id))
        link.revoked_at = None
    if link.expires_at + PROLONGED_BY < expires_at:
        link.expires_at = expires_at
    session.add(link)
    return link_path(key, link)


def link_path(key: bytes, link: Link) -> str:
    """The path that opens a link. The secret is made from the server's key when it is needed and stored nowhere."""
    return f"/l/{link.id}/{_secret(key, link.id)}"


def find_link_for(session: Session, person_id: int, purpose: Purpose, target: int) -> Link | None:
    return session.exec(BY_PURPOSE, params={"person": person_id, "purpose": purpose, "target": target}).first()


def opens(link: Link, secret: str) -> bool:
    """Whether this is the link's secret."""
    return hmac.compare_digest(link.secret_hash, hash_secret(secret))


def is_live(link: Ending, at: datetime) -> bool:
    return link.revoked_at is None and at < link.expires_at


def revoke_links(session: Session, person_id: int, at: datetime) -> int:
    """Make all of a person's links useless; how many there were comes back."""
    links = session.exec(select(Link).where(Link.person_id == person_id, col(Link.revoked_at).is_(None))).all()
    for link in links:
        link.revoked_at = at
        session.add(link)
    return len(links)


def delete_links_expired_before(session: Session, at: datetime) -> None:
    session.exec(delete(Link).where(col(Link.expires_at) < at))


def _secret(key: bytes, link_id: str) -> str:
    return base64.urlsafe_b64encode(hmac.digest(key, link_id.encode(), "sha256")[:24]).decode()


def hash_secret(secret: str) -> str:
    """What is kept of a link's secret."""
    return hashlib.sha256(secret.encode()).hexdigest()
