"""Opening a run: who is asked and when, who is left alone and why, and everything frozen that decides what is shown."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from bot.parts import Parts
from flows.attention import Calendar, LeftAlone, decide_when
from flows.model import Flow, Kind
from flows.partition import Partition, divide
from flows.schedule import Occurrence, add_days, move_off_weekend
from storage import log
from storage.deliveries import addresses_by_person, enqueue
from storage.discussions import units_discussed
from storage.people import Home, calendars, home_memberships
from storage.runs import add_left_alone, add_participations, asked_since, find_run
from storage.tables import Address, Role, Run, Unit, UnitBelow
from storage.tables.organisation import RoleName
from storage.tables.sending import DeliveryKind
from storage.units import units_by_parent

LONGEST_NAME = 34  # so that "_named" fits after it


@dataclass(frozen=True)
class Audience:
    """Who is asked and when, and who is left alone and why, by person id; and where each of them belongs."""

    homes: dict[int, Home]
    when: dict[int, datetime]
    left_alone: dict[int, LeftAlone]

    def without(self, people: set[int], reason: LeftAlone) -> "Audience":
        """The same with these people left alone for another reason."""
        return replace(
            self,
            when={one: at for one, at in self.when.items() if one not in people},
            left_alone={**self.left_alone, **dict.fromkeys(people & self.when.keys(), reason)},
        )

    def only(self, people: set[int]) -> "Audience":
        return Audience(
            homes={one: home for one, home in self.homes.items() if one in people},
            when={one: at for one, at in self.when.items() if one in people},
            left_alone={one: why for one, why in self.left_alone.items() if one in people},
        )


def find_units(session: Session, flow: Flow) -> list[Unit]:
    """The units that get a run of their own: those at the top, or those the flow names by path."""
    active = select(Unit).where(col(Unit.active).is_(True), col(Unit.is_group).is_(False)).order_by(col(Unit.id))
    if flow.audience.units == "top":
        return list(session.exec(active.where(col(Unit.parent_id).is_(None))))
    return list(session.exec(active.where(col(Unit.path).in_(flow.audience.units))))


def open_runs_of(session: Session, parts: Parts, flow: Flow, unit: Unit, occurrence: Occurrence) -> list[Run]:
    """Open the run of one occurrence, or nothing where it has been opened already.

    Two runs come out only where a flow says `if_small: named`: then those in small units are asked by name.
    """
    assert unit.id is not None
    closes_at = find_deadline(flow, occurrence)
    if find_run(session, flow.name, unit.id, occurrence.local_date, occurrence.slot, occurrence.zone) is not None:
        return []
    addresses = addresses_by_person(session, parts.channels)
    audience = find_audience(session, parts, flow, unit.id, occurrence.at, closes_at, addresses)
    if flow.kind is Kind.named:
        audience = _leave_unread_alone(session, audience)
    if not flow.kind.is_sealed:
        return [_open(session, parts, flow, unit.id, occurrence, closes_at, audience, addresses, None)]
    parents = units_by_parent(session)
    named: list[Run] = []
    if flow.if_small != "merge":
        small = _small_units(parents, unit.id, audience)
        people = {one for one, home in audience.homes.items() if home.unit_id in small}
        if flow.if_small == "named" and people:
            part = _leave_unread_alone(session, audience.only(people))
            named = [_open(session, parts, _as_named(flow), unit.id, occurrence, closes_at, part, addresses, None)]
            audience = audience.only(audience.homes.keys() - people)
        audience = audience.without(people, LeftAlone.too_small)
    partition = divide(parents, unit.id, _count_invited(audience))
    if partition.is_too_small:
        audience = audience.without(set(audience.when), LeftAlone.too_small)
    return [*named, _open(session, parts, flow, unit.id, occurrence, closes_at, audience, addresses, partition)]


def find_audience(
    session: Session,
    parts: Parts,
    flow: Flow,
    unit_id: int,
    at: datetime,
    closes_at: datetime,
    addresses: dict[int, Address],
) -> Audience:
    """Everybody with a home in the unit or below it, asked at a moment of their own or left alone for a reason."""
    below = set(session.exec(select(UnitBelow.below_id).where(UnitBelow.above_id == unit_id)))
    homes = {home.person_id: home for home in home_memberships(session, at.date()) if home.unit_id in below}
    if flow.audience.people == "leaders":
        leaders = set(session.exec(select(Role.person_id).where(Role.name == RoleName.leader)))
        homes = {one: home for one, home in homes.items() if one in leaders}
    discussed = units_discussed(session, flow.name, at.date()) if flow.about_staff else None
    known = calendars(session, list(homes), at.date())
    asked = asked_since(session, at - timedelta(days=parts.budget.days))
    when: dict[int, datetime] = {}
    left_alone: dict[int, LeftAlone] = {}
    for person_id, home in homes.items():
        answer: datetime | LeftAlone
        if known[person_id].declined:
            answer = LeftAlone.declined
        elif discussed is not None and (home.unit_id, home.employer) not in discussed:
            answer = LeftAlone.not_discussed
        elif person_id not in addresses:
            answer = LeftAlone.unreachable
        else:
            lately = tuple(asked.get(person_id, ()))
            answer = _decide(at, closes_at, known[person_id], lately, parts, flow)
        if isinstance(answer, LeftAlone):
            left_alone[person_id] = answer
        else:
            when[person_id] = answer
    return Audience(homes, when, left_alone)


def _decide(
    at: datetime,
    closes_at: datetime,
    calendar: Calendar,
    lately: tuple[tuple[datetime, float], ...],
    parts: Parts,
    flow: Flow,
) -> datetime | LeftAlone:
    return decide_when(at, closes_at, calendar, lately, parts.budget, flow.minutes, flow.if_over_budget)


def _open(
    session: Session,
    parts: Parts,
    flow: Flow,
    unit_id: int,
    occurrence: Occurrence,
    closes_at: datetime,
    audience: Audience,
    addresses: dict[int, Address],
    partition: Partition | None,
) -> Run:
    run = Run(
        flow=flow.name,
        unit_id=unit_id,
        local_date=occurrence.local_date,
        slot=occurrence.slot,
        zone=occurrence.zone,
        kind=flow.kind,
        frozen=flow.to_json(),
        flow_hash=flow.hash,
        partition=partition.to_json() if partition else None,
        opens_at=occurrence.at,
        remind_at=find_reminder(flow, occurrence.at, occurrence.zone, 0),
        closes_at=closes_at,
    )
    session.add(run)
    session.flush()
    assert run.id is not None
    if flow.kind.is_sealed:
        run.public_key = parts.keys.make_run_key(run.id)
    readers = find_readers(session, audience.homes) if flow.kind is Kind.named else {}
    buckets = {unit: bucket.id for bucket in partition.buckets for unit in bucket.units} if partition else {}
    add_participations(
        session,
        [
            {
                "run_id": run.id,
                "person_id": person_id,
                "unit_id": audience.homes[person_id].unit_id,
                "bucket": buckets.get(audience.homes[person_id].unit_id),
                "reader_id": readers.get(person_id),
                "answered": False,
            }
            for person_id in audience.when
        ],
    )
    add_left_alone(session, run.id, audience.left_alone)
    enqueue(session, f"run:{run.id}", DeliveryKind.question, audience.when, addresses)
    log.append(session, occurrence.at, "medvirk", "run opened", f"run:{run.id}")
    return run


def find_deadline(flow: Flow, occurrence: Occurrence) -> datetime:
    """When the run of this occurrence closes: at the same wall clock, whatever clocks have done in between."""
    return add_days(occurrence.at, flow.deadline_days, occurrence.zone)


def find_reminder(flow: Flow, opened_at: datetime, zone: str, sent: int) -> datetime | None:
    """When the next reminder is due after `sent` of them: never at a weekend; None when there are no more."""
    if sent >= len(flow.remind_after_days):
        return None
    return move_off_weekend(add_days(opened_at, sorted(flow.remind_after_days)[sent], zone), zone)


def find_readers(session: Session, homes: dict[int, Home]) -> dict[int, int]:
    """For each person the leader who reads their named answers: the nearest one upwards who is not the person."""
    parents = units_by_parent(session)
    leaders: dict[int, list[int]] = {}
    for unit_id, person_id in session.exec(
        select(Role.unit_id, Role.person_id).where(Role.name == RoleName.leader).order_by(col(Role.person_id))
    ):
        leaders.setdefault(unit_id, []).append(person_id)
    readers: dict[int, int] = {}
    for person_id, home in homes.items():
        unit: int | None = home.unit_id
        while unit is not None:
            others = [one for one in leaders.get(unit, []) if one != person_id]
            if others:
                readers[person_id] = others[0]
                break
            unit = parents.get(unit)
    return readers


def _count_invited(audience: Audience) -> dict[int, int]:
    return dict(Counter(audience.homes[one].unit_id for one in audience.when))


def _small_units(parents: dict[int, int | None], root: int, audience: Audience) -> set[int]:
    """Units whose own people are too few to be asked anonymously by themselves."""
    minimum = divide(parents, root, {}).minimum
    return {unit for unit, invited in _count_invited(audience).items() if invited < minimum}


def _as_named(flow: Flow) -> Flow:
    """The flow as small units are asked it: another promise, so another flow, under a name of its own."""
    name = f"{flow.name[:LONGEST_NAME]}_named"
    return Flow.model_validate({**flow.to_json(), "name": name, "kind": Kind.named, "seen_by": ["leader"]})


def _leave_unread_alone(session: Session, audience: Audience) -> Audience:
    """An answer with a name goes to a leader; without one above, nobody could read it."""
    unread = set(audience.when) - find_readers(session, audience.homes).keys()
    return audience.without(unread, LeftAlone.nobody_to_read)
