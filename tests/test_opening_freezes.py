"""Opening freezes a run: no later change of file, leader, unit or people touches it."""

from storage.tables.sending import DeliveryKind, DeliveryState
from tests.office import (
    NIGHT,
    OTHER_WARD,
    PEOPLE,
    WARD,
    MakeOffice,
    line,
)
from tests.openings import FEW, changed, competence, pulse, themes


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
