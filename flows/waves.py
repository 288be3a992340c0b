"""The waves of questions after a course: a flow as one course is asked it, and when each person is."""

from collections.abc import Collection
from datetime import date, datetime, time
from typing import Any

from flows.holidays import find_holidays
from flows.model import COURSE, Flow, Kind
from flows.schedule import add_days, add_working_days, find_moment, local_day, move_off_weekend
from flows.text import LANGUAGES

DEFAULT_LEVELS = ("reaction", "benefit")  # as Lørenskog does: staff's experience, residents' benefit
ASKED_AT = time(9)


def compile_for_course(flow: Flow, title: str, levels: Collection[str]) -> Flow | None:
    """The flow for a course called `title` with these levels, or None where nothing is left to ask.

    Cards of other levels fall away, and with them the cards that waited for an answer on them. Where the field that
    links the rounds falls away nothing is linked, so the answers are anonymous: no more is promised or kept than is
    needed. The questions keep their wording, so they compare over courses.
    """
    steps = []
    fields: set[str] = set()
    for step in flow.steps:
        if (step.level is None or step.level in levels) and (step.when is None or step.when.field in fields):
            steps.append(step)
            fields |= {field.id for field in step.fields}
    if not fields:
        return None
    document: dict[str, Any] = flow.to_json()
    document["steps"] = [step.model_dump(mode="json", by_alias=True, exclude_none=True) for step in steps]
    document["title"] = {one: flow.title.to(one).replace(COURSE, title) for one in LANGUAGES}
    roles = flow.outcome.fields.items()
    document["outcome"] = {"kind": flow.outcome.kind, "fields": {role: one for role, one in roles if one in fields}}
    if flow.series is not None and flow.series.field not in fields:
        del document["series"], document["why_confidential"]
        document["kind"] = Kind.anonymous
    return Flow.model_validate(document)


def find_asking_moment(flow: Flow, finished_on: date, zone: str) -> datetime:
    """When somebody whose course ended on the local date `finished_on` is asked (UTC): in the morning, so many days
    later, never at a weekend or on a public holiday; "the same day" is the next working day. ValueError for a flow
    that follows no course."""
    days = flow.schedule.after_course
    if days is None:
        raise ValueError(f"the flow {flow.name} does not follow a course")
    ended = find_moment(datetime.combine(finished_on, ASKED_AT), zone)
    days_off = find_holidays(finished_on.year, finished_on.year + 1)
    if days == 0:
        return add_working_days(ended, 1, zone, days_off=days_off)
    return move_off_weekend(add_days(ended, days, zone), zone, days_off)


def find_wave_deadline(flow: Flow, last_asked_at: datetime, zone: str) -> datetime:
    """When a wave closes: its days after the last person was to be asked, so that all have as long; from a weekend or
    a public holiday on the next working day, since nobody answers in their free time."""
    closes_at = add_days(last_asked_at, flow.deadline_days, zone)
    year = local_day(closes_at, zone).year
    return move_off_weekend(closes_at, zone, find_holidays(year, year + 1))


def follows_courses(flow: Flow) -> bool:
    return flow.schedule.after_course is not None


def asks_participants(flow: Flow) -> bool:
    """Whether the participants themselves are asked, and not their leaders."""
    return follows_courses(flow) and flow.audience.people == "everyone"
