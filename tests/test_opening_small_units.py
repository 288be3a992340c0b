"""Opening a run where a unit is small: asked together with another, by name, or left alone."""

from storage.tables.sending import DeliveryKind
from tests.office import (
    OTHER_WARD,
    WARD,
    MakeOffice,
    said,
)
from tests.openings import FEW, opened, pulse, themes


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
