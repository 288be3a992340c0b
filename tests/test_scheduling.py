"""The tick: what is due happens, once, however often, however late and from however many places it is looked at."""

import asyncio
from collections import Counter
from threading import Thread

from sqlmodel import select

from bot.scheduling import find_next_moment, tick
from bot.trouble import Trouble
from storage.log import entries_of, find_break
from storage.tables import Delivery, Digest, Person, Run
from storage.tables.sending import DeliveryKind, DeliveryState
from tests.office import ADA, WARD, MakeOffice, Office, line, on, oslo, shipped
from tests.schedules import STAFF, beat_together, pulse, weekly


def test_a_run_opens_at_its_time_and_not_before(make_office: MakeOffice) -> None:
    office = make_office(people=STAFF, flows=[weekly(4)])

    office.pass_time("2027-01-04 08:59")
    before = office.runs()
    office.pass_time("2027-01-04 09:00")

    assert before == []
    assert [(run.flow, run.opens_at, run.slot) for run in office.runs()] == [
        ("weekly", oslo("2027-01-04 09:00"), "09:00")
    ]


def test_a_run_opens_once_however_often_the_tick_repeats(make_office: MakeOffice) -> None:
    office = make_office(people=STAFF, flows=[weekly(4)])
    office.pass_time("2027-01-04 09:00")

    for minute in ("09:00", "09:01", "09:01", "09:02"):
        office.jump_to(f"2027-01-04 {minute}")

    assert len(office.runs()) == 1
    asked = Counter(one.person_id for one in office.deliveries(DeliveryKind.question))
    assert set(asked.values()) == {1}


def test_a_clock_that_goes_back_changes_nothing(make_office: MakeOffice) -> None:
    office = make_office(people=STAFF, flows=[weekly(4)])
    office.jump_to("2027-01-04 09:30")
    office.jump_to("2027-01-04 08:30")
    office.jump_to("2027-01-04 09:30")

    office.jump_to("2027-01-11 09:00")

    assert [str(run.local_date) for run in office.runs()] == ["2027-01-11"]  # the first look saw no further back


def test_two_that_tick_at_once_open_remind_and_tell_once(make_office: MakeOffice) -> None:
    """Two processes on one database, each with a writer of its own."""
    flows = [weekly(4), pulse(schedule=on("2027-01-04"), deadline_days=7, remind_after_days=[2])]
    first, second = make_office(flows=flows, people=STAFF), make_office(flows=flows, people=STAFF)
    morning = "2027-01-04 09:00"
    first.jump_to("2027-01-04 08:50")

    for moment in (morning, "2027-01-06 09:00", "2027-01-11 09:00"):
        beat_together([first, second], moment)

    with first.reading() as session:
        runs = Counter((run.flow, run.local_date) for run in session.exec(select(Run)))
        digests = Counter((one.person_id, one.unit_id, one.local_date) for one in session.exec(select(Digest)))
        sent = session.exec(select(Delivery)).all()
    assert len(runs) == 3
    assert set(runs.values()) == {1}
    assert set(digests.values()) <= {1}
    assert {one.attempts for one in sent if one.state == DeliveryState.sent} == {1}
    assert {one.kind for one in sent} >= {DeliveryKind.welcome, DeliveryKind.question, DeliveryKind.result}


def test_two_processes_that_write_at_once_keep_the_chain_of_the_log(make_office: MakeOffice) -> None:
    offices = [make_office(flows=[], people=STAFF) for _ in range(2)]
    urls = {name: offices[0].home(name) for name in ("Ada", "Jonas")}
    failures: list[object] = []

    def press(office: Office, name: str) -> None:
        page = urls[name]
        for action in ["pause", "resume"] * 15:
            seen = asyncio.run(office.door.act(page.proof, None, action, {}, ""))
            failures.extend([seen] if isinstance(seen, Trouble) else [])

    threads = [Thread(target=press, args=pair) for pair in zip(offices, urls, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with offices[0].reading() as session:
        entries = entries_of(session)
    assert failures == []
    assert find_break(entries) is None
    assert sum(entry.action in ("pause", "resume") for entry in entries) == 60


def test_what_a_standstill_held_up_counts_in_the_month_in_which_it_came(make_office: MakeOffice) -> None:
    first = shipped("theme_suggestion", name="first", schedule=on("2027-01-04", time="16:00"), minutes=4)
    second = shipped("theme_suggestion", name="second", schedule=on("2027-02-08"), minutes=4, if_over_budget="skip")
    office = make_office(people=STAFF, flows=[first, second])
    office.pass_time("2027-01-04 16:30")  # planned for Tuesday morning
    office.jump_to("2027-01-14 12:00")

    office.pass_time("2027-02-08 12:00")

    about_first, about_second = (f"run:{run.id}" for run in office.runs())
    assert "Ada" in office.got(DeliveryKind.question, about=about_first)
    assert "Ada" not in office.got(DeliveryKind.question, about=about_second)


def test_after_a_standstill_only_the_newest_of_the_missed_occurrences_opens_and_once(make_office: MakeOffice) -> None:
    office = make_office(people=STAFF, flows=[weekly(4)])
    office.pass_time("2027-01-04 08:00")

    office.jump_to("2027-01-26 10:00")  # three Mondays later, on a Tuesday
    office.jump_to("2027-01-26 10:01")

    assert [str(run.local_date) for run in office.runs()] == ["2027-01-25"]
    assert office.runs()[0].closes_at == oslo("2027-01-29 09:00")  # the deadline is not moved


def test_nothing_opens_after_its_deadline_has_passed(make_office: MakeOffice) -> None:
    office = make_office(people=STAFF, flows=[weekly(1)])
    office.pass_time("2027-01-04 08:00")

    office.jump_to("2027-01-26 09:00")

    assert office.runs() == []


def test_a_deadline_is_at_the_same_wall_clock_when_clocks_have_changed(make_office: MakeOffice) -> None:
    office = make_office(people=STAFF, flows=[pulse(schedule=on("2027-03-22"))], begins="2027-03-22 07:00")

    office.pass_time("2027-03-22 12:00")
    run = office.runs()[0]

    assert (run.opens_at, run.closes_at) == (oslo("2027-03-22 09:00"), oslo("2027-04-02 09:00"))
    assert (run.closes_at - run.opens_at).total_seconds() == (11 * 24 - 1) * 3600


def test_nothing_opens_after_its_deadline_in_the_hour_that_spring_leaves_out(make_office: MakeOffice) -> None:
    office = make_office(people=STAFF, flows=[pulse(schedule=on("2027-03-22"))], begins="2027-03-22 07:00")
    office.beat()

    office.jump_to("2027-04-02 09:30")  # eleven times 24 hours have not passed yet, the deadline has

    assert office.runs() == []


def test_a_flow_at_half_past_two_opens_once_in_the_night_in_which_that_comes_twice(make_office: MakeOffice) -> None:
    office = make_office(
        people=STAFF, flows=[pulse(schedule=on("2027-10-31", time="02:30"))], begins="2027-10-31 00:10"
    )

    office.pass_time("2027-10-31 08:00")

    assert [(run.slot, run.opens_at) for run in office.runs()] == [("02:30", oslo("2027-10-31 02:30"))]


def test_a_flow_at_half_past_two_opens_in_the_night_in_which_that_never_comes(make_office: MakeOffice) -> None:
    office = make_office(
        people=STAFF, flows=[pulse(schedule=on("2027-03-28", time="02:30"))], begins="2027-03-28 00:10"
    )

    office.pass_time("2027-03-28 08:00")

    assert [(run.slot, run.opens_at) for run in office.runs()] == [("02:30", oslo("2027-03-28 03:00"))]


def test_everybody_new_is_greeted_once_at_work_and_before_being_asked(make_office: MakeOffice) -> None:
    office = make_office(people=STAFF, flows=[weekly(4)])
    office.pass_time("2027-01-04 07:59")
    before = office.got(DeliveryKind.welcome)

    office.pass_time("2027-01-04 12:00")
    office.import_people([*STAFF, line(400, "Wilma Sand", WARD)])
    office.pass_time("2027-01-12 12:00")

    greeted = Counter(one.person_id for one in office.deliveries(DeliveryKind.welcome))
    assert before == set()
    assert set(greeted.values()) == {1}
    assert len(greeted) == len(STAFF) + 1
    assert ["Hei, Wilma!" in message for message in office.inbox("Wilma")] == [True, False]  # asked after that


def test_who_is_away_for_long_is_greeted_on_coming_back(make_office: MakeOffice) -> None:
    away = line(400, "Wilma Sand", WARD, leave="2027-01-01/2027-06-30")
    office = make_office(flows=[], people=[ADA, away])

    office.pass_time("2027-06-30 23:00")
    before = office.got(DeliveryKind.welcome)
    office.pass_time("2027-07-01 12:00")

    assert before == {"Ada"}
    assert office.got(DeliveryKind.welcome) == {"Ada", "Wilma"}


def test_a_key_that_cannot_be_destroyed_holds_up_nothing_and_is_tried_again(make_office: MakeOffice) -> None:
    office = make_office(people=STAFF, flows=[pulse(deadline_days=1, remind_after_days=[])])
    office.pass_time("2027-01-12 08:00")
    run = office.runs()[0]
    key = office.parts.keys.folder / f"run-{run.id}.key"

    async def close_and_block() -> None:
        await office.parts.writer.do(lambda session: tick(session, office.parts, run.closes_at))
        key.unlink()
        key.mkdir()  # in the way: it cannot be opened as a file, whoever runs the tests

    office.run(close_and_block())
    office.pass_time("2027-01-12 09:00")
    told, is_destroyed = office.got(DeliveryKind.result), office.runs()[0].key_destroyed
    key.rmdir()
    office.pass_time("2027-01-12 09:01")

    assert "Ada" in told
    assert not is_destroyed
    assert office.runs()[0].key_destroyed


def test_the_next_moment_is_when_the_next_thing_happens(make_office: MakeOffice) -> None:
    office = make_office(people=STAFF, flows=[pulse()])
    office.pass_time("2027-01-11 09:00")
    found = []

    for _ in range(5):
        with office.reading() as session:
            moment = find_next_moment(session, office.parts, office.at)
        assert moment is not None
        office.run(office.world.move_to(moment))
        found.append(moment)

    assert found == [
        oslo("2027-01-11 21:00"),  # those at work at night are asked
        oslo("2027-01-18 08:00"),  # digests
        oslo("2027-01-18 09:00"),  # a reminder
        oslo("2027-01-18 21:00"),  # the same at night
        oslo("2027-01-22 09:00"),  # the deadline
    ]


def test_a_person_without_an_address_is_left_in_peace_by_every_tick(make_office: MakeOffice) -> None:
    office = make_office(people=STAFF, flows=[])
    with office.parts.store.writing() as session:
        session.add(Person(number="999", name="Zara Moen"))

    office.pass_time("2027-01-05 12:00")

    assert "Zara" not in office.got(DeliveryKind.welcome)
