"""Those who are alike share a decision, and it is the one that each would have got alone."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, select

from bot.rounds.audience import decide_audience
from flows.attention import Lately, LeftAlone, decide_when
from flows.calendars import Calendar, Days, Shift
from flows.holidays import find_holidays
from flows.hours import WorkingHours
from flows.model import Flow
from storage.people import Home
from storage.rosters import Roster, apply_roster_change, find_roster_change
from storage.tables import Absence, Address, Delivery, Person, Run, Unit
from storage.tables.sending import DeliveryKind, DeliveryState
from tests.office import WARD, MakeOffice, Office, on, oslo, shipped

EASTER = date(2027, 3, 22)  # the Monday before; Maundy Thursday is the 25th
STARTS = (oslo("2027-03-22 09:00"), oslo("2027-03-24 13:00"))
CLOSES = oslo("2027-03-31 09:00")
BEFORE = tuple(oslo(day) for day in ("2027-02-24 09:00", "2027-03-01 08:00", "2027-03-15 12:00", "2027-03-23 10:00"))
MINUTES = 1.0


@dataclass(frozen=True)
class Somebody:
    """What decides whether and when somebody is asked, drawn from little, so that many are alike."""

    zone: str
    hours: str | None
    suits: str | None
    paused_until: date | None
    declined: bool
    away: tuple[Days, ...]
    shifts: tuple[Shift, ...]
    lately: Lately
    employer: str
    has_address: bool
    starts_at: datetime

    @property
    def calendar(self) -> Calendar:
        return Calendar(
            self.zone,
            WorkingHours() if self.hours is None else WorkingHours.parse(self.hours),
            away=self.away,
            paused_until=self.paused_until,
            declined=self.declined,
            days_off=find_holidays(2027, 2028),
            rostered=((EASTER, EASTER + timedelta(days=6)),) if self.shifts else (),
            shifts=self.shifts,
            suits=None if self.suits is None else WorkingHours.parse(self.suits),
        )

    def decide(self, office: Office, flow: Flow) -> datetime | LeftAlone:
        """The decision about this one person, by what the asking rules say."""
        if self.declined:
            return LeftAlone.declined
        if self.employer != "Solvik":
            return LeftAlone.not_discussed
        if not self.has_address:
            return LeftAlone.unreachable
        budget = office.parts.budget
        return decide_when(
            self.starts_at, CLOSES, self.calendar, self.lately, budget, flow.minutes, flow.if_over_budget
        )


def _some(*choices: str) -> st.SearchStrategy[str | None]:
    return st.sampled_from((None, None, *choices))


SHIFT = (oslo("2027-03-23 22:00"), oslo("2027-03-24 07:00"))
LATE_SHIFT = (oslo("2027-03-27 14:00"), oslo("2027-03-27 22:00"))
people = st.builds(
    Somebody,
    zone=st.sampled_from(("Europe/Oslo", "Europe/Oslo", "Europe/London")),
    hours=_some("mon-fri 07:00-15:00", "mon-sun 22:00-07:00", "fri 10:00-12:00"),
    suits=_some("mon-fri 12:00-13:00", "sun 10:00-11:00"),
    paused_until=st.sampled_from((None, None, None, date(2027, 3, 24), date(2027, 4, 12))),
    declined=st.sampled_from((False, False, False, True)),
    away=st.sampled_from(((), (), ((EASTER, EASTER),), ((EASTER, EASTER + timedelta(days=20)),))),
    shifts=st.sampled_from(((), (), (SHIFT,), (SHIFT, LATE_SHIFT))),
    lately=st.sets(st.sampled_from(BEFORE)).map(lambda asked: tuple((at, MINUTES) for at in sorted(asked))),
    employer=st.sampled_from(("Solvik", "Solvik", "Solvik", "NAV")),
    has_address=st.sampled_from((True, True, True, False)),
    starts_at=st.sampled_from(STARTS),
)


def _let_in(session: Session, one: Somebody, number: int, runs: dict[datetime, str]) -> int:
    person = Person(number=f"drawn{number}", name="Drawn Dahl", zone=one.zone, hours=one.hours, suits=one.suits)
    person.paused_until, person.declined = one.paused_until, one.declined
    session.add(person)
    session.flush()
    assert person.id is not None
    for first, last in one.away:
        session.add(Absence(person_id=person.id, starts_on=first, ends_on=last))
    because = None if one.has_address else "nobody there"
    session.add(Address(person_id=person.id, channel="web", value=person.number, unreachable_because=because))
    for at, _ in one.lately:
        asked = Delivery(
            about=runs[at],
            person_id=person.id,
            channel="web",
            address=person.number,
            kind=DeliveryKind.question,
            state=DeliveryState.sent,
            not_before=at,
        )
        session.add(asked)
    if one.shifts:
        days = (EASTER, EASTER + timedelta(days=6))
        frame = oslo("2027-03-22 00:00"), oslo("2027-03-29 00:00")
        roster = Roster(person.id, days, *frame, frozenset(one.shifts))
        apply_roster_change(session, find_roster_change(session, [roster], STARTS[0]), STARTS[0])
    return person.id


def _open_before(session: Session, flow: Flow, unit_id: int) -> dict[datetime, str]:
    """A run for each moment at which somebody may have been asked, and what its deliveries are about."""
    runs: dict[datetime, str] = {}
    for at in BEFORE:
        run = Run(
            flow="other",
            unit_id=unit_id,
            local_date=at.date(),
            slot="09:00",
            zone="Europe/Oslo",
            kind=flow.kind,
            frozen={"minutes": MINUTES},
            flow_hash="",
            opens_at=at,
            closes_at=CLOSES,
        )
        session.add(run)
        session.flush()
        runs[at] = f"run:{run.id}"
    return runs


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=st.lists(people, min_size=1, max_size=25), if_over_budget=st.sampled_from(("wait", "skip")))
def _check(office: Office, drawn: list[Somebody], if_over_budget: str) -> None:
    flow = shipped("pulse", schedule=on(str(EASTER)), if_over_budget=if_over_budget)
    with office.parts.store.writing() as session:
        unit_id = session.exec(select(Unit.id).where(Unit.path == WARD)).one() or 0
        runs = _open_before(session, flow, unit_id)
        by_id = {_let_in(session, one, number, runs): one for number, one in enumerate(drawn)}
        session.flush()

        found = decide_audience(
            session,
            office.parts,
            flow,
            {one: Home(one, unit_id, somebody.employer) for one, somebody in by_id.items()},
            {one: somebody.starts_at for one, somebody in by_id.items()},
            EASTER,
            CLOSES,
        )

        session.rollback()
    assert {**found.when, **found.left_alone} == {one: somebody.decide(office, flow) for one, somebody in by_id.items()}


def test_whoever_is_alike_gets_the_decision_that_each_would_have_got_alone(make_office: MakeOffice) -> None:
    _check(make_office(flows=[shipped("pulse", schedule=on(str(EASTER)))], begins="2027-03-22 07:00"))
