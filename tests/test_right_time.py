"""At the right time: Easter and other holidays, shifts, what suits people, who goes first, and standstills."""

from typing import Any

import pytest

from flows.attention import LeftAlone
from flows.text import LANGUAGES
from storage.runs import asked_since, people_left_alone
from storage.tables import Person
from storage.tables.sending import DeliveryKind, DeliveryState
from tests.office import ADA, GRACE, WARD, MakeOffice, Office, Post, crowd, line, on, oslo, said, shipped
from tests.rosters import import_roster
from tests.schedules import STAFF, pulse, weekly
from tests.test_reminders import reminders

EASTER = {"begins": "2027-03-22 07:00", "people": STAFF}  # the Monday before


def asked_at(office: Office, name: str, flow: str) -> Any:
    """When the person got the one question of a flow that there is."""
    [run] = office.runs(flow)
    [when] = [
        one.sent_at
        for one in office.deliveries(DeliveryKind.question, DeliveryState.sent, about=f"run:{run.id}")
        if one.person_id == office.id_of(name)
    ] or [None]
    return when


def reason(office: Office, name: str, flow: str) -> str | None:
    """Why the person is left alone by the one run of a flow."""
    [run] = office.runs(flow)
    with office.reading() as session:
        found = {one.person_id: one.reason for one in people_left_alone(session, run.id or 0)}
    return found.get(office.id_of(name))


def suit(office: Office, name: str, hours: str) -> None:
    with office.parts.store.writing() as session:
        session.get_one(Person, office.id_of(name)).suits = hours


# Holidays


def test_nobody_in_ordinary_hours_is_asked_at_easter_and_those_on_shift_are(make_office: MakeOffice) -> None:
    office = make_office(flows=[pulse(schedule=on("2027-03-25"))], **EASTER)
    import_roster(office, "103;2027-03-22 07:00;14:45", "103;2027-03-26 07:00;14:45", "103;2027-04-02 07:00;14:45")

    office.pass_time("2027-03-30 12:00")

    assert asked_at(office, "Ada", "pulse") == oslo("2027-03-30 08:00")
    assert asked_at(office, "Jonas", "pulse") == oslo("2027-03-26 07:30")


def test_a_digest_and_a_result_wait_for_the_day_after_whit_monday(make_office: MakeOffice) -> None:
    """Whit Monday and Constitution Day are one day in 2027."""
    flows = [weekly(4), pulse(schedule=on("2027-05-06"), deadline_days=11)]
    office = make_office(flows=flows, people=STAFF, begins="2027-05-05 07:00")
    office.pass_time("2027-05-11 12:00")
    office.answer("Ada", "weekly", {"suggestion": "Munnstell"})

    office.pass_time("2027-05-18 08:00")

    told = office.deliveries(DeliveryKind.digest) + office.deliveries(DeliveryKind.result)
    sent = {(one.kind, one.person_id): one.sent_at for one in told if one.sent_at and one.sent_at > oslo("2027-05-17")}
    assert office.runs("pulse")[0].closed_at == oslo("2027-05-17 08:00")  # with the digest of that Monday
    assert min(sent.values()) == oslo("2027-05-18 00:00")  # to those who work at night
    assert sent[DeliveryKind.digest, office.id_of("Grace")] == oslo("2027-05-18 08:00")
    assert sent[DeliveryKind.result, office.id_of("Ada")] == oslo("2027-05-18 08:00")


def test_a_round_that_is_open_on_holidays_alone_says_so_to_the_person_and_in_every_language(
    make_office: MakeOffice,
) -> None:
    office = make_office(flows=[pulse(schedule=on("2027-03-25"), deadline_days=4, remind_after_days=[])], **EASTER)

    office.pass_time("2027-03-25 12:00")

    assert reason(office, "Ada", "pulse") == LeftAlone.holiday
    for language in LANGUAGES:
        assert said("left_alone.holiday", language) in office.home("Ada", language).text


def test_who_has_no_shift_before_the_deadline_reads_that(make_office: MakeOffice) -> None:
    office = make_office(flows=[pulse()], people=STAFF)
    import_roster(office, "101;2027-01-08 14:30;22:15", "101;2027-01-25 14:30;22:15")

    office.pass_time("2027-01-11 12:00")

    assert reason(office, "Ada", "pulse") == LeftAlone.no_shift
    assert said("left_alone.no_shift") in office.home("Ada").text


def test_a_roster_that_ends_before_the_deadline_leaves_the_rest_to_own_hours(make_office: MakeOffice) -> None:
    office = make_office(flows=[pulse()], people=STAFF)
    import_roster(office, "101;2027-01-04 14:30;22:15", "101;2027-01-08 14:30;22:15")

    office.pass_time("2027-01-11 12:00")

    assert asked_at(office, "Ada", "pulse") == oslo("2027-01-11 09:00")


def test_a_shift_that_is_taken_away_meanwhile_lets_the_question_wait_for_the_next(make_office: MakeOffice) -> None:
    office = make_office(flows=[pulse()], people=STAFF)
    import_roster(office, "101;2027-01-04 14:30;22:15", "101;2027-01-12 14:30;22:15", "101;2027-01-14 14:30;22:15")
    office.pass_time("2027-01-11 12:00")

    import_roster(office, "101;2027-01-04 14:30;22:15", "101;2027-01-14 14:30;22:15")
    office.pass_time("2027-01-15 12:00")

    assert asked_at(office, "Ada", "pulse") == oslo("2027-01-14 15:00")


def test_a_person_is_asked_when_it_suits_them(make_office: MakeOffice) -> None:
    office = make_office(flows=[pulse()], people=STAFF)
    suit(office, "Ada", "mon-sun 13:00-17:00")

    office.pass_time("2027-01-11 16:00")

    assert asked_at(office, "Ada", "pulse") == oslo("2027-01-11 13:00")
    assert asked_at(office, "Jonas", "pulse") == oslo("2027-01-11 09:00")


# Who goes first


def rivals(**priorities: str) -> list[Any]:
    """Flows of four minutes that fall due together: no two of them fit into a month."""
    return [
        shipped(
            "theme_suggestion", name=name, schedule=on("2027-01-11"), minutes=4, if_over_budget="skip", priority=one
        )
        for name, one in priorities.items()
    ]


def test_of_flows_due_together_the_higher_priority_gets_the_budget(make_office: MakeOffice) -> None:
    office = make_office(flows=rivals(first="low", second="normal", third="high"), people=STAFF)

    office.pass_time("2027-01-11 12:00")

    assert asked_at(office, "Ada", "third") == oslo("2027-01-11 09:00")
    assert {reason(office, "Ada", name) for name in ("first", "second")} == {LeftAlone.asked_enough}


def test_after_a_standstill_the_higher_priority_goes_first_too(make_office: MakeOffice) -> None:
    flows = rivals(first="normal", second="high")
    flows[0] = shipped("theme_suggestion", **{**flows[0].to_json(), "schedule": on("2027-01-08")})
    office = make_office(flows=flows, people=STAFF)
    office.beat()

    office.jump_to("2027-01-12 10:00")

    assert asked_at(office, "Ada", "second") == oslo("2027-01-12 10:00")
    assert reason(office, "Ada", "first") == LeftAlone.asked_enough


def test_what_lower_priority_waits_for_comes_when_there_is_room(make_office: MakeOffice) -> None:
    flows = rivals(first="low", second="high")
    flows[0] = shipped(
        "theme_suggestion", **{**flows[0].to_json(), "if_over_budget": "wait", "deadline_days": 60, "minutes": 4}
    )
    office = make_office(flows=flows, people=STAFF)

    office.pass_time("2027-02-15 12:00")

    assert asked_at(office, "Ada", "second") == oslo("2027-01-11 09:00")
    assert asked_at(office, "Ada", "first") == oslo("2027-02-10 09:00")  # thirty days later


def test_a_flow_with_another_priority_is_refused() -> None:
    with pytest.raises(ValueError, match="'high', 'normal' or 'low'"):
        pulse(priority="urgent")


def test_what_was_asked_is_counted_with_its_minutes(make_office: MakeOffice) -> None:
    office = make_office(flows=[pulse(), weekly(4)], people=STAFF)
    office.pass_time("2027-01-11 12:00")

    with office.reading() as session:
        everything, later = (
            sorted(asked_since(session, oslo(since))[office.id_of("Ada")])
            for since in ("2027-01-04 08:00", "2027-01-04 09:00")
        )
    minutes = sorted(office.flows[name].minutes for name in ("weekly", "pulse"))
    monday = [(oslo("2027-01-11 09:00"), spent) for spent in minutes]
    assert everything == [(oslo("2027-01-04 09:00"), office.flows["weekly"].minutes), *monday]
    assert later == monday


# Reminders, and standstills


def test_reminders_that_easter_brings_together_are_one(make_office: MakeOffice) -> None:
    """After three days is Maundy Thursday, after seven Easter Monday: both would come on Tuesday."""
    flow = pulse(schedule=on("2027-03-22"), remind_after_days=[3, 7])
    office = make_office(flows=[flow], post=Post(), **EASTER)

    office.pass_time("2027-03-29 22:00")
    before = reminders(office, "Ada")
    office.pass_time("2027-04-01 22:00")

    assert (before, reminders(office, "Ada")) == (0, 1)


def test_there_are_two_reminders_at_most_and_days_between_them(make_office: MakeOffice) -> None:
    office = make_office(flows=[pulse(remind_after_days=[3, 7])], people=STAFF, post=Post())

    counts = []
    for day in ("2027-01-13 22:00", "2027-01-14 22:00", "2027-01-17 22:00", "2027-01-18 12:00", "2027-01-22 08:59"):
        office.pass_time(day)
        counts.append(reminders(office, "Ada"))

    assert counts == [0, 1, 1, 2, 2]


def test_a_standstill_over_both_reminders_is_made_up_for_by_one(make_office: MakeOffice) -> None:
    office = make_office(flows=[pulse(remind_after_days=[2, 4])], people=STAFF, post=Post())
    office.pass_time("2027-01-11 12:00")

    office.jump_to("2027-01-18 10:00")
    office.pass_time("2027-01-22 08:59")

    assert reminders(office, "Ada") == 1


def test_a_late_reminder_is_not_followed_by_the_next_within_the_hour(make_office: MakeOffice) -> None:
    office = make_office(flows=[pulse(remind_after_days=[2, 4])], people=STAFF, post=Post())
    office.pass_time("2027-01-11 12:00")

    office.jump_to("2027-01-15 08:30")  # half an hour before the second is due
    office.pass_time("2027-01-22 08:59")

    assert reminders(office, "Ada") == 1


def test_for_whom_a_reminder_waits_no_second_one_is_queued(make_office: MakeOffice) -> None:
    office = make_office(flows=[pulse(remind_after_days=[3, 7])], people=STAFF, post=Post())
    import_roster(office, "101;2027-01-11 08:00;16:00", "101;2027-01-19 08:00;16:00", "101;2027-01-25 08:00;16:00")

    office.pass_time("2027-01-22 08:59")

    assert asked_at(office, "Ada", "pulse") == oslo("2027-01-11 09:00")
    assert reminders(office, "Ada") == 1  # on her one shift


def test_nobody_is_reminded_at_a_weekend_not_even_on_shift(make_office: MakeOffice) -> None:
    office = make_office(flows=[pulse(remind_after_days=[4])], people=STAFF, post=Post())
    import_roster(office, "101;2027-01-11 08:00;16:00", "101;2027-01-16 08:00;16:00", "101;2027-01-17 22:00;07:00")

    office.pass_time("2027-01-22 08:59")

    assert office.post is not None
    letters = [one for one in office.post.sent if one.address == "101"]
    assert letters[-1].at == oslo("2027-01-18 00:00")  # after midnight, on the shift that began on Sunday


def test_a_standstill_over_easter_is_made_up_for_once_on_the_first_day_at_work(make_office: MakeOffice) -> None:
    office = make_office(flows=[weekly(4), pulse(schedule=on("2027-03-25"), deadline_days=8)], **EASTER)
    office.pass_time("2027-03-22 08:00")

    office.jump_to("2027-03-29 14:00")  # Easter Monday; both Mondays' rounds and the pulse were missed
    on_the_day = office.got(DeliveryKind.question)
    office.jump_to("2027-03-30 10:00")
    office.jump_to("2027-03-30 10:01")

    assert "Ada" not in on_the_day
    assert [str(run.local_date) for run in office.runs("weekly")] == ["2027-03-29"]
    assert asked_at(office, "Ada", "weekly") == oslo("2027-03-30 10:00")
    assert asked_at(office, "Ada", "pulse") == oslo("2027-03-30 10:00")
    digests = [one.person_id for one in office.deliveries(DeliveryKind.digest)]
    assert len(digests) == len(set(digests))


def test_who_was_at_work_in_the_standstill_alone_reads_why_nothing_came(make_office: MakeOffice) -> None:
    people = [*STAFF, line(400, "Wilma Sand", WARD, hours="mon 08:00-15:30")]
    office = make_office(flows=[weekly(4)], people=people)
    office.beat()

    office.jump_to("2027-01-12 10:00")  # Monday has passed

    assert asked_at(office, "Ada", "weekly") == oslo("2027-01-12 10:00")
    assert reason(office, "Wilma", "weekly") == LeftAlone.no_time_before_deadline
    assert said("left_alone.no_time_before_deadline") in office.home("Wilma").text


def test_somebody_on_shift_on_new_years_night_is_asked_in_the_year_that_has_come(make_office: MakeOffice) -> None:
    people = [ADA, GRACE, *crowd(500, WARD, "Bo Cecilie Dan Elin Finn Gard Hege Iris")]
    office = make_office(
        flows=[pulse(schedule=on("2028-01-01", time="00:30"))], people=people, begins="2027-12-30 07:00"
    )
    import_roster(office, "101;2027-12-31 22:00;07:15", "101;2028-01-05 22:00;07:15")

    office.pass_time("2028-01-03 12:00")

    assert asked_at(office, "Ada", "pulse") == oslo("2028-01-01 00:30")
    assert asked_at(office, "Grace", "pulse") == oslo("2028-01-03 08:00")
