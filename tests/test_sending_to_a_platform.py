"""Sending to a platform that is strict and fickle: nothing is lost, nothing comes twice where it can be asked."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlmodel import select

from bot.channels.contract import Askable
from bot.outbox.pacing import Rate
from storage.outbox.in_hand import MOST_ATTEMPTS
from storage.tables import Delivery, Lane
from storage.tables.sending import DeliveryKind, DeliveryState
from tests.mail_ways import deliveries_to, open_office, reached, unreachable
from tests.office import MakeOffice, Office, oslo
from tests.recorder import Mood, Recorder, record
from tests.recorder_channel import AskableRecorderChannel, RecorderChannel
from tests.sendings import later, themes

AROUND_THE_CLOCK = "mon-sun 00:00-24:00"
MORNING = "2027-01-04 07:00"
MakePlatform = Callable[..., tuple[Office, Recorder]]


def person(number: int, name: str, mail: str) -> str:
    return reached(number, name, mail=mail).replace(";;;;", f";;{AROUND_THE_CLOCK};;", 1)


ADA = person(101, "Ada Berg", "ada@solvik.example")
JONAS = person(103, "Jonas Vik", "jonas@solvik.example")


@pytest.fixture
def make_platform(make_office: MakeOffice) -> Iterator[MakePlatform]:
    """A maker of an office that sends its mail to the tests' own platform, and that platform."""
    open_ones: list[tuple[Any, Office, RecorderChannel]] = []

    def make(
        *people: str, can_ask: bool = True, rate: Rate | None = None, at_once: int = 8, **mood: Any
    ) -> tuple[Office, Recorder]:
        recorder = Recorder(Mood(**mood))
        serving = record(recorder)
        url = serving.__enter__()
        office, _, _ = open_office(make_office, *(people or (ADA, JONAS)), flows=[themes(remind_after_days=[2])])
        kind = AskableRecorderChannel if can_ask else RecorderChannel
        channel = kind(url, rate, name="mail", at_once=at_once, timeout_seconds=2)
        office.parts.channels["mail"] = channel  # type: ignore[index]
        open_ones.append((serving, office, channel))
        return office, recorder

    yield make
    for serving, office, channel in open_ones:
        office.run(channel.close())
        serving.__exit__(None, None, None)


def came(recorder: Recorder) -> list[int]:
    """How often each message came."""
    return [len(times) for times in recorder.arrived.values()]


def states(office: Office, kind: DeliveryKind = DeliveryKind.welcome) -> list[str]:
    return [one.state for one in office.deliveries(kind)]


def test_a_message_whose_answer_was_lost_is_asked_about_and_not_sent_again(make_platform: MakePlatform) -> None:
    office, recorder = make_platform(lost=1)

    office.beat()
    lost = states(office)
    recorder.mood.lost = 0
    later(office, 9)
    too_early = states(office)
    later(office, 1)

    assert (lost, too_early) == (["uncertain"] * 2, ["uncertain"] * 2)
    assert states(office) == ["sent", "sent"]
    assert came(recorder) == [1, 1]
    assert {one.external_id for one in office.deliveries(DeliveryKind.welcome)} == set(recorder.ids.values())


def test_a_message_that_never_came_is_sent_when_the_platform_has_said_so(make_platform: MakePlatform) -> None:
    office, recorder = make_platform(vanished=1)

    office.beat()
    recorder.mood.vanished = 0
    later(office, 10)

    assert states(office) == ["sent", "sent"]
    assert came(recorder) == [1, 1]


def test_where_the_platform_cannot_be_asked_it_stands_as_uncertain_and_came_once(make_platform: MakePlatform) -> None:
    office, recorder = make_platform(can_ask=False, lost=1)

    office.beat()
    recorder.mood.lost = 0
    later(office, 3600)

    assert states(office) == ["uncertain", "uncertain"]
    assert came(recorder) == [1, 1]


def test_a_platform_that_hangs_after_taking_is_asked_too(make_platform: MakePlatform) -> None:
    office, recorder = make_platform(ADA, slow=1, hang_seconds=2.5)

    office.beat()
    hung = states(office)
    recorder.mood.slow = 0
    later(office, 10)

    assert hung == ["uncertain"]
    assert states(office) == ["sent"]
    assert came(recorder) == [1]


def test_what_was_in_the_hand_when_a_replica_died_is_asked_about_by_the_next(make_platform: MakePlatform) -> None:
    office, recorder = make_platform()
    office.world.at = oslo("2027-01-04 06:59")
    with office.parts.store.writing() as session:
        session.exec(select(Delivery)).all()
    office.beat()
    with office.parts.store.writing() as session:
        for one in session.exec(select(Delivery).where(Delivery.kind == DeliveryKind.welcome)):
            one.state = DeliveryState.sending  # as if the process had died before it heard that they were taken
            one.external_id = None
            session.add(one)

    later(office, 1)

    assert states(office) == ["sent", "sent"]
    assert came(recorder) == [1, 1]


def test_a_reminder_whose_answer_was_lost_leaves_no_trace_when_it_is_settled(make_platform: MakePlatform) -> None:
    office, recorder = make_platform()
    office.pass_time("2027-01-06 08:59")
    recorder.mood.lost = 1
    office.pass_time("2027-01-06 09:00")
    unsettled = states(office, DeliveryKind.reminder)
    recorder.mood.lost = 0

    later(office, 10)

    assert unsettled == ["uncertain", "uncertain"]
    assert states(office, DeliveryKind.reminder) == []
    assert set(came(recorder)) == {1}


def test_a_reminder_that_nobody_can_say_anything_about_is_deleted_when_the_run_closes(
    make_platform: MakePlatform,
) -> None:
    office, recorder = make_platform()
    office.pass_time("2027-01-06 08:59")
    recorder.mood.lost = 1
    office.pass_time("2027-01-06 09:00")

    office.jump_to("2027-01-25 09:00")

    assert states(office, DeliveryKind.reminder) == []


def test_one_refusal_for_being_too_fast_pauses_the_whole_lane(make_platform: MakePlatform) -> None:
    office, recorder = make_platform(
        *(person(101 + i, f"Ada{i} Berg", f"a{i}@solvik.example") for i in range(20)),
        at_once=2,
        per_second=0.001,
        burst=5,
        retry_after=30,
    )

    office.beat()
    first = dict(recorder.counts)
    later(office, 29)
    meanwhile = dict(recorder.counts)
    recorder.mood.per_second, recorder._closed_until = 1e9, 0  # on the platform's clock it is over too
    later(office, 1)

    assert first["429"] <= 2  # those that were on their way already
    assert first["200"] == 5
    assert meanwhile == first
    assert states(office) == ["sent"] * 20
    assert came(recorder) == [1] * 20


def test_after_a_pause_one_goes_ahead_to_see_whether_the_platform_takes_it(make_platform: MakePlatform) -> None:
    office, recorder = make_platform(
        *(person(101 + i, f"Ada{i} Berg", f"a{i}@solvik.example") for i in range(20)),
        per_second=0.001,
        burst=1,
        retry_after=30,
    )
    office.beat()
    before = recorder.counts["429"] + recorder.counts["in a pause"]

    later(office, 30)

    assert recorder.counts["429"] + recorder.counts["in a pause"] - before <= 2  # one call, which counts as both


def test_an_address_that_is_nobodys_gives_way_to_the_next_and_holds_up_no_other(make_platform: MakePlatform) -> None:
    office, _ = make_platform(person(101, "Ada Berg", "gone@solvik.example"), JONAS)

    office.beat()

    assert deliveries_to(office, "Ada", "welcome") == [("mail", "failed"), ("web", "sent")]
    assert deliveries_to(office, "Jonas", "welcome") == [("mail", "sent")]
    assert unreachable(office) == {"gone@solvik.example": "nobody (404)"}


def test_a_platform_with_trouble_gets_it_again_later(make_platform: MakePlatform) -> None:
    office, recorder = make_platform(broken=1)
    office.beat()
    waiting = states(office)
    recorder.mood.broken = 0

    later(office, 60)

    assert waiting == ["queued", "queued"]
    assert states(office) == ["sent", "sent"]
    assert came(recorder) == [1, 1]


def test_a_platform_that_never_says_is_asked_less_and_less_and_then_no_more(make_platform: MakePlatform) -> None:
    office, recorder = make_platform(ADA, lost=1)
    office.beat()
    channel: Any = office.parts.channels["mail"]
    asked: list[Any] = []

    async def find(address: str, reference: str, *, pace: object) -> str | None:
        asked.append(office.at)
        raise KeyError("a mistake in the channel")

    channel.find = find
    for _ in range(60):
        later(office, 3600)

    assert isinstance(channel, Askable)
    assert len(asked) == MOST_ATTEMPTS - 1
    assert states(office) == ["uncertain"]
    assert came(recorder) == [1]


def test_a_rate_that_the_platform_allows_is_kept_without_a_refusal(make_platform: MakePlatform) -> None:
    people = [person(101 + i, f"Ada{i} Berg", f"a{i}@solvik.example") for i in range(40)]
    office, recorder = make_platform(*people, rate=Rate(20, 4), per_second=40, burst=10)

    office.beat()

    assert came(recorder) == [1] * 40
    assert recorder.counts["429"] == 0


def test_a_lane_that_was_paused_while_some_waited_for_their_turn_sends_them_later(make_platform: MakePlatform) -> None:
    people = [person(101 + i, f"Ada{i} Berg", f"a{i}@solvik.example") for i in range(12)]
    office, _ = make_platform(*people, rate=Rate(20, 1), per_second=0.001, burst=1, retry_after=60)

    office.beat()
    tried = [one.attempts for one in office.deliveries(DeliveryKind.welcome, DeliveryState.queued)]

    assert len(tried) == 11
    assert sorted(tried)[:8] == [0] * 8  # only what the platform has refused was a try


def test_a_platform_that_takes_nothing_for_long_gives_way_to_the_next_address(make_platform: MakePlatform) -> None:
    people = [person(101 + i, f"Ada{i} Berg", f"a{i}@solvik.example") for i in range(30)]
    office, recorder = make_platform(*people, per_second=0.0001, burst=0, retry_after=60)

    office.pass_time("2027-01-05 16:59")
    before = {one.channel for one in office.deliveries(DeliveryKind.welcome)}
    office.pass_time("2027-01-05 18:30")

    rows = office.deliveries(DeliveryKind.welcome)
    assert before == {"mail"}
    assert {(one.channel, one.state) for one in rows} == {("mail", "failed"), ("web", "sent")}
    assert len(rows) == 60
    assert recorder.counts["200"] == 0
    assert unreachable(office) == {}
    with office.reading() as session:
        assert session.exec(select(Lane.down_since).where(Lane.name == "mail")).one() is not None
