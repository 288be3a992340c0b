"""A flow's next round, played to its close on a copy: by the real opening, outbox, sealing, closing and gate."""

from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from functools import partial
from random import Random
from typing import TypeVar

from sqlmodel import Session, col, select, update

from bot.demo.people import Colleagues
from bot.demo.world import World, fill
from bot.parts import Parts
from bot.rehearsal.facts import Asked, Play, Rehearsal
from bot.rehearsal.finding import find_asked, find_reminded, find_sights
from bot.rounds.opening import find_units, open_runs_of
from bot.rounds.reminders import find_reminders
from bot.rounds.waves import find_waves, open_wave
from bot.scheduling import HORIZON, tick
from bot.words import words_in
from flows.schedule import DEFAULT_SLOT, SATURDAY, Occurrence, find_moment, find_next, local_day
from flows.waves import DEFAULT_LEVELS, follows_courses
from storage.addresses import people_reached
from storage.copying import copy_organisation
from storage.course_records import CourseRecord, store_course
from storage.discussions import record_discussion, units_discussed
from storage.outbox.planning import enqueue
from storage.people import home_memberships
from storage.runs import open_runs
from storage.store import Store
from storage.tables import Delivery, Run, Unit
from storage.tables.sending import DeliveryKind, DeliveryState
from storage.units import units_below

T = TypeVar("T")

A_DAY = timedelta(days=1)
MADE_UP_PARTICIPANTS = 40
JUST_BEFORE = timedelta(seconds=1)


class NothingToRehearse(Exception):
    """Nobody would be asked at all, or the flow never comes; the text says which."""


@dataclass
class Stage:
    """A copy of an organisation and a flow's next round on it. `parts` are those of the copy, with no flows: nothing
    else opens. `source` is the real store, which is only read; None for the sample organisation."""

    parts: Parts
    play: Play
    source: Store | None
    at: datetime
    runs: list[Run] = field(default_factory=list)
    undiscussed: dict[str, int] = field(default_factory=dict)
    reminded: list[int] = field(default_factory=list)
    on_course: int = 0
    asked: Asked = field(default_factory=lambda: Asked((), (), {}, ()))

    async def perform(self) -> AsyncIterator[float]:
        """Play it all; how far it has come, from 0 to 1, comes out on the way."""
        await self._write(self._prepare)
        yield 0.1
        await self._write(self._open)
        self.asked = self._look(lambda session: find_asked(session, self.runs))
        yield 0.15
        opens_at, closes_at = self.runs[0].opens_at, max(run.closes_at for run in self.runs)
        world = World(self.parts, Colleagues(self.play.seed, self.play.share), opens_at)
        for moment in self._stops(opens_at, closes_at):
            if any(run.remind_at == moment for run in self._look(open_runs)):
                await world.move_to(moment - JUST_BEFORE)  # a reminder that has gone leaves no row to count
                self.reminded.append(self._look(partial(find_reminded, at=moment)))
            await world.move_to(moment)
            yield 0.15 + 0.75 * ((moment - opens_at) / (closes_at - opens_at))
        # Only the close itself: nobody needs to be sent what came of it.
        await self._write(lambda session: tick(session, self.parts, closes_at))
        yield 1.0

    def tell(self) -> Rehearsal:
        """What was found out, when all has been performed."""
        words = words_in(self.play.language)
        first = self.runs[0]
        return Rehearsal(
            play=self.play,
            is_sample=self.source is None,
            opens_at=first.opens_at,
            closes_at=max(run.closes_at for run in self.runs),
            zone=first.zone,
            asked=self.asked,
            reminded=tuple(self.reminded),
            undiscussed=self.undiscussed,
            on_course=self.on_course,
            sights=self._look(lambda session: find_sights(session, [run.id or 0 for run in self.runs], words)),
        )

    def _prepare(self, session: Session) -> None:
        """The organisation, where everybody has been greeted before: it is one flow that is rehearsed."""
        if self.source is None:
            fill(session, self.parts, self.at)
        else:
            with self.source.reading() as real:
                copy_organisation(real, session)
        greeted = dict.fromkeys(people_reached(session, self.parts.channels), self.at)
        enqueue(session, "welcome", DeliveryKind.welcome, greeted, self.parts.channels)
        session.execute(update(Delivery).values(state=DeliveryState.sent, sent_at=self.at))

    def _open(self, session: Session) -> None:
        if follows_courses(self.play.flow):
            self._open_after_a_course(session)
            return
        for unit in find_units(session, self.play.flow):
            zone = unit.zone or self.parts.settings.zone
            occurrence = find_occurrence(self.play, zone, self.at)
            self._count_as_discussed(session, unit, occurrence)
            self.runs += open_runs_of(session, self.parts, self.play.flow, unit, occurrence)
        if not self.runs:
            raise NothingToRehearse("The organisation has none of the units that the flow is for.")

    def _open_after_a_course(self, session: Session) -> None:
        """A wave after a course that is made up, with people from the whole organisation, as chance has it."""
        flow, zone = self.play.flow, self.parts.settings.zone
        unit = session.exec(select(Unit).where(col(Unit.parent_id).is_(None), col(Unit.is_group).is_(False))).first()
        if unit is None or unit.id is None:
            raise NothingToRehearse("The organisation has no units.")
        day = find_occurrence(self.play, zone, self.at).local_date
        finished_on = day - timedelta(days=max(1, flow.schedule.after_course or 0))
        people = sorted(one.person_id for one in home_memberships(session, day))
        on_course = Random(self.play.seed).sample(people, min(len(people), MADE_UP_PARTICIPANTS))
        participants = dict.fromkeys(on_course, finished_on)
        course = store_course(
            session, CourseRecord("rehearsal", "", unit.id, None, DEFAULT_LEVELS, False, participants)
        )
        parts = replace(self.parts, flows={flow.name: flow})
        wave = next(one for one in find_waves(session, parts) if one.course.id == course.id)
        self._count_as_discussed(session, unit, Occurrence(day, DEFAULT_SLOT, zone, wave.opens_at))
        open_wave(session, parts, wave, wave.opens_at)
        self.on_course, self.runs = len(on_course), open_runs(session)
        if not self.runs:
            raise NothingToRehearse("Nobody would be asked after a course: who was there has no leader, or no unit.")

    def _count_as_discussed(self, session: Session, unit: Unit, occurrence: Occurrence) -> None:
        """Where a record is missing it is made up here, and told that it is missing in truth."""
        flow, day = self.play.flow, occurrence.local_date
        if not flow.about_staff:
            return
        below, discussed = units_below(session)[unit.id or 0], units_discussed(session, flow.name, day)
        homes = [one for one in home_memberships(session, day) if one.unit_id in below]
        missing = Counter(one.employer for one in homes if (one.unit_id, one.employer) not in discussed)
        for employer in sorted(missing):
            record_discussion(
                session,
                flow=flow.name,
                unit_id=unit.id or 0,
                employer=employer,
                needed=True,
                held_on=day,
                invited="",
                views="",
                decision="",
                recorded_by="rehearsal",
                at=self.at,
            )
            if self.source is not None:
                self.undiscussed[employer] = self.undiscussed.get(employer, 0) + missing[employer]

    def _stops(self, opens_at: datetime, closes_at: datetime) -> list[datetime]:
        """Each day, so that colleagues answer by and by, and each moment of a reminder."""
        days = {opens_at + i * A_DAY for i in range((closes_at - opens_at).days + 1)}
        reminders = {moment for run in self.runs for moment in find_reminders(self.play.flow, run.opens_at, run.zone)}
        return sorted(moment for moment in days | reminders if moment < closes_at)

    def _look(self, question: Callable[[Session], T]) -> T:
        with self.parts.store.reading() as session:
            return question(session)

    async def _write(self, work: Callable[[Session], None]) -> None:
        await self.parts.writer.do(work)


def find_occurrence(play: Play, zone: str, at: datetime) -> Occurrence:
    """When the round opens: when the flow comes next after `at`; on the day that was asked for, at its usual clock;
    where somebody must open it, on the next weekday. NothingToRehearse for a flow that never comes again."""
    coming = find_next(play.flow.schedule, zone, at, at + HORIZON)
    if play.on is None and coming is not None:
        return coming
    if play.on is None and not play.flow.schedule.on_demand and not follows_courses(play.flow):
        raise NothingToRehearse("The flow does not come again within a year. Choose a day with --on YYYY-MM-DD.")
    day = play.on or local_day(at, zone) + A_DAY
    while play.on is None and day.weekday() >= SATURDAY:
        day += A_DAY
    slot = coming.slot if coming else DEFAULT_SLOT
    return Occurrence(day, slot, zone, find_moment(datetime.combine(day, time.fromisoformat(slot)), zone))
