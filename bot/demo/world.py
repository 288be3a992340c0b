"""The demo's world: the sample organisation in a database of its own, and a clock that stands until it is moved."""

from collections.abc import AsyncIterator, Callable, Collection
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from pydantic import SecretStr
from sqlmodel import Session, col, select

from bot.beat import beat
from bot.demo.people import Colleagues
from bot.directory import courses, csv
from bot.parts import Parts
from bot.rosters.reading import find_change, find_files, read_files
from bot.scheduling import find_next_moment
from bot.settings.product import Settings
from flows.polls import POLL
from storage.course_records import store_course
from storage.courses import people_by_number, units_by_path
from storage.directory import storing as directory
from storage.directory.difference import find_difference
from storage.discussions import record_discussion
from storage.rosters import apply_roster_change
from storage.tables import Membership, Unit

FOLDER = Path(__file__).parents[2] / "deploy" / "sample"
SAMPLE, ROSTERS = FOLDER / "solvik.csv", FOLDER / "rosters"
COURSES = FOLDER / "solvik-courses.csv"
BEGINS_AT = datetime(2027, 1, 4, 6, 0, tzinfo=UTC)  # Monday 4 January 2027, 07:00 in Oslo


@dataclass
class World:
    """Time stands at `at`; `played` are the people the viewer has been, who don't answer by themselves."""

    parts: Parts
    colleagues: Colleagues
    at: datetime = BEGINS_AT
    played: set[int] = field(default_factory=set)

    def clock(self) -> datetime:
        return self.at

    async def begin(self) -> None:
        """Let the sample organisation in, record its made-up discussions, and do the first beat."""
        await self.parts.writer.do(lambda session: fill(session, self.parts, self.at))
        await beat(self.parts, self.at)

    async def move_to(self, until: datetime) -> None:
        """Let time pass, stopping at everything that happens on the way."""
        async for _ in self.walk(until):
            pass

    async def walk(self, until: datetime) -> AsyncIterator[datetime]:
        """Let time pass until `until`; each moment at which something happened comes out."""
        while (moment := self.next_moment()) is not None and moment <= until:
            await self._stop_at(moment)
            yield moment
        await self._stop_at(until)
        yield until

    def next_moment(self) -> datetime | None:
        with self.parts.store.reading() as session:
            return find_next_moment(session, self.parts, self.at)

    async def _stop_at(self, moment: datetime) -> None:
        self.at = moment
        await beat(self.parts, moment)
        await self.parts.writer.do(self._colleagues_act(moment, frozenset(self.played)))

    def _colleagues_act(self, moment: datetime, played: Collection[int]) -> Callable[[Session], int]:
        return lambda session: self.colleagues.act(session, self.parts, moment, played)


def demo_settings(folder: Path, base_url: str) -> Settings:
    """Settings for a demo in a folder of its own; what the environment says about a real installation is not read."""
    return Settings.model_construct(
        organisation="Solvik kommune",
        database_url=SecretStr(f"sqlite:///{folder}/demo.sqlite3"),
        keys_dir=folder / "keys",
        flows_dir=(),
        base_url=base_url,
        zone="Europe/Oslo",
        digest_cron="0 8 * * mon",
        most_questions=3,
        most_minutes=5.0,
    )


def fill(session: Session, parts: Parts, at: datetime) -> None:
    """The sample organisation with its rosters and courses, and for each of its employers a made-up record that the
    flows were discussed."""
    with SAMPLE.open("rb") as file:
        reading = csv.read(SAMPLE.name, csv.split_lines(file))
    directory.apply(session, find_difference(session, reading.organisation, at.date()), at)
    rosters = read_files(find_files(ROSTERS), parts.settings.zone, at)
    apply_roster_change(session, find_change(session, rosters, at)[0], at)
    top = session.exec(select(Unit).where(col(Unit.parent_id).is_(None), col(Unit.is_group).is_(False))).one()
    people, units = people_by_number(session), units_by_path(session)
    with COURSES.open("rb") as file:
        for record in courses.read(COURSES.name, csv.split_lines(file), people, units):
            store_course(session, record)
    employers = sorted(set(session.exec(select(Membership.employer))))
    for name in (*parts.flows, POLL):
        for employer in employers:
            record_discussion(
                session,
                flow=name,
                unit_id=top.id or 0,
                employer=employer,
                needed=True,
                held_on=date(2026, 12, 10),
                invited="Fagforbundet, NSF, Delta (oppdiktet referat)",
                views="Enige, med ønske om evaluering etter et halvt år.",
                decision="Tas i bruk fra januar.",
                recorded_by="demo",
                at=at,
            )
