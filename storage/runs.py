"""Runs: the questions asked of them, and their frozen audience."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, delete, select

from flows.attention import Lately
from flows.model import Flow, Kind
from flows.partition import Partition
from storage.loading import gathered
from storage.tables import Delivery, LeftAlonePerson, Look, Participation, Run
from storage.tables.asking import RunState
from storage.tables.sending import DeliveryKind, DeliveryState


def last_look(session: Session, name: str) -> datetime | None:
    look = session.get(Look, name)
    return look.at if look else None


def remember_look(session: Session, name: str, at: datetime) -> None:
    session.merge(Look(name=name, at=at))


def find_run(session: Session, flow: str, unit_id: int, local_date: date, slot: str, zone: str) -> Run | None:
    """The run of one occurrence, if it has been opened."""
    return session.exec(
        select(Run).where(
            Run.flow == flow,
            Run.unit_id == unit_id,
            Run.local_date == local_date,
            Run.slot == slot,
            Run.zone == zone,
        )
    ).first()


def open_runs(session: Session) -> list[Run]:
    return list(session.exec(select(Run).where(Run.state == RunState.open).order_by(col(Run.id))))


def runs_closed_between(session: Session, after: datetime, until: datetime) -> list[Run]:
    """Runs closed at after < closed_at <= until, oldest first."""
    closed_at = col(Run.closed_at)
    closed = select(Run).where(Run.state == RunState.closed, closed_at > after, closed_at <= until)
    return list(session.exec(closed.order_by(closed_at, col(Run.id))))


def runs_with_a_key_left(session: Session) -> list[Run]:
    return list(
        session.exec(
            select(Run).where(
                Run.state != RunState.open, col(Run.public_key).is_not(None), col(Run.key_destroyed).is_(False)
            )
        )
    )


def flow_of(run: Run) -> Flow:
    """The flow as it was when the run opened."""
    return _thaw(run.flow_hash, lambda: run.frozen)


def thaw(session: Session, flow_hash: str, run_id: int) -> Flow:
    """The same, of a run that was not read whole: its frozen flow is read where no other of the hash has been."""
    return _thaw(flow_hash, lambda: session.exec(select(Run.frozen).where(Run.id == run_id)).one())


def partition_of(run: Run) -> Partition | None:
    return Partition.from_json(run.partition) if run.partition else None


def participation_of(session: Session, run_id: int, person_id: int) -> Participation | None:
    return session.get(Participation, (run_id, person_id))


def is_open(session: Session, run_id: int) -> bool:
    return session.exec(select(Run.state).where(Run.id == run_id)).first() == RunState.open


def people_asked(session: Session, run_id: int) -> list[int]:
    """Everybody in the run's audience."""
    return list(
        session.exec(
            select(Participation.person_id).where(Participation.run_id == run_id).order_by(col(Participation.person_id))
        )
    )


def count_asked_by_unit(session: Session, run_id: int) -> dict[int, int]:
    """How many were asked at home in each unit."""
    rows = session.exec(
        select(Participation.unit_id, func.count())
        .where(Participation.run_id == run_id)
        .group_by(col(Participation.unit_id))
    )
    return dict(rows.all())


def people_to_remind(session: Session, run_id: int, asked_before: datetime) -> list[int]:
    """Those in the audience who got the question by then, whose submission has not come and for whom no other reminder
    waits. For the reminder alone: no page or person sees this."""
    asked = select(Delivery.person_id).where(
        Delivery.about == f"run:{run_id}",
        Delivery.kind == DeliveryKind.question,
        col(Delivery.state).in_([DeliveryState.sent, DeliveryState.uncertain]),
        func.coalesce(Delivery.sent_at, Delivery.not_before) <= asked_before,
    )
    waits = select(Delivery.person_id).where(
        Delivery.about == f"run:{run_id}",
        Delivery.kind == DeliveryKind.reminder,
        Delivery.state == DeliveryState.queued,
    )
    return list(
        session.exec(
            select(Participation.person_id)
            .where(
                Participation.run_id == run_id,
                col(Participation.answered).is_(False),
                col(Participation.person_id).in_(asked),
                col(Participation.person_id).not_in(waits),
            )
            .order_by(col(Participation.person_id))
        )
    )


def when_asked(session: Session, run_id: int, person_id: int) -> datetime | None:
    """When the question went to the person; None where it has not left."""
    return session.exec(
        select(Delivery.sent_at).where(
            Delivery.about == f"run:{run_id}",
            Delivery.kind == DeliveryKind.question,
            Delivery.person_id == person_id,
            Delivery.state == DeliveryState.sent,
        )
    ).first()


def questions_waiting(session: Session, person_id: int, at: datetime) -> list[tuple[Run, Participation]]:
    """The open runs about which the person has been asked, whichever way and whether or not it arrived, the one that
    closes first at the beginning. What has been answered is among them. For the person's own page alone."""
    asked = select(Delivery.about).where(
        Delivery.person_id == person_id,
        Delivery.kind == DeliveryKind.question,
        col(Delivery.state).in_([DeliveryState.sent, DeliveryState.uncertain, DeliveryState.failed]),
    )
    about = set(session.exec(asked))
    rows = session.exec(
        select(Run, Participation)
        .join(Participation, col(Participation.run_id) == col(Run.id))
        .where(Participation.person_id == person_id, Run.state == RunState.open, col(Run.closes_at) > at)
        .order_by(col(Run.closes_at), col(Run.id))
    )
    return [(run, participation) for run, participation in rows if f"run:{run.id}" in about]


def find_open_contribution(session: Session, person_id: int, at: datetime) -> int | None:
    """The open run in which the person may contribute, asked already or not; of several the one that closes last."""
    return session.exec(
        select(Run.id)
        .join(Participation, col(Participation.run_id) == col(Run.id))
        .where(
            Participation.person_id == person_id,
            Run.kind == Kind.contribution,
            Run.state == RunState.open,
            col(Run.opens_at) <= at,
            col(Run.closes_at) > at,
        )
        .order_by(col(Run.closes_at).desc(), col(Run.id).desc())
    ).first()


def people_left_alone(session: Session, run_id: int) -> list[LeftAlonePerson]:
    return list(
        session.exec(
            select(LeftAlonePerson).where(LeftAlonePerson.run_id == run_id).order_by(col(LeftAlonePerson.person_id))
        )
    )


def reasons_left_alone(session: Session, person_id: int) -> list[tuple[Run, str]]:
    """The open runs that leave this person alone, each with the reason, newest first."""
    rows = session.exec(
        select(Run, LeftAlonePerson.reason)
        .join(LeftAlonePerson, col(LeftAlonePerson.run_id) == col(Run.id))
        .where(LeftAlonePerson.person_id == person_id, Run.state == RunState.open)
        .order_by(col(Run.opens_at).desc(), col(Run.id).desc())
    )
    return list(rows)


def forget_participation(session: Session, run_id: int) -> None:
    session.exec(delete(Participation).where(col(Participation.run_id) == run_id))


def asked_since(session: Session, since: datetime) -> dict[int, Lately]:
    """For each person the questions of all flows sent after `since`, or planned for then, in order: when, and how many
    minutes. What left later than planned, after a standstill, counts from when it came. A question that has reached
    people counts also when its round was cancelled: they were promised not to be asked more than so often."""
    minutes = func.coalesce(col(Run.frozen)["minutes"].as_float(), 1.0)
    spent = {f"run:{run_id}": float(one) for run_id, one in session.exec(select(Run.id, minutes))}
    when = func.coalesce(Delivery.sent_at, Delivery.not_before)
    rows = session.exec(
        select(Delivery.about, when, gathered(session.connection(), col(Delivery.person_id)))
        .where(
            Delivery.kind == DeliveryKind.question,
            when > since,
            col(Delivery.state).not_in([DeliveryState.cancelled, DeliveryState.failed]),
        )
        .group_by(col(Delivery.about), when)
        .order_by(when, col(Delivery.about))
    )
    asked: dict[int, Lately] = {}
    for about, asked_at, people in rows:
        question = ((asked_at, spent[about]),) if about in spent else ()
        for person_id in people:
            asked[person_id] = asked.get(person_id, ()) + question
    return asked


def _thaw(flow_hash: str, read: Callable[[], Mapping[str, Any]]) -> Flow:
    place = _place_of(flow_hash)
    if not place:
        place.append(Flow.model_validate(read()))
    return place[0]


@lru_cache(maxsize=256)
def _place_of(flow_hash: str) -> list[Flow]:
    """Where the flow of this hash lies once somebody has needed it: reading and judging it takes longer than all else
    in an answer."""
    return []
