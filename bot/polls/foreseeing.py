"""A poll before it is sent: who would be asked, what it costs, what the group will probably see, what forbids it."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session, select

from bot.audience import Audience, find_audience, leave_unread_alone
from bot.opening import find_deadline
from bot.parts import Parts
from bot.polls.making import make_flow
from bot.promises import threshold_of
from flows.model import Flow
from flows.partition import Partition, divide
from flows.polls import Composed, leaves_few
from flows.prospects import Prospect, find_prospects
from flows.questions import find_questions
from flows.schedule import Occurrence, find_moment, local_day, read_local
from flows.values import Unreadable
from storage.people import home_memberships
from storage.polls import people_within, places, poll_of_run, runs_polled_since
from storage.runs import flow_of
from storage.tables import Role, Run, Unit
from storage.tables.asking import RunState
from storage.tables.organisation import RoleName
from storage.units import units_below, units_by_parent

MOST_A_MONTH = 2
MONTH = timedelta(days=30)
COMPARED_FOR = timedelta(days=90)  # with what was asked so lately, figures could be subtracted


@dataclass(frozen=True)
class Foreseen:
    """What would happen. `root`: the lowest unit that has everybody below it; `problems`: why it may not be sent."""

    flow: Flow
    root: Unit | None
    occurrence: Occurrence
    audience: Audience
    partition: Partition | None
    prospects: tuple[Prospect, ...]
    problems: tuple[Unreadable, ...]

    @property
    def minutes(self) -> float:
        """What it costs all who are asked, together."""
        return len(self.audience.when) * self.flow.minutes


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
    assert group.id is not None
    paths = [one.path for one in places(session) if one.id in composed.places]
    flow = make_flow(composed, poll_id, group.name, paths, language)
    zone = group.zone or parts.settings.zone
    local = read_local(at, zone).replace(second=0, microsecond=0)
    occurrence = Occurrence(local.date(), f"{local:%H:%M}", zone, find_moment(local, zone))
    declared = find_declared(session, flow, local_day(at, zone))
    root = _find_root(session, declared.values())
    if root is None or root.id is None:
        problem = Unreadable("poll.problem.nobody")
        return Foreseen(flow, None, occurrence, Audience({}, {}, {}), None, (), (problem,))
    deadline = find_deadline(flow, occurrence)
    audience = find_audience(session, parts, flow, root.id, occurrence, at, deadline)
    partition = None
    if flow.kind.is_sealed:
        invited = Counter(audience.homes[one].unit_id for one in audience.when)
        partition = divide(units_by_parent(session), root.id, invited)
    else:
        audience = leave_unread_alone(session, audience, person_id)
    prospects = find_prospects(partition, find_questions(flow), threshold_of(flow)) if partition else ()
    problems = _find_problems(session, group.id, person_id, flow, set(declared), audience, partition, at)
    return Foreseen(flow, root, occurrence, audience, partition, prospects, tuple(problems))


def find_declared(session: Session, flow: Flow, on: date) -> dict[int, int]:
    """Everybody a poll's flow names, as things stand on that day: person id -> home unit. Whoever is on leave or has
    said "don't ask me" is among them: what others could work out does not hang on that."""
    belonging = people_within(session, flow.audience.within, on)
    homes = {home.person_id: home.unit_id for home in home_memberships(session, on) if home.person_id in belonging}
    if flow.audience.people == "leaders":
        leaders = set(session.exec(select(Role.person_id).where(Role.name == RoleName.leader)))
        return {one: unit for one, unit in homes.items() if one in leaders}
    return homes


def _find_problems(
    session: Session,
    group_id: int,
    person_id: int,
    flow: Flow,
    declared: set[int],
    audience: Audience,
    partition: Partition | None,
    at: datetime,
) -> list[Unreadable]:
    lately = runs_polled_since(session, at - COMPARED_FOR, group_id, person_id)
    problems = _find_limits(_only_of(session, lately, group_id), at)
    if not audience.when:
        problems.append(Unreadable("poll.problem.nobody_now"))
    elif partition is not None and partition.is_too_small:
        problems.append(Unreadable("poll.problem.too_small", least=partition.minimum))
    elif flow.kind.is_sealed and leaves_few(declared, _find_earlier(session, lately, at)):
        problems.append(Unreadable("poll.problem.too_near"))
    return problems


def _only_of(session: Session, runs: Sequence[Run], group_id: int) -> list[Run]:
    """Those of these runs that this very group has asked."""
    return [run for run in runs if (poll := poll_of_run(session, run.id or 0)) and poll.group_id == group_id]


def _find_limits(runs: Sequence[Run], at: datetime) -> list[Unreadable]:
    if any(run.state == RunState.open for run in runs):
        return [Unreadable("poll.problem.one_open")]
    if sum(run.opens_at > at - MONTH for run in runs) >= MOST_A_MONTH:
        return [Unreadable("poll.problem.enough", count=MOST_A_MONTH)]
    return []


def _find_earlier(session: Session, runs: Sequence[Run], at: datetime) -> list[set[int]]:
    sealed = [run for run in runs if flow_of(run).kind.is_sealed]
    return [set(find_declared(session, flow_of(run), local_day(at, run.zone))) for run in sealed]


def _find_root(session: Session, homes: Collection[int]) -> Unit | None:
    """The lowest unit with all these homes at or below it; None where there is none."""
    wanted, below = set(homes), units_below(session)
    over = [unit for unit, units in below.items() if wanted and wanted <= units]
    return session.get(Unit, min(over, key=lambda unit: (len(below[unit]), unit))) if over else None
