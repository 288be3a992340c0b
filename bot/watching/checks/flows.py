"""Checks of the flows: they load, and the discussions that must be recorded before they open."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

from sqlmodel import Session, col, select

from bot.app import find_all_flows
from bot.counting import count
from bot.rounds.opening import find_units
from bot.watching.findings import Finding, Ground, look, ok, wrong
from flows.model import Flow
from flows.polls import POLL
from storage.discussions import units_discussed
from storage.people import Home, home_memberships
from storage.tables import Role, UnitBelow
from storage.tables.organisation import RoleName


def check_flows(ground: Ground) -> Iterator[Finding]:
    flows, problems = find_all_flows(ground.settings)
    yield from (wrong("flows", str(problem)) for problem in problems)
    if not problems:
        yield ok("flows", f"{len(flows)} can be used: {', '.join(sorted(flows))}")


def check_discussions(ground: Ground) -> Iterator[Finding]:
    """Who is not asked because nothing is recorded: by employer, with the flows."""
    if ground.store is None:
        return
    flows, _ = find_all_flows(ground.settings)
    found = ground.read(lambda session: list(_find_missing(session, flows.values(), ground.at.date())))
    missing = defaultdict[tuple[str, int], list[str]](list)
    for flow, employer, people in found:
        missing[employer, people].append(flow)
    for (employer, people), unrecorded in missing.items():
        yield look(
            "discussions",
            f"none is recorded that covers {count(people, 'person', 'people')} at {employer}, so they are not asked by "
            f"{', '.join(unrecorded)}; see medvirk discussion record --help",
        )
    if not missing:
        yield ok("discussions", "recorded for every flow about staff and every employer")


def _find_missing(session: Session, flows: Iterable[Flow], on: date) -> Iterator[tuple[str, str, int]]:
    homes = home_memberships(session, on)
    for flow in sorted(flows, key=lambda flow: flow.name):
        if flow.about_staff:
            units = _units_below(session, [unit.id or 0 for unit in find_units(session, flow)])
            yield from _count_missing(session, flow.name, [one for one in homes if one.unit_id in units], on)
    if session.exec(select(Role.id).where(Role.name == RoleName.group_coordinator)).first() is not None:
        yield from _count_missing(session, POLL, homes, on)


def _count_missing(session: Session, flow: str, homes: list[Home], on: date) -> Iterator[tuple[str, str, int]]:
    discussed = units_discussed(session, flow, on)
    missing = Counter(one.employer for one in homes if (one.unit_id, one.employer) not in discussed)
    yield from ((flow, employer, people) for employer, people in sorted(missing.items()))


def _units_below(session: Session, units: list[int]) -> set[int]:
    return set(session.exec(select(UnitBelow.below_id).where(col(UnitBelow.above_id).in_(units))))
