"""Series: who is asked in all waves of a course, the hidden numbers that link their answers, and the end of both."""

import hashlib
import hmac
import json
from collections.abc import Collection
from datetime import datetime

from nacl.secret import SecretBox
from sqlmodel import Session, col, delete, func, select

from flows.linking import Trace
from flows.partition import Partition
from storage.inserting import insert_missing
from storage.keys import KeyFolder
from storage.people import Home
from storage.tables import Course, SeriesMember, SeriesTraces

BYTES_OF_A_TRACE = 160  # a number of 64 digits, a group, an answer
SIZE_STEP = 4_096


def pseudonym(key: bytes, person_id: int) -> str:
    """The hidden number of a person in one series. Without the key it cannot be told from any other."""
    return hmac.new(key, f"person:{person_id}".encode(), hashlib.sha256).hexdigest()


def begin_series(session: Session, course: Course, homes: Collection[Home], partition: Partition, at: datetime) -> None:
    """Freeze who is asked from now on, and where each is counted."""
    rows = [{"course_id": course.id, **home._asdict()} for home in homes]
    insert_missing(session, SeriesMember, rows)
    course.partition = partition.to_json()
    course.series_began_at = at
    session.add(course)
    session.flush()


def members_of(session: Session, course_id: int) -> dict[int, Home]:
    """Those in the series, each with the home they had when it began."""
    rows = session.exec(
        select(SeriesMember).where(SeriesMember.course_id == course_id).order_by(col(SeriesMember.person_id))
    )
    return {one.person_id: Home(one.person_id, one.unit_id, one.employer) for one in rows}


def keep_traces(session: Session, key: bytes, course_id: int, flow: str, traces: Collection[Trace]) -> None:
    """Keep what the next wave is compared with, so that only the holder of the series' key can tell one from another,
    and that nothing can be read off the size."""
    members = select(func.count()).select_from(SeriesMember).where(SeriesMember.course_id == course_id)
    size = -(-BYTES_OF_A_TRACE * (session.exec(members).one() + 1) // SIZE_STEP) * SIZE_STEP
    session.merge(SeriesTraces(course_id=course_id, flow=flow, sealed=_close(key, traces, size)))
    session.flush()


def traces_of(session: Session, key: bytes, course_id: int, flow: str) -> list[Trace]:
    kept = session.get(SeriesTraces, (course_id, flow))
    return _open(key, kept.sealed) if kept else []


def forget_traces(session: Session, course_id: int, flow: str | None = None) -> None:
    """Delete the linked answers of a series, or those of one wave: they are not needed when the next has closed."""
    found = delete(SeriesTraces).where(col(SeriesTraces.course_id) == course_id)
    session.exec(found if flow is None else found.where(col(SeriesTraces.flow) == flow))


def forget_member(session: Session, keys: KeyFolder, person_id: int) -> None:
    """Delete the linked answers of one person, in every series that has not ended. Where a key is lost they cannot be
    found, by anybody."""
    member_of = select(SeriesMember.course_id).where(SeriesMember.person_id == person_id)
    for course_id in session.exec(member_of).all():
        key = keys.series_key(course_id)
        if key is None:
            continue
        for kept in session.exec(select(SeriesTraces).where(SeriesTraces.course_id == course_id)).all():
            others = [one for one in _open(key, kept.sealed) if one.pseudonym != pseudonym(key, person_id)]
            kept.sealed = _close(key, others, len(kept.sealed) - SecretBox.NONCE_SIZE - SecretBox.MACBYTES)
            session.add(kept)


def end_series(session: Session, course: Course, at: datetime) -> None:
    """Delete what linked people and answers over the waves. The key is destroyed after the commit, by the tick."""
    assert course.id is not None
    forget_traces(session, course.id)
    session.exec(delete(SeriesMember).where(col(SeriesMember.course_id) == course.id))
    course.series_ended_at = at
    session.add(course)
    session.flush()


def running_series(session: Session) -> list[Course]:
    """The courses whose series has begun and not ended."""
    began, ended = col(Course.series_began_at), col(Course.series_ended_at)
    return list(session.exec(select(Course).where(began.is_not(None), ended.is_(None)).order_by(col(Course.id))))


def series_with_a_key_left(session: Session) -> list[Course]:
    ended, destroyed = col(Course.series_ended_at), col(Course.key_destroyed)
    return list(session.exec(select(Course).where(ended.is_not(None), destroyed.is_(False)).order_by(col(Course.id))))


def _close(key: bytes, traces: Collection[Trace], size: int) -> bytes:
    rows = [[one.bucket, one.pseudonym, one.value] for one in sorted(traces, key=lambda trace: trace.pseudonym)]
    return _box(key).encrypt(json.dumps(rows).encode().ljust(size))


def _open(key: bytes, sealed: bytes) -> list[Trace]:
    return [Trace(*row) for row in json.loads(_box(key).decrypt(sealed))]


def _box(key: bytes) -> SecretBox:
    return SecretBox(hmac.digest(key, b"traces", "sha256"))
