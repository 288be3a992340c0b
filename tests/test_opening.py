"""Opening a run: who is asked and when, and who is left alone and why."""

from datetime import timedelta

import pytest

from storage.tables.sending import DeliveryKind
from tests.office import (
    ADA,
    MALLORY,
    NIGHT,
    OTHER_WARD,
    PEOPLE,
    WARD,
    MakeOffice,
    crowd,
    line,
    on,
    oslo,
    said,
    shipped,
)
from tests.openings import FEW, MORNING, WARD_STAFF, competence, opened, pulse, themes


def test_everybody_in_the_unit_and_below_it_is_asked(make_office: MakeOffice) -> None:
    office = make_office(flows=[themes()])

    found = opened(office)

    assert len(found["asked"]) == len({one.split(";")[0] for one in PEOPLE})
    assert found.keys() == {"asked"}


def test_a_flow_for_one_unit_asks_that_unit_alone(make_office: MakeOffice) -> None:
    office = make_office(flows=[themes(audience={"units": [OTHER_WARD]})])

    found = opened(office)

    assert found == {"asked": set(office.staff(OTHER_WARD))}


def test_a_flow_for_leaders_asks_leaders_alone(make_office: MakeOffice) -> None:
    office = make_office(flows=[themes(audience={"people": "leaders"})])

    assert opened(office) == {"asked": {"Sverre", "Grace", "Turid", "Nils"}}


def test_without_a_recorded_discussion_nobody_is_asked_about_staff(make_office: MakeOffice) -> None:
    office = make_office(flows=[pulse()], people=WARD_STAFF, discussed_by=[])

    found = opened(office)

    assert found["asked"] == set()
    assert "Ada" in found["not_discussed"]


def test_a_discussion_missing_for_one_of_two_employers_leaves_just_those_people_alone(make_office: MakeOffice) -> None:
    office = make_office(flows=[pulse()], discussed_by=["Solvik"])

    found = opened(office)

    assert found["not_discussed"] == {"Mallory", "Frode"}
    assert {"Ada", "Turid", "Vera"} <= found["asked"]
    reason = said("left_alone.not_discussed")
    assert reason in office.home("Mallory").text
    assert reason not in office.home("Ada").text


def test_a_discussion_of_one_unit_does_not_cover_the_unit_beside_it(make_office: MakeOffice) -> None:
    office = make_office(flows=[pulse()], discussed_by=[])
    office.record_discussion("pulse", "Solvik", unit=WARD)

    found = opened(office)

    assert found["asked"] == set(office.staff(WARD))
    assert "Turid" in found["not_discussed"]


def test_a_discussion_held_after_the_run_opened_counts_from_the_next_one(make_office: MakeOffice) -> None:
    flow = pulse(deadline_days=2, remind_after_days=[]).model_copy(
        update={"schedule": shipped("pulse", schedule=on("2027-01-04", "2027-01-11")).schedule}
    )
    office = make_office(flows=[flow], people=WARD_STAFF, discussed_by=[])
    office.record_discussion("pulse", "Solvik", held_on="2027-01-05")

    found = opened(office)
    office.pass_time("2027-01-11 12:00")

    assert found["asked"] == set()
    assert "Ada" in office.got(DeliveryKind.question)


def test_people_are_left_alone_who_said_so_or_are_away(make_office: MakeOffice) -> None:
    people = (
        *WARD_STAFF,
        line(401, "Linn Sand", WARD, leave="2027-01-01/2027-01-31"),
        line(402, "Wenche Sand", WARD, hours="sun 10:00-12:00"),
        *crowd(403, WARD, "Dag Petra"),
    )
    office = make_office(flows=[pulse(deadline_days=5, remind_after_days=[])], people=people)
    office.home("Dag").tap("decline")
    office.home("Petra").tap("pause")

    found = opened(office)

    assert found["declined"] == {"Dag"}
    assert found["paused"] == {"Petra"}
    assert found["away"] == {"Linn"}
    assert found["no_time_before_deadline"] == {"Wenche"}
    assert {"Dag", "Petra", "Linn", "Wenche"}.isdisjoint(found["asked"])
    office.pass_time("2027-01-09 12:00")
    assert {"Dag", "Petra", "Linn", "Wenche"}.isdisjoint(office.got(DeliveryKind.question))


def test_each_is_asked_in_the_own_working_hours(make_office: MakeOffice) -> None:
    at_night = line(401, "Vera Sand", NIGHT, hours="mon-sun 21:00-07:00")
    people = (*FEW, at_night, line(402, "Linn Sand", WARD, leave="2027-01-01/2027-01-06"))
    office = make_office(flows=[themes()], people=people)

    office.pass_time("2027-01-10 12:00")

    asked = {one.person_id: one.sent_at for one in office.deliveries(DeliveryKind.question)}
    assert asked[office.id_of("Ada")] == oslo("2027-01-04 09:00")
    assert asked[office.id_of("Vera")] == oslo("2027-01-04 21:00")
    assert asked[office.id_of("Linn")] == oslo("2027-01-07 08:00")


def test_a_flow_that_skips_leaves_alone_whoever_was_asked_enough(make_office: MakeOffice) -> None:
    second = shipped("theme_suggestion", name="second", schedule=on("2027-01-05"), if_over_budget="skip")
    office = make_office(flows=[themes(), second], people=FEW, most_questions=1)

    found = opened(office, "2027-01-05 12:00")

    assert found["asked_enough"] == {"Ada", "Grace", "Jonas"}
    assert len(office.deliveries(DeliveryKind.question)) == 3


def test_a_flow_that_waits_asks_later_when_there_is_room_again(make_office: MakeOffice) -> None:
    second = shipped(
        "theme_suggestion", name="second", schedule=on("2027-01-25"), deadline_days=20, if_over_budget="wait"
    )
    office = make_office(flows=[themes(), second], people=FEW, most_questions=1)

    office.pass_time("2027-02-12 12:00")

    asked = [one.sent_at for one in office.deliveries(DeliveryKind.question) if one.person_id == office.id_of("Ada")]
    assert asked == [oslo("2027-01-04 09:00"), oslo("2027-01-04 09:00") + timedelta(days=30)]


def test_two_flows_of_the_same_morning_share_the_attention(make_office: MakeOffice) -> None:
    second = shipped("theme_suggestion", name="second", schedule=MORNING, if_over_budget="skip")
    office = make_office(flows=[themes(), second], people=FEW, most_questions=1)

    assert opened(office)["asked_enough"] == {"Ada", "Grace", "Jonas"}


def test_a_named_answer_goes_to_the_nearest_leader_who_is_not_oneself(make_office: MakeOffice) -> None:
    office = make_office(flows=[competence()])
    office.pass_time("2027-01-04 12:00")

    assert "Grace Lie" in office.open("Ada", "unused_competence").text
    assert "Sverre Dalhaug" in office.open("Grace", "unused_competence").text
    assert "Send til Grace" in office.open("Jonas", "unused_competence").tap("send", {"has_more": "no"}).text


def test_whoever_has_no_leader_above_is_not_asked_by_name(make_office: MakeOffice) -> None:
    office = make_office(flows=[competence()])

    found = opened(office)

    assert found["nobody_to_read"] == {"Sverre"}
    assert "Sverre" not in found["asked"]


def test_without_any_leader_nobody_is_asked_by_name(make_office: MakeOffice) -> None:
    office = make_office(flows=[competence()], people=[ADA, line(103, "Jonas Vik", WARD)])

    assert opened(office) == {"asked": set(), "nobody_to_read": {"Ada", "Jonas"}}


@pytest.mark.parametrize("employer", ["Solvik", "Staten"])
def test_each_employer_decides_for_its_own_people_alone(make_office: MakeOffice, employer: str) -> None:
    people = (*FEW, MALLORY, line(501, "Nora Strand", "Solvik", "leader"))
    office = make_office(flows=[competence()], people=people, discussed_by=[employer])

    found = opened(office)

    assert found["asked"] == ({"Ada", "Grace", "Jonas"} if employer == "Solvik" else {"Mallory"})
