"""Whether and when one person may be asked: own hours, leave, pause, and what was asked of them lately."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

from flows.calendars import Calendar, find_working_moment
from flows.schedule import add_days

DAYS_TO_ANSWER_AFTER_WAITING = 1
FEWEST_COUNTED = 5  # nobody else is told that one person has said no, takes a pause, or is asked at night

Lately = tuple[tuple[datetime, float], ...]  # (asked_at, minutes) of what other flows asked or will ask somebody


class LeftAlone(StrEnum):
    """Why a person in the audience is not asked. Runs keep these codes, so none ever changes its meaning."""

    declined = "declined"
    """The person said "don't ask me"; every flow respects it."""
    paused = "paused"
    """The person takes a pause that leaves no working moment before the deadline."""
    away = "away"
    """The person is on leave, and no working moment is left before the deadline."""
    asked_enough = "asked_enough"
    """This flow would go over the budget of all flows, and it does not wait, or would wait too long."""
    too_small = "too_small"
    """Too few would be asked for an anonymous answer to stay anonymous, and the flow skips small groups."""
    not_discussed = "not_discussed"
    """The flow needs a discussion with representatives, and none is recorded for the person's employer."""
    unreachable = "unreachable"
    """No channel that is on has an address that reaches the person."""
    nobody_to_read = "nobody_to_read"
    """The answer would go to the person's leader by name, and no leader stands above the person."""
    no_time_before_deadline = "no_time_before_deadline"
    """Own hours alone, without holidays, leave or pause, leave no moment before the deadline."""
    no_shift = "no_shift"
    """The roster has no shift before the deadline on which the person could be asked; own hours would have had one."""
    holiday = "holiday"
    """Public holidays leave no moment of own hours before the deadline."""


@dataclass(frozen=True)
class Asked:
    """What all flows together have asked one person in the budget's days: questions, and their minutes."""

    lately: int
    minutes: float


@dataclass(frozen=True)
class Budget:
    """What all flows together may ask one person in `days` days (the asking rules: attention is shared)."""

    questions: int = 3
    minutes: float = 5.0
    days: int = 30

    def count_asked(self, lately: Lately, at: datetime) -> Asked:
        """What still counts at `at` of (asked_at, minutes); what is planned for later counts too."""
        since = at - timedelta(days=self.days)
        counted = [minutes for asked_at, minutes in lately if asked_at > since]
        return Asked(lately=len(counted), minutes=sum(counted))

    def has_room(self, asked: Asked, minutes: float) -> bool:
        """Whether one more question of `minutes` fits beside what was asked."""
        rounding = 1e-9  # 0.1 + 0.2 is more than 0.3
        return asked.lately < self.questions and asked.minutes + minutes <= self.minutes + rounding


def decide_when(
    at: datetime,
    deadline: datetime,
    calendar: Calendar,
    lately: Lately,
    budget: Budget,
    minutes_of_flow: float,
    if_over_budget: Literal["wait", "skip"],
) -> datetime | LeftAlone:
    """The first moment (UTC, at <= moment < deadline) to ask the person, or why they are left alone.

    The budget is judged at the moment of asking. "wait" looks for the first working moment at which enough of it is
    the budget's days old and a day is left to answer; "skip" does not wait. (The asking rules: attention is shared.)
    """
    if calendar.declined:
        return LeftAlone.declined
    moment = find_working_moment(calendar, at, deadline)
    if moment is None:
        return _explain_no_moment(calendar, at, deadline)
    if budget.has_room(budget.count_asked(lately, moment), minutes_of_flow):
        return moment
    if if_over_budget == "skip":
        return LeftAlone.asked_enough
    for free_at in sorted(asked_at + timedelta(days=budget.days) for asked_at, _ in lately):
        if budget.has_room(budget.count_asked(lately, free_at), minutes_of_flow):
            latest = add_days(deadline, -DAYS_TO_ANSWER_AFTER_WAITING, calendar.zone)
            later = find_working_moment(calendar, free_at, latest + timedelta.resolution)
            return LeftAlone.asked_enough if later is None else later
    return LeftAlone.asked_enough


def _explain_no_moment(calendar: Calendar, at: datetime, deadline: datetime) -> LeftAlone:
    """The first of hours, roster, holidays, pause and leave, in this order, with which no working moment is left."""
    on_holidays = replace(calendar, away=(), paused_until=None, days_off=frozenset())
    if find_working_moment(on_holidays, at, deadline) is None:
        by_hours = find_working_moment(replace(on_holidays, rostered=()), at, deadline)
        return LeftAlone.no_time_before_deadline if by_hours is None else LeftAlone.no_shift
    if find_working_moment(replace(calendar, away=(), paused_until=None), at, deadline) is None:
        return LeftAlone.holiday
    if find_working_moment(replace(calendar, away=()), at, deadline) is None:
        return LeftAlone.paused
    return LeftAlone.away
