"""Digests: every reader's week found in one pass, kept as facts, and queued only where it says something."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from operator import itemgetter
from typing import Any, NamedTuple

from sqlmodel import Session

from bot.parts import Parts
from bot.reports.readings import ROUNDS_COMPARED
from bot.rounds.moments import find_working_moments
from flows.partition import Partition
from flows.publication import Band, Extent
from storage import log
from storage.addresses import Unreached, leaders_not_reached
from storage.courses import course_of
from storage.digests import (
    Reader,
    course_answers_by_reader,
    deciding_units,
    digests_of_day,
    keep_digests,
    last_digest_before,
    last_digest_day_before,
    offers_by_reader,
    readers,
)
from storage.outbox.planning import enqueue_each
from storage.polls import units_polled_between
from storage.publications import PublishedSupport, published_support, runs_before
from storage.runs import flow_of, partition_of, runs_closed_between
from storage.tables import Theme
from storage.tables.organisation import RoleName
from storage.tables.sending import DeliveryKind
from storage.themes import all_waiting_themes, decisions_between
from storage.units import units_below

FIRST_LOOK_BACK = timedelta(days=7)
DIGEST_WITHIN = timedelta(days=5)
# A week without any of these is no digest.
TOLD = ("themes", "offers", "runs", "decided", "polls", "too_small", "from_leaders", "unreached")


class Round(NamedTuple):
    """A run that has closed, those its flow promised its figures to, and the runs before it, oldest first."""

    run_id: int
    partition: Partition
    seen_by: Collection[str]
    earlier: list[int]

    def may_be_read_by(self, reader: Reader) -> bool:
        """Whether it says something about the reader's unit, and the flow promised that to this role. The safety
        representative reads with the union's."""
        role = "representative" if reader.role == RoleName.safety else reader.role
        return role in self.seen_by and self.partition.scope_of(reader.unit_id) is not None


@dataclass(frozen=True)
class Week:
    """What has happened in the whole organisation since the last digest, by where it belongs."""

    local_date: date
    below: Mapping[int, set[int]]
    waiting: Mapping[int, list[tuple[int, Theme]]]  # by unit, with the place in line of the whole organisation
    deciding: Mapping[int, int]  # for each unit the one whose leader decides
    offers: Mapping[int, int]  # by the leader who was promised to
    published: list[Round]
    too_small: list[Round]  # waves after courses in which too few would be asked
    from_leaders: Mapping[int, int]  # answers about courses, by the leader above who was promised to
    decided: list[tuple[int, int]]  # (decision, unit)
    polls: list[tuple[int, set[int]]]  # (run, home units of those a group has asked)
    unreached: list[Unreached]  # leaders on whom nothing calls
    log_head: str


def make_digests(session: Session, parts: Parts, local_date: date, at: datetime) -> None:
    """Make and queue the digests of one morning. Safe to repeat: one digest a reader, unit and day."""
    since = last_digest_before(session, at) or at - FIRST_LOOK_BACK
    week = find_week(session, parts.channels, local_date, since, at)
    rows = [
        {
            "unit_id": reader.unit_id,
            "person_id": reader.person_id,
            "local_date": local_date,
            "made_at": at,
            "facts": facts,
        }
        for reader in readers(session)
        if (facts := find_facts(week, reader)) is not None
    ]
    keep_digests(session, rows)
    digests = digests_of_day(session, local_date)
    moments = find_working_moments(session, set(digests.values()), DeliveryKind.digest, at, at + DIGEST_WITHIN)
    due = [
        ({"about": f"digest:{digest_id}", "not_before": moments[person_id]}, [person_id])
        for digest_id, person_id in digests.items()
        if person_id in moments
    ]
    enqueue_each(session, DeliveryKind.digest, due, parts.channels)


def find_week(session: Session, channels: Collection[str], local_date: date, since: datetime, at: datetime) -> Week:
    """One pass over what is new, a few statements however many readers there are."""
    published, too_small = [], []
    for run in runs_closed_between(session, since, at):
        partition = partition_of(run)
        if partition is not None and not partition.is_too_small:
            earlier = runs_before(session, run, ROUNDS_COMPARED)
            published.append(Round(run.id or 0, partition, flow_of(run).seen_by, earlier))
        elif partition is not None and course_of(run) is not None:
            too_small.append(Round(run.id or 0, partition, flow_of(run).seen_by, []))
    head = log.head(session)
    support = published_support(session)
    waiting: dict[int, list[tuple[int, Theme]]] = {}
    # Those with more support first, then the older ones.
    in_line = sorted(all_waiting_themes(session), key=lambda theme: -rank_support(support, theme))
    for place, theme in enumerate(in_line):
        waiting.setdefault(theme.unit_id, []).append((place, theme))
    first = last_digest_day_before(session, local_date) or local_date - FIRST_LOOK_BACK
    return Week(
        local_date=local_date,
        below=units_below(session),
        waiting=waiting,
        deciding=deciding_units(session),
        offers=offers_by_reader(session, first, local_date),
        published=published,
        too_small=too_small,
        from_leaders=course_answers_by_reader(session, first, local_date),
        decided=decisions_between(session, since, at),
        polls=units_polled_between(session, since, at),
        unreached=leaders_not_reached(session, channels),
        log_head=head.hash[:12] if head else "",
    )


def find_facts(week: Week, reader: Reader) -> dict[str, Any] | None:
    """One reader's week as facts, by id alone: no text lies in it, so erasure reaches everything. None where there is
    nothing to say."""
    below = week.below.get(reader.unit_id, {reader.unit_id})
    leads = reader.role == RoleName.leader
    offers = week.offers.get(reader.person_id, 0) if leads else 0
    # Texts reach the leader who decides, as promised; others learn how many there are.
    units = {one for one in below if week.deciding.get(one) == reader.unit_id} if leads else below
    if reader.role == RoleName.coordinator:
        units = set()  # no themes: only what a flow promises to coordinators, and whom nothing reaches
    unreached = [one for one in week.unreached if one.unit_id in below] if reader.coordinates else []
    in_line = sorted((one for unit in units for one in week.waiting.get(unit, ())), key=itemgetter(0))
    decided = [decision for decision, unit in week.decided if unit in units]
    facts: dict[str, Any] = {
        "role": reader.role,
        "themes": [{"id": one.id, "waited_days": (week.local_date - one.suggested_on).days} for _, one in in_line],
        "offers": offers,
        "runs": [{"run": one.run_id, "earlier": one.earlier} for one in week.published if one.may_be_read_by(reader)],
        "decided": decided,
        "polls": [run_id for run_id, asked in week.polls if asked & below],
        "too_small": [one.run_id for one in week.too_small if one.may_be_read_by(reader)],
        "from_leaders": week.from_leaders.get(reader.person_id, 0) if leads else 0,
        "unreached": [one._asdict() for one in unreached],
    }
    if not any(facts[key] for key in TOLD):
        return None
    facts["log_head"] = week.log_head
    return facts


def rank_support(support: PublishedSupport, theme: Theme) -> int:
    """More support first, as far as it is published; 0 where few stand behind a theme or nothing is published yet."""
    count = support.of(theme.id or 0)
    return 0 if count is None or count.people is Extent.few else list(Band).index(count.people) + 1
