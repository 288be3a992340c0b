"""A poll before it is sent: who would be asked, what it costs, what the group will probably see, what forbids it."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlmodel import Session, select

from bot.audience import Audience, find_audience, leave_unread_alone
from bot.deadlines import find_deadline
from bot.opening import count_invited
from bot.parts import Parts
from bot.polls.making import make_flow
from bot.polls.turns import Wait, find_wait
from bot.promises import threshold_of
from flows.attention import Budget
from flows.model import Flow
from flows.partition import Partition, divide
from flows.polls import COMPARED_FOR, FEWEST_DECLARED, FEWEST_OF_A_PLACE, POLL, Composed, makes_few
from flows.prospects import Prospect, find_prospects
from flows.questions import find_questions
from flows.schedule import Occurrence, find_moment, local_day, read_local
from flows.values import Unreadable
from storage.discussions import units_discussed
from storage.people import Home, home_memberships
from storage.polls import people_within, places, polls_declared_since
from storage.runs import asked_since
from storage.tables import Role, Unit
from storage.tables.organisation import RoleName
from storage.units import units_below, units_by_parent

TOO_SMALL = "poll.problem.too_small"


@dataclass(frozen=True)
class Foreseen:
    """What would happen. `root`: the lowest unit that has everybody below it; `problems`: why it may not be sent;
    `declared`: how many people the poll is for; `counted`: those of them whom figures are about, each with their
    bucket; `wait`: what the group must wait for first; `spent`: how many of those who are asked have then been asked
    all that `budget` lets. Where too few are chosen, nothing about who could be asked is found out."""

    flow: Flow
    occurrence: Occurrence
    problems: tuple[Unreadable, ...]
    root: Unit | None = None
    audience: Audience = field(default_factory=lambda: Audience({}, {}, {}))
    partition: Partition | None = None
    prospects: tuple[Prospect, ...] = ()
    declared: int = 0
    counted: Mapping[int, int] = field(default_factory=dict)
    wait: Wait | None = None
    spent: int = 0
    budget: Budget = field(default_factory=Budget)

    @property
    def minutes(self) -> float:
        """What it costs all who are asked, together."""
        return len(self.audience.when) * self.flow.minutes

    @property
    def is_too_small(self) -> bool:
        """Whether there are too few for any figures."""
        return any(one.key == TOO_SMALL for one in self.problems)


def foresee(
    session: Session,
    parts: Parts,
    group: Unit,
    person_id: int,
    poll_id: int,
    composed: Composed,
    language: str,
    at: datetime,
) -> Foreseen:
    """What sending this poll now would do. Nothing is changed."""
    chosen = [one for one in places(session) if one.id in composed.places]
    flow = make_flow(composed, poll_id, group.name, [one.path for one in chosen], language)
    zone = group.zone or parts.settings.zone
    local = read_local(at, zone).replace(second=0, microsecond=0)
    occurrence = Occurrence(local.date(), f"{local:%H:%M}", zone, find_moment(local, zone))
    day = local_day(at, zone)
    declared = find_declared(session, flow, day)
    root = _find_root(session, {one.unit_id for one in declared.values()})
    if root is None or root.id is None:
        return Foreseen(flow, occurrence, (Unreadable("poll.problem.nobody"),))
    if small := tuple(_find_small(session, flow, chosen, declared, day)):
        return Foreseen(flow, occurrence, small)
    audience = find_audience(session, parts, flow, root.id, occurrence, at, find_deadline(parts, flow, occurrence))
    partition, counted = None, dict[int, int]()
    if flow.kind.is_sealed:
        partition = divide(units_by_parent(session), root.id, count_invited(audience, where_nobody=True))
        counted = find_counted(session, partition, declared, day)
    else:
        audience = leave_unread_alone(session, audience, person_id)
    prospects = find_prospects(partition, find_questions(flow), threshold_of(flow)) if partition else ()
    wait = find_wait(session, group.id or 0, at)
    problems = (*((wait.problem,) if wait else ()), *_find_problems(session, audience, partition, counted, at))
    return Foreseen(
        flow,
        occurrence,
        problems,
        root,
        audience,
        partition,
        prospects,
        declared=len(declared),
        counted=counted,
        wait=wait,
        spent=_count_spent(session, parts.budget, flow, audience),
        budget=parts.budget,
    )


def find_declared(session: Session, flow: Flow, on: date) -> dict[int, Home]:
    """Everybody a poll's flow names, as things stand on that day: person id -> home. Whoever is on leave or has said
    "don't ask me" is among them: what others could work out does not hang on that."""
    belonging = people_within(session, flow.audience.within, on)
    homes = {home.person_id: home for home in home_memberships(session, on) if home.person_id in belonging}
    if flow.audience.people == "leaders":
        leaders = set(session.exec(select(Role.person_id).where(Role.name == RoleName.leader)))
        return {one: home for one, home in homes.items() if one in leaders}
    return homes


def find_counted(session: Session, partition: Partition, declared: Mapping[int, Home], on: date) -> dict[int, int]:
    """Those whom figures may be about: person id -> bucket. Not those whose employer has not discussed polls: everybody
    knows that no answer is theirs."""
    discussed = units_discussed(session, POLL, on)
    buckets = {one: partition.bucket_of(home.unit_id) for one, home in declared.items()}
    return {
        one: bucket
        for one, bucket in buckets.items()
        if bucket is not None and (declared[one].unit_id, declared[one].employer) in discussed
    }


def _find_small(
    session: Session, flow: Flow, chosen: Collection[Unit], declared: Mapping[int, Home], on: date
) -> Iterator[Unreadable]:
    """Where too few are chosen, by who belongs where alone: it must not tell who of them is left alone."""
    below = units_below(session)
    for place in chosen:
        others = (below.get(one.id or 0, set()) for one in chosen if one is not place)
        if any(place.id in other for other in others):
            continue
        if len(people_within(session, [place.path], on) & declared.keys()) < FEWEST_OF_A_PLACE:
            yield Unreadable("poll.problem.small_place", place=place.name, least=FEWEST_OF_A_PLACE)
    if flow.kind.is_sealed and len(declared) < FEWEST_DECLARED:
        yield Unreadable(TOO_SMALL, least=FEWEST_DECLARED)


def _count_spent(session: Session, budget: Budget, flow: Flow, audience: Audience) -> int:
    """How many of those who would be asked have then been asked all that they may be in their month."""
    first = min(audience.when.values(), default=None)
    asked = asked_since(session, first - timedelta(days=budget.days)) if first else {}
    lately = {one: budget.count_asked(asked.get(one, ()), moment) for one, moment in audience.when.items()}
    return sum(budget.is_spent_by(one, flow.minutes) for one in lately.values())


def _find_problems(
    session: Session, audience: Audience, partition: Partition | None, counted: Mapping[int, int], at: datetime
) -> Iterator[Unreadable]:
    if not audience.when:
        yield Unreadable("poll.problem.nobody_now")
    elif partition is not None and partition.is_too_small:
        yield Unreadable(TOO_SMALL, least=partition.minimum)
    elif partition is not None and makes_few(counted, polls_declared_since(session, at - COMPARED_FOR)):
        yield Unreadable("poll.problem.too_near", days=COMPARED_FOR.days)


def _find_root(session: Session, homes: Collection[int]) -> Unit | None:
    """The lowest unit with all these homes at or below it; None where there is none."""
    wanted, below = set(homes), units_below(session)
    over = [unit for unit, units in below.items() if wanted and wanted <= units]
    return session.get(Unit, min(over, key=lambda unit: (len(below[unit]), unit))) if over else None
