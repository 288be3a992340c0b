"""Opening a run: who is asked and when, who is left alone and why, and what no later change touches."""

from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest

from flows.model import Flow
from storage.runs import people_asked, people_left_alone
from storage.tables.sending import DeliveryKind, DeliveryState
from tests.office import (
    ADA,
    GRACE,
    MALLORY,
    NIGHT,
    OTHER_WARD,
    PEOPLE,
    WARD,
    Office,
    crowd,
    line,
    on,
    oslo,
    said,
    shipped,
)

MakeOffice = Callable[..., Office]

MORNING = on("2027-01-04")
WARD_STAFF = (ADA, GRACE, *crowd(110, WARD, "Bo Cecilie Dan Elin Finn Gard Hege Iris"))  # ten
FEW = (ADA, GRACE, line(103, "Jonas Vik", WARD))


def pulse(**changes: object) -> Flow:
    return shipped("pulse", schedule=MORNING, **changes)


def themes(**changes: object) -> Flow:
    return shipped("theme_suggestion", schedule=MORNING, **changes)


def competence(**changes: object) -> Flow:
    return shipped("unused_competence", schedule=MORNING, **changes)


def opened(office: Office, until: str = "2027-01-04 12:00") -> dict[str, set[str]]:
    """After the first opening: who was asked, and who was left alone by reason, over all runs."""
    office.pass_time(until)
    found: dict[str, set[str]] = {"asked": set()}
    with office.reading() as session:
        for run in office.runs():
            found["asked"] |= office.names(people_asked(session, run.id or 0))
            for one in people_left_alone(session, run.id or 0):
                found.setdefault(one.reason, set()).update(office.names([one.person_id]))
    return found


def changed(people: Sequence[str], name: str, new: str) -> tuple[str, ...]:
    """The file with another line for one person."""
    assert any(name in one for one in people)
    return tuple(new if name in one else one for one in people)


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


# Small units


def test_a_small_unit_is_asked_together_with_another_where_the_flow_merges(make_office: MakeOffice) -> None:
    office = make_office(flows=[pulse(if_small="merge")])

    found = opened(office)

    assert {"Vera", "Wenche", "Nils", "Sverre"} <= found["asked"]
    assert "too_small" not in found


def test_a_small_unit_is_left_alone_where_the_flow_skips(make_office: MakeOffice) -> None:
    office = make_office(flows=[pulse(if_small="skip")])

    found = opened(office)

    assert found["too_small"] == {"Vera", "Wenche", "Nils", "Sverre"}
    assert found["asked"] == {*office.staff(WARD), *office.staff(OTHER_WARD)}
    assert said("left_alone.too_small") in office.home("Vera").text


def test_a_small_unit_is_asked_by_name_where_the_flow_says_so_and_reads_that_first(make_office: MakeOffice) -> None:
    office = make_office(flows=[pulse(if_small="named")])

    found = opened(office, "2027-01-04 22:00")
    vera = office.open("Vera", "pulse")
    ada = office.open("Ada", "pulse")

    assert said("promise.named") in vera.text
    assert "Nils Foss" in vera.text
    assert said("promise.anonymous") in ada.text
    assert found["nobody_to_read"] == {"Sverre"}  # at home at the top, with nobody above
    assert "too_small" not in found
    assert "Vera" in found["asked"]


def test_an_answer_from_a_small_unit_by_name_is_kept_with_the_name(make_office: MakeOffice) -> None:
    office = make_office(flows=[pulse(if_small="named")])
    office.pass_time("2027-01-04 22:00")

    receipt = office.answer("Vera", "pulse", {"learnt_needed": "weekly"})
    again = office.open("Vera", "pulse")

    assert "Nils Foss" in receipt.text
    assert said("answered.named_title") in again.text


def test_where_all_together_are_too_few_nobody_is_asked_and_the_deadline_passes_quietly(
    make_office: MakeOffice,
) -> None:
    office = make_office(flows=[pulse(), themes(name="themes_too")], people=FEW)

    found = opened(office)
    office.pass_time("2027-01-18 12:00")

    assert {one.about for one in office.deliveries(DeliveryKind.question)} == {f"run:{office.runs('themes_too')[0].id}"}
    assert found["too_small"] == {"Ada", "Grace", "Jonas"}
    assert [run.state for run in office.runs("pulse")] == ["closed"]
    assert office.deliveries(DeliveryKind.digest) == []  # there is nothing to say


# What opening freezes


def test_a_changed_flow_file_touches_no_open_run(make_office: MakeOffice) -> None:
    office = make_office(flows=[themes()], people=FEW)
    office.pass_time("2027-01-04 12:00")
    before = office.open("Ada", "theme_suggestion").text
    run = office.runs()[0]

    steps = [step.model_dump(by_alias=True, exclude_none=True) for step in themes().steps]
    steps[0]["fields"][0]["label"] = dict.fromkeys(("nb", "nn", "en"), "Noe helt annet?")
    office.flows["theme_suggestion"] = themes(steps=steps, deadline_days=100, retention_months=24)
    office.pass_time("2027-01-05 12:00")

    assert office.open("Ada", "theme_suggestion").text == before
    assert (office.runs()[0].flow_hash, office.runs()[0].closes_at) == (run.flow_hash, run.closes_at)
    office.pass_time("2027-01-15 12:00")
    assert office.runs()[0].state == "closed"


def test_a_flow_file_that_is_gone_closes_its_open_run_all_the_same(make_office: MakeOffice) -> None:
    office = make_office(flows=[themes()], people=FEW)
    office.pass_time("2027-01-04 12:00")

    del office.flows["theme_suggestion"]
    office.pass_time("2027-01-15 12:00")

    assert office.runs()[0].state == "closed"
    assert "Ada" in office.got(DeliveryKind.result)


def test_a_new_leader_does_not_read_what_was_promised_to_the_one_before(make_office: MakeOffice) -> None:
    office = make_office(flows=[competence()], people=FEW)
    office.pass_time("2027-01-04 12:00")

    succeeded = (*changed(FEW, "Grace", line(102, "Grace Lie", WARD)), line(500, "Hedda Sand", WARD, "leader"))
    office.import_people(succeeded)
    receipt = office.answer("Ada", "unused_competence", {"has_more": "yes", "competence": "Polsk", "tasks": "Turer"})
    office.pass_time("2027-01-11 12:00")

    assert "Grace Lie" in receipt.text
    assert "Hedda" not in receipt.text
    assert not any("Uka i" in message for message in office.inbox("Hedda"))


def test_who_moves_to_another_unit_counts_where_the_run_found_them(make_office: MakeOffice) -> None:
    office = make_office(flows=[pulse()])
    office.pass_time("2027-01-04 12:00")
    run = office.runs()[0]

    office.import_people(changed(PEOPLE, "Ada Berg", line(101, "Ada Berg", OTHER_WARD)))
    office.answer("Ada", "pulse", {"learnt_needed": "weekly"})
    office.pass_time("2027-01-15 12:00")

    assert office.runs()[0].partition == run.partition
    assert office.runs()[0].state == "closed"
    assert "Ada" in office.got(DeliveryKind.result)


def test_a_unit_that_is_gone_from_the_file_touches_no_open_run(make_office: MakeOffice) -> None:
    office = make_office(flows=[pulse()])
    office.pass_time("2027-01-04 12:00")

    moved = tuple(one.replace(f"{OTHER_WARD};", "Solvik / Avdeling 9;") for one in PEOPLE)
    office.import_people(moved)
    office.answer("Bente", "pulse", {"learnt_needed": "weekly"})
    office.pass_time("2027-01-15 12:00")

    assert office.runs()[0].state == "closed"
    assert {"Bente", "Ada"} <= office.got(DeliveryKind.result)


def test_whoever_comes_after_a_run_opened_is_not_asked_in_it(make_office: MakeOffice) -> None:
    office = make_office(flows=[themes()], people=FEW)
    office.pass_time("2027-01-04 12:00")

    office.import_people([*FEW, line(500, "Hedda Sand", WARD)])
    office.pass_time("2027-01-16 12:00")

    assert "Hedda" in office.got(DeliveryKind.welcome)
    assert "Hedda" not in office.got(DeliveryKind.question) | office.got(DeliveryKind.result)


def test_whoever_leaves_while_a_question_waits_does_not_get_it(make_office: MakeOffice) -> None:
    night = line(401, "Vera Sand", NIGHT, hours="mon-sun 21:00-07:00")
    office = make_office(flows=[themes()], people=[*FEW, night])
    office.pass_time("2027-01-04 12:00")

    office.import_people(FEW)
    office.pass_time("2027-01-05 12:00")

    assert "Vera" not in office.got(DeliveryKind.question)
    assert office.deliveries(DeliveryKind.question, DeliveryState.queued) == []


@pytest.mark.parametrize("employer", ["Solvik", "Staten"])
def test_each_employer_decides_for_its_own_people_alone(make_office: MakeOffice, employer: str) -> None:
    people = (*FEW, MALLORY, line(501, "Nora Strand", "Solvik", "leader"))
    office = make_office(flows=[competence()], people=people, discussed_by=[employer])

    found = opened(office)

    assert found["asked"] == ({"Ada", "Grace", "Jonas"} if employer == "Solvik" else {"Mallory"})
