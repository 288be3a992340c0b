"""Posters: made for an open flow in a unit, found by their code, revocable."""

from datetime import datetime

from sqlmodel import Session, col, select

from storage.codes import hash_typed_code, make_code
from storage.tables import Poster, Run, UnitBelow
from storage.tables.asking import RunState


def make_poster(session: Session, key: bytes, flow: str, unit_id: int, at: datetime) -> str:
    """Store a new poster; its code comes back, which is known only here and on the paper."""
    code = make_code()
    session.add(Poster(code_hash=_hash(key, code), flow=flow, unit_id=unit_id, made_at=at))
    session.flush()
    return code


def find_poster(session: Session, key: bytes, code: str) -> Poster | None:
    """The poster with this code, revoked or not."""
    return session.exec(select(Poster).where(Poster.code_hash == _hash(key, code))).first()


def revoke_posters(session: Session, flow: str, unit_id: int, at: datetime) -> int:
    """Make all posters of a flow in a unit useless; how many there were comes back."""
    hanging = select(Poster).where(Poster.flow == flow, Poster.unit_id == unit_id, col(Poster.revoked_at).is_(None))
    posters = session.exec(hanging).all()
    for poster in posters:
        poster.revoked_at = at
        session.add(poster)
    return len(posters)


def open_run_for(session: Session, poster: Poster, at: datetime) -> Run | None:
    """The newest run of the poster's flow that is open in its unit or in one above it."""
    return session.exec(
        select(Run)
        .join(UnitBelow, col(UnitBelow.above_id) == col(Run.unit_id))
        .where(
            UnitBelow.below_id == poster.unit_id,
            Run.flow == poster.flow,
            Run.state == RunState.open,
            col(Run.opens_at) <= at,
            col(Run.closes_at) > at,
        )
        .order_by(col(Run.opens_at).desc(), col(Run.id).desc())
    ).first()


def _hash(key: bytes, code: str) -> str:
    return hash_typed_code(key, "poster", code)
