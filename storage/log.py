"""The audit log: append-only, each entry bound to the one before, so that a change would show."""

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime

from sqlmodel import Session, col, select

from storage.tables import LogEntry

NOTHING_BEFORE = "0" * 64


def append(session: Session, at: datetime, actor: str, action: str, about: str) -> LogEntry:
    """Write one entry: who (an opaque id such as 'person:12', or 'medvirk'), did what, with what."""
    last = session.exec(select(LogEntry).order_by(col(LogEntry.number).desc()).limit(1)).first()
    number, previous = (last.number + 1, last.hash) if last else (1, NOTHING_BEFORE)
    entry = LogEntry(number=number, at=at, actor=actor, action=action, object=about, previous=previous, hash="")
    entry.hash = _hash(entry)
    session.add(entry)
    session.flush()
    return entry


def head(session: Session) -> LogEntry | None:
    """The newest entry; its hash stands for the whole log."""
    return session.exec(select(LogEntry).order_by(col(LogEntry.number).desc()).limit(1)).first()


def find_break(entries: Iterable[LogEntry]) -> int | None:
    """The number of the first entry that does not follow from the one before; None where the chain holds."""
    expected_number, previous = 1, NOTHING_BEFORE
    for entry in entries:
        if entry.number != expected_number or entry.previous != previous or entry.hash != _hash(entry):
            return expected_number
        expected_number, previous = entry.number + 1, entry.hash
    return None


def entries_of(session: Session) -> list[LogEntry]:
    """The whole log, oldest first."""
    return list(session.exec(select(LogEntry).order_by(col(LogEntry.number))))


def _hash(entry: LogEntry) -> str:
    """Of all that the entry says, each part apart from the next; the same for one moment in whichever zone."""
    at = entry.at.astimezone(UTC).isoformat()
    said = json.dumps([entry.number, at, entry.actor, entry.action, entry.object, entry.previous])
    return hashlib.sha256(said.encode()).hexdigest()
