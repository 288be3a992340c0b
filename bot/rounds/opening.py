"""Opening a run: everything that decides what is asked and shown is frozen, and the questions are queued."""

from collections import Counter
from datetime import datetime
from functools import cache

from sqlmodel import Session, col, select

from bot.parts import Parts
from bot.rounds.audience import Audience, find_audience, find_readers, leave_unread_alone
from bot.rounds.deadlines import find_deadline
from bot.rounds.reminders import find_reminders
from flows.attention import LeftAlone
from flows.model import Flow, Kind
from flows.partition import Partition, divide
from flows.schedule import Occurrence
from storage import log
from storage.outbox.planning import Place, plan_run
from storage.runs import find_run
from storage.tables import Run, Unit
from storage.units import units_by_parent

LONGEST_NAME = 34  # so that "_named" fits after it


def find_units(session: Session, flow: Flow) -> list[Unit]:
    """The units that get a run of their own: those at the top, or those the flow names by path."""
    active = select(Unit).where(col(Unit.active).is_(True), col(Unit.is_group).is_(False)).order_by(col(Unit.id))
    if flow.audience.units == "top":
        return list(session.exec(active.where(col(Unit.parent_id).is_(None))))
    return list(session.exec(active.where(col(Unit.path).in_(flow.audience.units))))


def open_runs_of(
    session: Session,
    parts: Parts,
    flow: Flow,
    unit: Unit,
    occurrence: Occurrence,
    at: datetime | None = None,
    reader_id: int | None = None,
    lines: Partition | None = None,
) -> list[Run]:
    """Open the run of one occurrence, or nothing where it has been opened already. `at` is now, where that is later
    than the occurrence: after a standstill nobody can be asked in the time that has passed. `reader_id` reads all
    answers with a name, where that is not each person's leader. `lines`: the buckets, where they were shown before the
    run opens, and must not show who is left alone.

    Two runs come out only where a flow says `if_small: named`: then those in small units are asked by name.
    """
    assert unit.id is not None
    closes_at = find_deadline(parts, flow, occurrence)
    if find_run(session, flow.name, unit.id, occurrence.local_date, occurrence.slot, occurrence.zone) is not None:
        return []
    begins_at = occurrence.at if at is None else max(at, occurrence.at)
    audience = find_audience(session, parts, flow, unit.id, occurrence, begins_at, closes_at)
    if flow.kind is Kind.named:
        audience = leave_unread_alone(session, audience, reader_id)
    if not flow.kind.is_sealed:
        return [open_run(session, parts, flow, unit.id, occurrence, closes_at, audience, None, reader_id)]
    parents = units_by_parent(session)
    named: list[Run] = []
    if flow.if_small != "merge":
        small = _small_units(parents, unit.id, audience)
        people = {one for one, home in audience.homes.items() if home.unit_id in small}
        if flow.if_small == "named" and people:
            part = leave_unread_alone(session, audience.only(people))
            named = [open_run(session, parts, _as_named(flow), unit.id, occurrence, closes_at, part, None)]
            audience = audience.only(audience.homes.keys() - people)
        audience = audience.without(people, LeftAlone.too_small)
    invited = count_invited(audience)
    partition = lines.with_invited(invited) if lines else divide(parents, unit.id, invited)
    if partition.is_too_small:
        audience = audience.without(set(audience.when), LeftAlone.too_small)
    return [*named, open_run(session, parts, flow, unit.id, occurrence, closes_at, audience, partition)]


def open_run(
    session: Session,
    parts: Parts,
    flow: Flow,
    unit_id: int,
    occurrence: Occurrence,
    closes_at: datetime,
    audience: Audience,
    partition: Partition | None,
    reader_id: int | None = None,
) -> Run:
    """Freeze one run with its audience, and queue its questions. `partition` where its answers become figures."""
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
        remind_at=next(iter(find_reminders(flow, occurrence.at, occurrence.zone)), None),
        closes_at=closes_at,
    )
    session.add(run)
    session.flush()
    assert run.id is not None
    if flow.kind.is_sealed:
        run.public_key = parts.keys.make_run_key(run.id)
    readers = find_readers(session, audience.homes, reader_id) if flow.kind is Kind.named else {}
    buckets = {unit: bucket.id for bucket in partition.buckets for unit in bucket.units} if partition else {}
    make_place = cache(lambda home, reader: Place(home, buckets.get(home), reader))  # whole units share one
    places = {one: make_place(audience.homes[one].unit_id, readers.get(one)) for one in audience.when}
    plan_run(session, run.id, audience.when, places, audience.left_alone, parts.channels)
    log.append(session, occurrence.at, "medvirk", "run opened", f"run:{run.id}")
    return run


def count_invited(audience: Audience) -> dict[int, int]:
    """How many are asked by home unit."""
    return dict(Counter(audience.homes[one].unit_id for one in audience.when))


def _small_units(parents: dict[int, int | None], root: int, audience: Audience) -> set[int]:
    """Units whose own people are too few to be asked anonymously by themselves."""
    minimum = divide(parents, root, {}).minimum
    return {unit for unit, invited in count_invited(audience).items() if invited < minimum}


def _as_named(flow: Flow) -> Flow:
    """The flow as small units are asked it: another promise, so another flow, under a name of its own."""
    name = f"{flow.name[:LONGEST_NAME]}_named"
    return Flow.model_validate({**flow.to_json(), "name": name, "kind": Kind.named, "seen_by": ["leader"]})
