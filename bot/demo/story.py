"""What the demo tells about itself: what the bot did, whom it left alone and why, what comes next, and for whom."""

from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from bot.cards import Card, act_here
from bot.pages.demo_rendering import DemoGroup, DemoPerson, Done, LeftAlone
from bot.parts import Parts
from bot.reports import weekly
from bot.words import Words, words_in
from storage.runs import flow_of
from storage.tables import Delivery, Digest, LeftAlonePerson, Membership, Person, Role, Run, Unit
from storage.tables.asking import RunState
from storage.tables.organisation import MembershipKind, RoleName
from storage.tables.sending import DeliveryKind, DeliveryState

MOST_TOLD = 60


def find_last_digest(session: Session, parts: Parts, at: datetime) -> Card | None:
    """The last digest that a leader of a unit got, as text would show it: the one with most in it, of the last day."""
    last_day = session.exec(select(func.max(Digest.local_date))).one()
    digests = session.exec(select(Digest).where(Digest.local_date == last_day).order_by(col(Digest.id))).all()
    for_leaders = [one for one in digests if one.facts["role"] == RoleName.leader]
    if not for_leaders:
        return None
    fullest = max(for_leaders, key=lambda one: (len(one.facts["themes"]) + len(one.facts["runs"]), -(one.id or 0)))
    return weekly.words_of(weekly.figures(session, fullest), words_in("nb"), acting=act_here)


def tell_done(session: Session, words: Words, zone: str) -> tuple[Done, ...]:
    """What the bot did, newest first. Of reminders it tells that they went, never to how many."""
    told: list[tuple[datetime, str]] = []
    rows = session.exec(
        select(Delivery.sent_at, Delivery.kind, Delivery.about, func.count())
        .where(Delivery.state == DeliveryState.sent)
        .group_by(col(Delivery.sent_at), col(Delivery.kind), col(Delivery.about))
    )
    sums: dict[tuple[datetime, str, str], int] = {}
    for sent_at, kind, about, number in rows:
        what = about if kind in (DeliveryKind.question, DeliveryKind.result) else ""
        if sent_at is not None:
            sums[sent_at, kind, what] = sums.get((sent_at, kind, what), 0) + number
    for (sent_at, kind, about), number in sums.items():
        told.append((sent_at, words(f"demo.did.{kind}", count=number, title=_title(session, about, words))))
    for run in session.exec(select(Run)):
        title = flow_of(run).title.to(words.language)
        told.append((run.opens_at, words("demo.did.opened", title=title)))
        if run.closed_at is not None:
            is_given_up = run.state == RunState.cancelled
            ended = (
                words("demo.did.cancelled", title=title)
                if is_given_up
                else words(f"demo.did.closed_{run.kind}", title=title)
            )
            told.append((run.closed_at, ended))
    told.sort(key=lambda one: one[0], reverse=True)
    return tuple(Done(words.moment(at, zone), sentence) for at, sentence in told[:MOST_TOLD])


def _title(session: Session, about: str, words: Words) -> str:
    run = session.get(Run, int(about.partition(":")[2])) if about.startswith("run:") else None
    return flow_of(run).title.to(words.language) if run else ""


def tell_left_alone(session: Session, words: Words) -> tuple[LeftAlone, ...]:
    """Who was not asked in the newest run, and why."""
    newest = session.exec(select(func.max(Run.id))).one()
    rows = session.exec(
        select(Person.name, Unit.name, LeftAlonePerson.reason)
        .join(Person, col(Person.id) == col(LeftAlonePerson.person_id))
        .join(Membership, (col(Membership.person_id) == col(Person.id)) & (col(Membership.kind) == MembershipKind.home))
        .join(Unit, col(Unit.id) == col(Membership.unit_id))
        .where(LeftAlonePerson.run_id == newest)
        .order_by(col(Person.name))
    )
    return tuple(LeftAlone(name, unit, words(f"demo.left_alone.{reason}")) for name, unit, reason in rows)


def find_people(session: Session, words: Words) -> tuple[tuple[DemoGroup, ...], tuple[DemoGroup, ...]]:
    """A few people for each role to begin with, and everybody by unit."""
    homes = session.exec(
        select(Person, Unit.name, Unit.id)
        .join(Membership, col(Membership.person_id) == col(Person.id))
        .join(Unit, col(Unit.id) == col(Membership.unit_id))
        .where(Membership.kind == MembershipKind.home, col(Person.active).is_(True))
        .order_by(col(Unit.path), col(Person.name))
    ).all()
    roles: dict[int, list[str]] = {}
    for person_id, name in session.exec(select(Role.person_id, Role.name).order_by(col(Role.id))):
        roles.setdefault(person_id, []).append(name)
    people = {
        person.id: DemoPerson(str(person.id), person.name, _about(roles.get(person.id or 0, []), unit, words))
        for person, unit, _ in homes
    }
    by_unit: dict[str, list[DemoPerson]] = {}
    for person, unit, _ in homes:
        by_unit.setdefault(unit, []).append(people[person.id])
    shown = {"employee": [one.id for one, _, _ in homes if not roles.get(one.id or 0)]}
    for shown_role in (RoleName.leader, RoleName.representative, RoleName.coordinator, RoleName.group_coordinator):
        shown[shown_role.value] = [one.id for one, _, _ in homes if shown_role in roles.get(one.id or 0, [])]
    known = ["Amina", "Kari Lie", "Jonas Berg"]
    by_role = []
    for role, ids in shown.items():
        first = sorted(ids, key=lambda one: not any(name in people[one].name for name in known))
        by_role.append(DemoGroup(words(f"demo.role.{role}"), tuple(people[one] for one in first[:3])))
    groups = tuple(DemoGroup(unit, tuple(members)) for unit, members in by_unit.items())
    return tuple(by_role), groups


def _about(roles: list[str], unit: str, words: Words) -> str:
    said = [words(f"demo.role.{role}").lower() for role in dict.fromkeys(roles)]
    return ", ".join([*said, unit])
