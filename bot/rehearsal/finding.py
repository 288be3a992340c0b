"""What stands in the copy, read out: who was asked when, who would be reminded, and what each sort of reader sees."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from bot.cards import Block, Say
from bot.conversations.receipts import say_values
from bot.rehearsal.facts import Asked, AskedDay, Sight
from bot.reports.figures import Reading, make_distribution_charts, shows_anything
from bot.reports.weekly import Closed, say_closed, say_support
from bot.rounds.moments import find_working_moments
from bot.rounds.reminders import QUIET_AFTER_ASKING
from bot.words import Words
from flows.model import Flow, Kind
from flows.partition import Partition
from flows.publication import HeldBack
from flows.questions import find_questions
from flows.schedule import read_local
from storage.people import home_memberships
from storage.publications import publication_of, published_support
from storage.runs import count_asked_by_unit, flow_of, open_runs, partition_of, people_left_alone, people_to_remind
from storage.tables import Answer, Delivery, Participation, Person, Role, Run, Theme, Unit
from storage.tables.organisation import RoleName
from storage.tables.sending import DeliveryKind
from storage.themes import waiting_themes
from storage.units import units_below

MOST_THEMES = 5
# In this order they are told.
SORTS = ("whole", "own", "pooled", "derivable", "too_few", "too_small", "nobody", "named", "themes", "no_themes")


def find_asked(session: Session, runs: Sequence[Run]) -> Asked:
    """Who is asked when, as the outbox of these newly opened runs has it."""
    when: list[tuple[datetime, datetime, int]] = []
    by_unit: Counter[int] = Counter()
    left_alone: Counter[str] = Counter()
    for run in runs:
        run_id = run.id or 0
        rows = session.exec(
            select(Delivery.not_before, Delivery.person_id).where(
                Delivery.about == f"run:{run_id}", Delivery.kind == DeliveryKind.question
            )
        )
        when += [(read_local(at, run.zone), at, person_id) for at, person_id in rows]
        by_unit.update(count_asked_by_unit(session, run_id))
        left_alone.update(one.reason for one in people_left_alone(session, run_id))
    by_day: dict[object, list[datetime]] = {}
    for local, _, _ in sorted(when):
        by_day.setdefault(local.date(), []).append(local)
    days = tuple(AskedDay(own[0].date(), len(own), own[0].time(), own[-1].time()) for own in by_day.values())
    names = _unit_names(session)
    people = {one.id: one.name for one in session.exec(select(Person))}
    homes = dict(session.exec(select(Participation.person_id, Participation.unit_id)).all())
    return Asked(
        days=days,
        by_unit=tuple((names[unit], by_unit[unit]) for unit in names if by_unit[unit]),
        left_alone=dict(left_alone.most_common()),
        names=tuple((people[one], names[homes[one]], at) for _, at, one in sorted(when)),
    )


def find_reminded(session: Session, at: datetime) -> int:
    """How many a reminder that is due at `at` would go to."""
    reminded = 0
    for run in open_runs(session):
        people = people_to_remind(session, run.id or 0, at - QUIET_AFTER_ASKING)
        reminded += len(find_working_moments(session, people, DeliveryKind.reminder, at, run.closes_at))
    return reminded


def find_sights(session: Session, run_ids: Collection[int], words: Words) -> tuple[Sight, ...]:
    """What each sort of reader would see of these closed runs, grouped where they are alike."""
    found: list[Sight] = []
    for run_id in run_ids:
        run = session.get_one(Run, run_id)
        flow = flow_of(run)
        if flow.kind.is_sealed:
            found += _find_figures(session, run, flow, words)
        elif flow.kind is Kind.named:
            found += _find_named(session, run, flow, words)
        else:
            found += _find_themes(session, run, words)
    return tuple(sorted(found, key=lambda sight: SORTS.index(sight.sort)))


def _find_figures(session: Session, run: Run, flow: Flow, words: Words) -> Iterator[Sight]:
    partition, publication = partition_of(run), publication_of(session, run.id or 0)
    assert partition is not None
    names = _unit_names(session)
    roles = _roles_by_unit(session, _roles_of(flow))
    below = units_below(session)[run.unit_id]
    homes = {unit for bucket in partition.buckets for unit in bucket.units}
    sorts: dict[str, list[tuple[int, int]]] = {}  # (people in the scope, unit)
    readings: dict[int, Reading] = {}
    for unit in names:
        if unit not in below or not (unit in homes or unit in roles):
            continue
        scope = partition.scope_of(unit)
        if scope is None or publication is None:
            sorts.setdefault("nobody" if scope is None else "too_small", []).append((0, unit))
            continue
        readings[unit] = Reading(flow, publication, scope, names)
        sorts.setdefault(_sort_of(readings[unit], partition), []).append((scope.invited, unit))
    for sort, units in sorts.items():
        # Of those with figures the largest; of the others the smallest, whose reader wonders most.
        choose = max if sort in ("whole", "own") else min
        chosen = choose(units, key=lambda one: one[0])[1]
        example: list[Block] = []
        if chosen in readings:
            reading = readings[chosen]
            example += say_closed(Closed(run, reading), names[chosen], words, is_open=False)
            example += make_distribution_charts(reading, words) if sort == "whole" else []
        yield _make_sight(sort, [unit for _, unit in units], names, roles, chosen, example)


def _sort_of(reading: Reading, partition: Partition) -> str:
    """Which sort of sight a scope gives; where nothing is shown, why."""
    if shows_anything(reading):
        if reading.scope.invited == partition.invited(bucket.id for bucket in partition.buckets):
            return "whole"
        return "pooled" if reading.scope.pooled else "own"
    figures = [reading.publication.figure(reading.scope.id, one.field) for one in find_questions(reading.flow)]
    return "too_few" if {one.reason for one in figures if isinstance(one, HeldBack)} == {"too_few"} else "derivable"


def _find_named(session: Session, run: Run, flow: Flow, words: Words) -> Iterator[Sight]:
    """Leaders who would get answers by name, and one answer of them; whose it is is not told."""
    names = _unit_names(session)
    rows = session.exec(select(Participation.reader_id, Participation.unit_id).where(Participation.run_id == run.id))
    asked = [(reader, unit) for reader, unit in rows if reader is not None]
    if not asked:
        return
    answers = session.exec(select(Answer).where(Answer.run_id == run.id).order_by(col(Answer.person_id))).all()
    fullest = max(answers, key=lambda one: len(one.values), default=None)
    example = say_values(flow, fullest.values, words.language) if fullest else []
    yield Sight(
        sort="named",
        units=_name_all({unit for _, unit in asked}, names),
        readers={RoleName.leader: len({reader for reader, _ in asked})},
        example_unit=names[fullest.unit_id] if fullest else "",
        example=tuple(example),
    )


def _find_themes(session: Session, run: Run, words: Words) -> Iterator[Sight]:
    """Units whose people would see themes, with their leaders who decide on them; and those where nobody suggested
    any, with what stands there instead."""
    names, support = _unit_names(session), published_support(session)
    units = set(session.exec(select(Theme.unit_id).where(Theme.run_id == run.id)))
    themes = {unit: waiting_themes(session, [unit]) for unit in units}
    roles = _roles_by_unit(session, [RoleName.leader])
    with_themes = [unit for unit in names if themes.get(unit)]
    if with_themes:
        fullest = max(with_themes, key=lambda unit: len(themes[unit]))
        example: list[Block] = []
        for theme in themes[fullest][:MOST_THEMES]:
            example.append(Say(theme.text, "quote"))
            example += [Say(said, "note") for said in say_support(support, theme, words)]
        yield _make_sight("themes", with_themes, names, roles, fullest, example)
    asked = _find_homes_asked(session, run)
    without = [unit for unit in names if unit in asked and not themes.get(unit)]
    if without:
        yield _make_sight("no_themes", without, names, roles, without[0], [Say(words("result.no_themes"))])


def _find_homes_asked(session: Session, run: Run) -> set[int]:
    """The home units of all who were asked. Closed, a run of this kind has forgotten them; its questions have not."""
    got = select(Delivery.person_id).where(Delivery.about == f"run:{run.id}", Delivery.kind == DeliveryKind.question)
    asked = set(session.exec(got))
    return {home.unit_id for home in home_memberships(session, run.local_date) if home.person_id in asked}


def _make_sight(
    sort: str,
    units: Sequence[int],
    names: dict[int, str],
    roles: dict[int, list[str]],
    chosen: int,
    example: Sequence[Block],
) -> Sight:
    readers = Counter(role for unit in units for role in roles.get(unit, ()))
    ordered = {role.value: readers[role] for role in RoleName if readers[role]}
    return Sight(sort, _name_all(units, names), ordered, names[chosen], tuple(example))


def _roles_of(flow: Flow) -> list[RoleName]:
    """Who reads the figures: the safety representative reads with the union's."""
    roles = [RoleName(one) for one in flow.seen_by if one != "unit"]
    return [*roles, RoleName.safety] if RoleName.representative in roles else roles


def _roles_by_unit(session: Session, roles: Collection[RoleName]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for unit_id, name in session.exec(select(Role.unit_id, Role.name).where(col(Role.name).in_(list(roles)))):
        found.setdefault(unit_id, []).append(name)
    return found


def _unit_names(session: Session) -> dict[int, str]:
    """The names of all active units by id, in the order of their paths."""
    rows = session.exec(select(Unit.id, Unit.name).where(col(Unit.active).is_(True)).order_by(col(Unit.path)))
    return {unit_id: name for unit_id, name in rows if unit_id is not None}


def _name_all(units: Collection[int], names: dict[int, str]) -> tuple[str, ...]:
    wanted = set(units)
    return tuple(name for unit, name in names.items() if unit in wanted)
