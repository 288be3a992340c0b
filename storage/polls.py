"""Polls of groups: the questions asked of them, of who coordinates a group, and of who belongs where."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime

from sqlalchemy import or_
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, delete, select, update

from flows.polls import Begun
from storage.directory.natural import table_of
from storage.inserting import insert_missing
from storage.loading import is_among
from storage.runs import count_asked_by_unit, partition_of
from storage.tables import DeclaredPerson, Membership, Person, Poll, Role, Run, Unit, UnitBelow
from storage.tables.asking import RunState
from storage.tables.organisation import MembershipKind, RoleName
from storage.tables.polls import PollState


def groups_coordinated(session: Session, person_id: int) -> list[Unit]:
    """The active groups this person coordinates, by name."""
    return list(
        session.exec(
            select(Unit)
            .join(Role, col(Role.unit_id) == col(Unit.id))
            .where(Role.person_id == person_id, Role.name == RoleName.group_coordinator)
            .where(col(Unit.is_group), col(Unit.active))
            .order_by(col(Unit.name), col(Unit.id))
        )
    )


FROM_DIRECTORIES = tuple(one for one in MembershipKind if one is not MembershipKind.chat)


def people_within(
    session: Session, paths: Collection[str], on: date, *, kinds: Collection[MembershipKind] = tuple(MembershipKind)
) -> set[int]:
    """Everybody who belongs to one of these units or groups, or below, in one of these ways on that local date."""
    rows = session.exec(
        select(Membership.person_id)
        .where(col(Membership.kind).in_(list(kinds)))
        .join(UnitBelow, col(UnitBelow.below_id) == col(Membership.unit_id))
        .join(Unit, col(Unit.id) == col(UnitBelow.above_id))
        .where(col(Unit.path).in_(list(paths)))
        .where(or_(col(Membership.starts_on).is_(None), col(Membership.starts_on) <= on))
        .where(or_(col(Membership.ends_on).is_(None), col(Membership.ends_on) >= on))
    )
    return set(rows)


def people_in_group(session: Session, group: Unit, on: date) -> set[int]:
    """The active members of a group, and who coordinates it. Not those who are in it by a chat alone: there, others may
    be able to put themselves in."""
    assert group.id is not None
    members = people_within(session, [group.path], on, kinds=FROM_DIRECTORIES)
    coordinators = select(Role.person_id).where(Role.unit_id == group.id, Role.name == RoleName.group_coordinator)
    people = members | set(session.exec(coordinators))
    is_one = is_among(session.connection(), col(Person.id), people)
    active = session.exec(select(Person.id).where(is_one, col(Person.active)))
    return {one for one in active if one is not None}


def keep_draft(session: Session, group_id: int, person_id: int, begun: Begun, language: str, at: datetime) -> Poll:
    """Keep what somebody has composed for a group so far; a card they have not come to now stays as it was kept."""
    poll = draft_of(session, group_id, person_id)
    if poll is None:
        poll = Poll(group_id=group_id, composed_by=person_id, language=language, document={}, made_at=at)
    poll.document, poll.language, poll.made_at = {**poll.document, **begun.to_json()}, language, at
    session.add(poll)
    session.flush()
    return poll


def draft_of(session: Session, group_id: int, person_id: int) -> Poll | None:
    return session.exec(
        select(Poll).where(Poll.group_id == group_id, Poll.composed_by == person_id, Poll.state == PollState.draft)
    ).first()


def drop_draft(session: Session, group_id: int, person_id: int) -> None:
    draft = draft_of(session, group_id, person_id)
    if draft is not None:
        session.delete(draft)
        session.flush()


def claim(session: Session, poll: Poll) -> bool:
    """Take a draft to send it; False for all but the first who try."""
    claimed = session.execute(
        update(Poll).where(col(Poll.id) == poll.id, col(Poll.state) == PollState.draft).values(state=PollState.sent)
    )
    return bool(getattr(claimed, "rowcount", 0))


def polls_of(session: Session, group_id: int) -> list[tuple[Poll, Run]]:
    """What the group has sent, newest first."""
    rows = session.exec(
        select(Poll, Run)
        .join(Run, col(Run.id) == col(Poll.run_id))
        .where(Poll.group_id == group_id)
        .order_by(col(Run.opens_at).desc(), col(Run.id).desc())
    )
    return list(rows)


def keep_declared(session: Session, run_id: int, buckets: Mapping[int, int]) -> None:
    """Freeze whom a sealed poll is about: person id -> bucket."""
    rows = [{"run_id": run_id, "person_id": person, "bucket": bucket} for person, bucket in buckets.items()]
    insert_missing(session, DeclaredPerson, rows)


def polls_declared_since(session: Session, since: datetime) -> Iterator[dict[int, int]]:
    """Whom each sealed poll opened after `since` was about, whoever has asked: person id -> bucket."""
    declared = table_of(DeclaredPerson).c
    runs = session.exec(
        select(Poll.run_id)
        .join(Run, col(Run.id) == col(Poll.run_id))
        .where(Run.opens_at > since, Run.state != RunState.cancelled)
        .order_by(col(Poll.run_id))
    )
    for run_id in runs.all():
        query = select_columns(declared.person_id, declared.bucket).where(declared.run_id == run_id)
        yield dict(session.connection().execute(query).all())  # 50,000 rows a poll: no objects are made of them


def forget_declared_before(session: Session, at: datetime) -> None:
    """Whom polls were about that opened by `at`, and those that were given up."""
    is_over = or_(col(Run.opens_at) <= at, col(Run.state) == RunState.cancelled)
    session.exec(delete(DeclaredPerson).where(col(DeclaredPerson.run_id).in_(select(Run.id).where(is_over))))


def poll_of_run(session: Session, run_id: int) -> Poll | None:
    return session.exec(select(Poll).where(Poll.run_id == run_id)).first()


def delete_drafts_before(session: Session, at: datetime) -> None:
    """Drafts older than `at`, and those of people who are forgotten."""
    is_old = or_(col(Poll.made_at) < at, col(Poll.composed_by).is_(None))
    session.exec(delete(Poll).where(col(Poll.state) == PollState.draft, is_old))


def places(session: Session) -> list[Unit]:
    """All active units and groups, by path."""
    return list(session.exec(select(Unit).where(col(Unit.active)).order_by(col(Unit.path))))


def units_polled_between(session: Session, after: datetime, until: datetime) -> list[tuple[int, set[int]]]:
    """The polls closed at after < closed_at <= until, each with the home units of those who were asked."""
    closed_at = col(Run.closed_at)
    runs = session.exec(
        select(Run)
        .join(Poll, col(Poll.run_id) == col(Run.id))
        .where(closed_at > after, closed_at <= until)
        .order_by(closed_at, col(Run.id))
    )
    return [(run.id, _units_asked(session, run)) for run in runs if run.id is not None]


def _units_asked(session: Session, run: Run) -> set[int]:
    """From the frozen partition where there is one: who was asked is forgotten when an anonymous run closes. Nobody was
    where it is too small."""
    partition = partition_of(run)
    if partition is not None and partition.is_too_small:
        return set()
    if partition is not None:
        return {unit for bucket in partition.buckets for unit in bucket.units}
    return set(count_asked_by_unit(session, run.id or 0))


def coordinators_by_run(session: Session, run_ids: Collection[int]) -> dict[int, set[int]]:
    """For each of these runs that is a poll, those who coordinate the group that asked, as the roles are now."""
    found: dict[int, set[int]] = {}
    is_coordinator = (col(Role.unit_id) == col(Poll.group_id)) & (col(Role.name) == RoleName.group_coordinator)
    rows = session.exec(
        select(Poll.run_id, Role.person_id)
        .join(Role, is_coordinator, isouter=True)
        .where(is_among(session.connection(), col(Poll.run_id), run_ids))
    )
    for run_id, person_id in rows:
        if run_id is not None:
            found.setdefault(run_id, set()).update(() if person_id is None else (person_id,))
    return found
