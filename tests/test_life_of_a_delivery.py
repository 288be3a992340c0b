"""A delivery's life on a real database, in any weather: nothing comes twice, nothing is lost, reminders leave no trace.

Two replicas take turns at one lane. Either may die with something in its hand; the platform may lose answers, refuse,
or break. Afterwards the weather is fair, and everything comes to its end.
"""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlmodel import Session, col, select

from bot.channels.web import WebChannel
from bot.outbox.lanes import drain
from storage.addresses import people_reached
from storage.outbox.deliveries import cancel_about
from storage.outbox.lanes import take
from storage.outbox.planning import enqueue
from storage.store import Store
from storage.tables import Delivery
from storage.tables.sending import DeliveryKind, DeliveryPriority, DeliveryState
from tests.fickle import Fickle, Killed, Weather
from tests.mail_ways import MORE_COLUMNS, reached
from tests.office import Office, oslo
from tests.sendings import themes

BEGINS = "2027-01-05 08:00"
ENDS = (DeliveryState.sent, DeliveryState.failed, DeliveryState.cancelled)
FLOW = themes("2027-01-05", deadline_days=30)
PEOPLE = [
    reached(number, f"{name} Berg", mail=f"{name}@solvik.example").replace(";;;;", ";;mon-sun 00:00-24:00;;", 1)
    for number, name in ((101, "Ada"), (102, "Jonas"))
]
WEATHER = st.lists(st.sampled_from([one for one in Weather if one is not Weather.nobody] * 2 + [*Weather]), max_size=5)


class Life(RuleBasedStateMachine):
    """`make_database` and `folder` are given by the test below."""

    make_database: Callable[[], str]
    folder: Path

    def __init__(self) -> None:
        super().__init__()
        self.store = Store(self.make_database())
        self.ordinal = self.killed = 0
        self.mail = Fickle("mail")
        offices = [
            Office(self.store, self.folder, flows=[FLOW], people=[], discussed_by=(), begins=BEGINS) for _ in range(2)
        ]
        self.offices = offices
        for office in offices:
            channels: Any = office.parts.channels
            channels |= {"mail": self.mail, "web": WebChannel()}

    @initialize()
    def open_a_run(self) -> None:
        first = self.offices[0]
        first.import_people(PEOPLE, more_columns=MORE_COLUMNS)
        first.record_discussion("theme_suggestion", "Solvik")
        first.pass_time("2027-01-05 10:00")
        self.at = first.at
        (run,) = first.runs()
        self.run = f"run:{run.id}"

    # What happens

    @rule(
        kind=st.sampled_from([DeliveryKind.question, DeliveryKind.reminder]),
        reply=st.booleans(),
        replica=st.integers(0, 1),
        weather=WEATHER,
    )
    def queue_and_send(self, kind: DeliveryKind, reply: bool, replica: int, weather: list[Weather]) -> None:
        self.ordinal += 1
        priority = DeliveryPriority.reply if reply else DeliveryPriority.other

        def work(session: Session) -> None:
            people = people_reached(session, ["mail", "web"])
            enqueue(session, self.run, kind, dict.fromkeys(people, self.at), ["mail", "web"], self.ordinal, priority)

        self.offices[0].parts.writer.do_now(work)
        self.send(replica, weather)

    @rule(seconds=st.sampled_from([1, 11, 30, 120, 4_000]), replica=st.integers(0, 1), weather=WEATHER)
    def wait_and_send(self, seconds: int, replica: int, weather: list[Weather]) -> None:
        self.at += timedelta(seconds=seconds)
        self.send(replica, weather)

    def send(self, replica: int, weather: list[Weather]) -> None:
        self.mail.weather = list(weather)
        office = self.offices[replica]
        try:
            office.run(drain(office.parts, self.at))
        except Killed:
            self.killed += 1

    @precondition(lambda self: self.ordinal % 4 == 1)
    @rule()
    def take_the_lane_and_die(self) -> None:
        """The others must wait until the lease has run out."""
        parts = self.offices[0].parts
        until = self.at + parts.replica.lease
        parts.writer.do_now(lambda session: take(session, "mail", "a third", self.at, until))

    @precondition(lambda self: self.ordinal % 4 == 3)
    @rule()
    def forget_what_waits(self) -> None:
        """As when the run is over: what is queued is cancelled, and reminders go altogether."""
        self.offices[0].parts.writer.do_now(lambda session: cancel_about(session, self.run, [DeliveryKind.question]))

    # What always holds

    @invariant()
    def nothing_came_twice(self) -> None:
        assert set(self.mail.came.values()) <= {1}

    @invariant()
    def what_is_said_to_be_sent_has_come_and_what_waits_to_be_sent_has_not(self) -> None:
        for one in self.rows():
            has_come = self.mail.came[one.reference or ""] == 1
            if one.channel == "mail" and one.state == DeliveryState.sent:
                assert has_come
            if one.state in (DeliveryState.queued, DeliveryState.failed, DeliveryState.cancelled):
                assert not has_come

    @invariant()
    def a_reminder_that_has_ended_has_no_row(self) -> None:
        assert not [one for one in self.rows() if one.kind == DeliveryKind.reminder and one.state in ENDS]

    def rows(self) -> list[Delivery]:
        with self.store.reading() as session:
            return list(session.exec(select(Delivery).order_by(col(Delivery.id))))

    # How it ends

    def teardown(self) -> None:
        try:
            self.end_in_fair_weather()
        finally:
            for office in self.offices:
                office.close()
            self.store.close()

    def end_in_fair_weather(self) -> None:
        self.mail.weather = []
        for turn, hours in enumerate((0, 1, 1, 2, 4, 8, 16, 36, 36, 36)):
            self.at += timedelta(hours=hours)
            self.send(turn % 2, [])
        left = [(one.kind, one.state, one.attempts) for one in self.rows() if one.state not in ENDS]
        assert not left, "this has never come to its end"
        self.what_is_said_to_be_sent_has_come_and_what_waits_to_be_sent_has_not()


@pytest.mark.slow
def test_a_delivery_comes_to_one_end_in_any_weather(make_database: Callable[[], str], tmp_path: Path) -> None:
    Life.make_database = staticmethod(make_database)
    Life.folder = tmp_path
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=15, stateful_step_count=10, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


def test_the_week_of_the_machine_is_a_working_week() -> None:
    """Or reminders would wait for Monday, and the machine would prove less than it says."""
    assert oslo(BEGINS).weekday() == 1
