"""The personal links that messages carry, each with the time it lives."""

from datetime import datetime, timedelta

from sqlmodel import Session

from bot.parts import Parts
from storage.links import Purpose, ensure_link
from storage.tables import Person, Run

HOME_LIVES = timedelta(days=400)
GROUP_LIVES = timedelta(days=120)
DIGEST_LIVES = timedelta(days=8)  # until the next one, and a day


def home_url(session: Session, parts: Parts, person: Person, at: datetime) -> str:
    return _url(session, parts, person, Purpose.home, 0, at + HOME_LIVES)


def run_url(session: Session, parts: Parts, person: Person, run: Run) -> str:
    """To answer in a run; it lives until the run closes."""
    assert run.id is not None
    return _url(session, parts, person, Purpose.run, run.id, run.closes_at)


def group_url(session: Session, parts: Parts, person: Person, group_id: int, at: datetime) -> str:
    """To a group's polls. What may be done there is judged by the roles at each visit, not by the link."""
    return _url(session, parts, person, Purpose.group, group_id, at + GROUP_LIVES)


def digest_url(session: Session, parts: Parts, person: Person, digest_id: int, made_at: datetime) -> str:
    """To a week's page: short-lived, since names lie behind it."""
    return _url(session, parts, person, Purpose.digest, digest_id, made_at + DIGEST_LIVES)


def _url(session: Session, parts: Parts, person: Person, purpose: Purpose, target: int, expires_at: datetime) -> str:
    assert person.id is not None
    key = parts.keys.server_secret("links")
    return parts.url(ensure_link(session, key, person.id, purpose, target, expires_at))
