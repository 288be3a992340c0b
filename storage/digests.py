"""Digests: each reader's week as facts, and the one set-based look that finds what all readers need."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from storage.courses import SLOT
from storage.inserting import insert_missing
from storage.offers import find_entitled, live
from storage.people import has_role
from storage.tables import Answer, Digest, Person, Role, Run, UnitBelow
from storage.tables.organisation import RoleName

READS_FIGURES = (RoleName.leader, RoleName.representative, RoleName.safety, RoleName.superior)
GETS_A_DIGEST = (*READS_FIGURES, RoleName.coordinator)


@dataclass(frozen=True)
class Reader:
    """Somebody who gets a weekly digest about a unit, and in which role. Whoever `coordinates` there, beside another
    role or not, reads which leaders cannot be reached."""

    person_id: int
    unit_id: int
    role: str
    coordinates: bool = False


def readers(session: Session) -> list[Reader]:
    """Everybody who gets a digest about a unit, by unit, leaders first; each once for a unit. Who has several roles
    there reads as the first of READS_FIGURES."""
    rows = session.exec(
        select(Role.unit_id, Role.person_id, Role.name)
        .join(Person, col(Person.id) == col(Role.person_id))
        .where(col(Role.name).in_(GETS_A_DIGEST), col(Person.active).is_(True))
        .order_by(col(Role.unit_id), col(Role.person_id))
    )
    roles: dict[tuple[int, int], set[str]] = {}
    for unit_id, person_id, role in rows:
        roles.setdefault((unit_id, person_id), set()).add(role)
    found = [
        Reader(person_id, unit_id, next(one for one in GETS_A_DIGEST if one in held), RoleName.coordinator in held)
        for (unit_id, person_id), held in roles.items()
    ]
    return sorted(found, key=lambda one: (one.unit_id, GETS_A_DIGEST.index(RoleName(one.role)), one.person_id))


def deciding_units(session: Session) -> dict[int, int]:
    """For each unit the one whose leader decides on its themes: itself, or the nearest above that has a leader."""
    led = col(Role.name) == RoleName.leader
    rows = session.exec(
        select(UnitBelow.below_id, UnitBelow.above_id)
        .join(Role, (col(Role.unit_id) == col(UnitBelow.above_id)) & led)
        .order_by(col(UnitBelow.below_id), col(UnitBelow.depth).desc())
    )
    return dict(rows.all())


def offers_by_reader(session: Session, first: date, before: date) -> dict[int, int]:
    """For each leader how many named answers they may see since first <= day < before. Whole days, since an answer
    knows no finer time: what comes on the morning of a digest, before or after it, is counted in the next."""
    since = func.coalesce(Answer.shown_from, Answer.given_on)
    offers = session.exec(
        select(Answer.run_id, Answer.person_id, Answer.reader_id).where(
            col(Answer.reader_id).is_not(None), col(Answer.is_offer), since >= first, since < before, live(before)
        )
    ).all()
    entitled = find_entitled(session, {(run_id, person_id or 0) for run_id, person_id, _ in offers}, before)
    return Counter(
        reader_id
        for run_id, person_id, reader_id in offers
        if reader_id is not None and entitled.may_see(run_id, person_id or 0, reader_id)
    )


def course_answers_by_reader(session: Session, first: date, before: date) -> dict[int, int]:
    """For each leader how many leaders below answered them about a course on first <= day < before."""
    rows = session.exec(
        select(Answer.reader_id, func.count())
        .join(Run, col(Run.id) == col(Answer.run_id))
        .where(col(Answer.reader_id).is_not(None), col(Run.slot).startswith(SLOT))
        .where(col(Answer.given_on) >= first, col(Answer.given_on) < before)
        .group_by(col(Answer.reader_id))
    )
    return {reader_id: number for reader_id, number in rows if reader_id is not None}


def keep_digests(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Write digests; one a reader, unit and day, however often it is tried."""
    insert_missing(session, Digest, rows)


def find_digest(session: Session, digest_id: int, person_id: int) -> Digest | None:
    """A digest, for its reader, as long as they have the role it was made for: rights come from the roles as they are
    now."""
    digest = session.get(Digest, digest_id)
    if digest is None or digest.person_id != person_id:
        return None
    return digest if has_role(session, person_id, digest.unit_id, RoleName(digest.facts["role"])) else None


def digests_of_day(session: Session, local_date: date) -> dict[int, int]:
    """The digests of a morning, each with its reader."""
    rows = session.exec(
        select(Digest.id, Digest.person_id).where(Digest.local_date == local_date).order_by(col(Digest.id))
    )
    return {digest_id: person_id for digest_id, person_id in rows if digest_id is not None}


def last_digest_before(session: Session, at: datetime) -> datetime | None:
    """When digests were last made before `at`."""
    return session.exec(select(func.max(Digest.made_at)).where(col(Digest.made_at) < at)).one()


def last_digest_day_before(session: Session, local_date: date) -> date | None:
    """The last morning before this one for which there was a digest."""
    return session.exec(select(func.max(Digest.local_date)).where(col(Digest.local_date) < local_date)).one()
