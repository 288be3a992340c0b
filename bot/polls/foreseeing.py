"""A poll before it is sent: who may be asked, what it costs, what the group will probably see, what forbids it.

Looking is free and may be repeated with one audience after another, and who composes may say "don't ask me" and take it
back to find the edge of any rounding. So nothing here hangs on who is left alone, on leave or in a pause: all is worked
out from whom the poll names and whose employer has discussed polls, which everybody knows.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlmodel import Session, select

from bot.parts import Parts
from bot.polls.making import make_flow
from bot.polls.turns import Wait, find_wait
from bot.rounds.promises import threshold_of
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
from storage.tables import Role, Unit
from storage.tables.organisation import RoleName
from storage.units import units_below, units_by_parent

TOO_SMALL = "poll.problem.too_small"


@dataclass(frozen=True)
class Foreseen:
    """What would happen. `root`: the lowest unit that has everybody below it; `problems`: why it may not be sent;
    `declared`: how many people the poll is for; `discussed`: those of them whose employer has discussed polls;
    `may_be_asked`: how many are asked where nobody is left alone;
    `counted`: those of them whom figures are about, each with their bucket; `wait`: what the group must wait for first;
    `budget`: what all flows together may ask one person."""

    flow: Flow
    occurrence: Occurrence
    problems: tuple[Unreadable, ...]
    root: Unit | None = None
    partition: Partition | None = None
    prospects: tuple[Prospect, ...] = ()
    declared: int = 0
    discussed: int = 0
    may_be_asked: int = 0
    counted: Mapping[int, int] = field(default_factory=dict)
    wait: Wait | None = None
    budget: Budget = field(default_factory=Budget)

    @property
    def minutes(self) -> float:
        """What it costs all who may be asked, together."""
        return self.may_be_asked * self.flow.minutes

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
    discussed = find_discussed(session, declared, day)
    partition, counted, may_be_asked = None, dict[int, int](), len(discussed)
    if flow.kind.is_sealed:
        partition = divide(units_by_parent(session), root.id, _count_by_unit(declared, discussed))
        counted = {one: partition.bucket_of(home.unit_id) or 0 for one, home in discussed.items()}
    else:
        may_be_asked = len(discussed.keys() - {person_id})  # nobody answers to themselves
    prospects = find_prospects(partition, find_questions(flow), threshold_of(flow)) if partition else ()
    wait = find_wait(session, group.id or 0, at)
    problems = (*((wait.problem,) if wait else ()), *_find_problems(session, may_be_asked, partition, counted, at))
    return Foreseen(
        flow,
        occurrence,
        problems,
        root,
        partition,
        prospects,
        declared=len(declared),
        discussed=len(discussed),
        may_be_asked=may_be_asked,
        counted=counted,
        wait=wait,
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


def find_discussed(session: Session, declared: Mapping[int, Home], on: date) -> dict[int, Home]:
    """Those whose employer has discussed polls. The others are not asked, and everybody knows that no answer is
    theirs."""
    discussed = units_discussed(session, POLL, on)
    return {one: home for one, home in declared.items() if (home.unit_id, home.employer) in discussed}


def _count_by_unit(declared: Mapping[int, Home], discussed: Mapping[int, Home]) -> dict[int, int]:
    """By home unit those who may be asked; also units where nobody may, as 0: they are divided like any other."""
    homes = {home.unit_id for home in declared.values()}
    return dict.fromkeys(homes, 0) | Counter(home.unit_id for home in discussed.values())


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


def _find_problems(
    session: Session, may_be_asked: int, partition: Partition | None, counted: Mapping[int, int], at: datetime
) -> Iterator[Unreadable]:
    if not may_be_asked:
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
