"""The audience of a run: who is asked and when, who is left alone and why, and who reads a named answer."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache, partial

from sqlmodel import Session, select

from bot.parts import Parts
from flows.attention import Budget, Lately, LeftAlone, decide_when
from flows.calendars import Calendar
from flows.model import Flow
from flows.schedule import Occurrence
from storage.addresses import people_reached
from storage.discussions import units_discussed
from storage.people import Home, home_memberships, people_by_calendar
from storage.polls import FROM_DIRECTORIES, people_within
from storage.readers import nearest_leaders
from storage.runs import asked_since
from storage.tables import Role, UnitBelow
from storage.tables.organisation import MembershipKind, RoleName


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


def find_audience(
    session: Session,
    parts: Parts,
    flow: Flow,
    unit_id: int,
    occurrence: Occurrence,
    begins_at: datetime,
    closes_at: datetime,
) -> Audience:
    """Everybody with a home in the unit or below it, and within what the flow names, asked at a moment of their own
    from `begins_at` on and before `closes_at`, or left alone for a reason."""
    below = set(session.exec(select(UnitBelow.below_id).where(UnitBelow.above_id == unit_id)))
    homes = {home.person_id: home for home in home_memberships(session, occurrence.local_date) if home.unit_id in below}
    if flow.audience.people == "leaders":
        leaders = set(session.exec(select(Role.person_id).where(Role.name == RoleName.leader)))
        homes = {one: home for one, home in homes.items() if one in leaders}
    if flow.audience.within:
        # Who is in a group by a chat alone is asked by a group's poll, and by nothing else.
        kinds = tuple(MembershipKind) if flow.asked_by else FROM_DIRECTORIES
        belonging = people_within(session, flow.audience.within, occurrence.local_date, kinds=kinds)
        homes = {one: home for one, home in homes.items() if one in belonging}
    starts = dict.fromkeys(homes, begins_at)
    return decide_audience(session, parts, flow, homes, starts, occurrence.local_date, closes_at)


def decide_audience(
    session: Session,
    parts: Parts,
    flow: Flow,
    homes: dict[int, Home],
    starts: Mapping[int, datetime],
    on: date,
    closes_at: datetime,
) -> Audience:
    """These people, each asked at the first moment of their own from `starts`, or left alone for a reason. `on`: the
    local day whose leave and recorded discussions count."""
    opens_at = min(starts.values(), default=closes_at)
    discussed = units_discussed(session, flow.discussed_as or flow.name, on) if flow.about_staff else None
    reached = people_reached(session, parts.channels)
    asked = asked_since(session, opens_at - timedelta(days=parts.budget.days))
    decided: dict[int, datetime | LeftAlone] = {}
    declined: list[int] = []
    for calendar, alike in people_by_calendar(session, homes, on).items():
        # Those who are at work at the same time and were asked the same lately share one decision.
        decide = cache(partial(_decide, parts.budget, flow, calendar, closes_at))
        decided.update((one, decide(starts[one], asked.get(one, ()))) for one in alike)
        declined += alike if calendar.declined else ()
    # Of several reasons the weightiest is the one that is told.
    decided |= dict.fromkeys(homes.keys() - reached, LeftAlone.unreachable)
    if discussed is not None:
        not_discussed = [one for one, home in homes.items() if (home.unit_id, home.employer) not in discussed]
        decided |= dict.fromkeys(not_discussed, LeftAlone.not_discussed)
    decided |= dict.fromkeys(declined, LeftAlone.declined)
    return Audience(
        homes,
        when={one: at for one in homes if isinstance(at := decided[one], datetime)},
        left_alone={one: why for one in homes if isinstance(why := decided[one], LeftAlone)},
    )


def _decide(
    budget: Budget, flow: Flow, calendar: Calendar, closes_at: datetime, starts_at: datetime, lately: Lately
) -> datetime | LeftAlone:
    return decide_when(starts_at, closes_at, calendar, lately, budget, flow.minutes, flow.if_over_budget)


def find_readers(session: Session, homes: dict[int, Home], reader_id: int | None = None) -> dict[int, int]:
    """For each person the one who reads their named answers: `reader_id` where one reads them all, else the nearest
    leader upwards; never the person."""
    if reader_id is not None:
        return dict.fromkeys((one for one in homes if one != reader_id), reader_id)
    return {person_id: leaders[0] for person_id, leaders in nearest_leaders(session, homes).items()}


def leave_unread_alone(session: Session, audience: Audience, reader_id: int | None = None) -> Audience:
    """An answer with a name goes to somebody else, the leader or the one reader; without, nobody could read it."""
    unread = set(audience.when) - find_readers(session, audience.homes, reader_id).keys()
    return audience.without(unread, LeftAlone.nobody_to_read)
