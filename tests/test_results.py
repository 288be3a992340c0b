"""Results: the same words to everybody who was asked, and last time's figures only where they compare."""

from collections.abc import Sequence

import pytest
from sqlmodel import select

from bot.cards import Chart
from storage.tables import Answer, PublicationRow
from storage.tables.sending import DeliveryKind
from tests.closings import NAMES, STAFF, answer_all, pulse
from tests.office import NIGHT, OTHER_WARD, WARD, MakeOffice, crowd, line, on, said, shipped


def test_the_result_goes_to_everybody_who_was_asked_whether_or_not_they_answered(make_office: MakeOffice) -> None:
    office = make_office(flows=[pulse()], people=STAFF)
    office.pass_time("2027-01-04 12:00")
    answer_all(office, NAMES, weekly=6)

    office.pass_time("2027-01-15 12:00")

    assert office.got(DeliveryKind.result) == {"Ada", "Grace", *NAMES}
    texts = {office.latest(name) for name in ("Ada", "Bo", "Kari")}
    assert len(texts) == 1  # word for word the same
    assert "60 %" in texts.pop()


def test_figures_say_nothing_before_the_deadline(make_office: MakeOffice) -> None:
    office = make_office(flows=[pulse()], people=STAFF)
    office.pass_time("2027-01-04 12:00")
    answer_all(office, NAMES, weekly=6)

    office.pass_time("2027-01-15 08:59")

    with office.reading() as session:
        assert session.exec(select(PublicationRow)).all() == []
        assert session.exec(select(Answer)).all() == []
    assert not any("%" in message for message in office.inbox("Grace"))


def test_the_result_waits_for_those_who_are_away_and_leaves_out_those_who_said_stop(make_office: MakeOffice) -> None:
    office = make_office(flows=[pulse()], people=STAFF)
    office.pass_time("2027-01-04 12:00")
    office.home("Dan").tap("decline")
    office.import_people([*STAFF[:2], *(one for one in STAFF[2:] if "Elin" not in one), _elin_on_leave()])

    office.pass_time("2027-01-18 07:00")
    before = office.got(DeliveryKind.result)
    office.pass_time("2027-01-18 12:00")

    assert {"Ada", "Bo"} <= before
    assert {"Dan", "Elin"}.isdisjoint(before)
    assert "Elin" in office.got(DeliveryKind.result)
    assert "Dan" not in office.got(DeliveryKind.result)


def _elin_on_leave() -> str:
    number = next(one.split(";")[0] for one in STAFF if "Elin" in one)
    return line(int(number), "Elin Moen", WARD, leave="2027-01-08/2027-01-17")


def test_the_second_pulse_says_what_it_was_last_time(make_office: MakeOffice) -> None:
    office = make_office(flows=[pulse("2027-01-04", "2027-02-08")], people=STAFF)
    office.pass_time("2027-01-04 12:00")
    answer_all(office, NAMES, weekly=4)
    office.pass_time("2027-02-08 12:00")
    first = next(one for one in office.inbox("Ada") if "40 %" in one)

    answer_all(office, NAMES, weekly=7)
    office.pass_time("2027-02-19 12:00")

    assert "sist" not in first
    assert f"70 % ({said('figure.before', figure='40 %')})" in office.latest("Ada")


def test_the_third_pulse_says_what_it_was_in_both_rounds_before(make_office: MakeOffice) -> None:
    office = make_office(flows=[pulse("2027-01-04", "2027-02-08", "2027-03-08")], people=STAFF)
    for day, weekly in (("2027-01-04", 4), ("2027-02-08", 7), ("2027-03-08", 5)):
        office.pass_time(f"{day} 12:00")
        answer_all(office, NAMES, weekly=weekly)

    office.pass_time("2027-03-19 12:00")

    assert f"50 % ({said('figure.before_that', figure='40 %, 70 %')})" in office.latest("Ada")
    bars = [bar for block in office.home("Ada").cards[1].blocks if isinstance(block, Chart) for bar in block.bars]
    assert (40, 70) in [bar.trail for bar in bars]


def test_a_question_in_other_words_begins_a_new_series(make_office: MakeOffice) -> None:
    office = make_office(flows=[pulse("2027-01-04", "2027-02-08")], people=STAFF)
    office.pass_time("2027-01-04 12:00")
    answer_all(office, NAMES, weekly=4)
    office.pass_time("2027-02-01 12:00")

    steps = shipped("pulse").to_json()["steps"]
    steps[0]["fields"][3]["label"]["nb"] = "Hvor ofte lærte du noe nyttig?"
    office.flows["pulse"] = pulse("2027-01-04", "2027-02-08", steps=steps)
    office.pass_time("2027-02-08 12:00")
    answer_all(office, NAMES, weekly=7)
    office.pass_time("2027-02-19 12:00")

    assert "70 %" in office.latest("Ada")
    assert "40 %" not in office.latest("Ada")


def test_a_group_of_other_units_is_not_compared_with_the_last_one(make_office: MakeOffice) -> None:
    """Last time the night shift was counted with the ward; now it is large enough alone."""
    night = crowd(300, NIGHT, "Vera Wenche Åse")
    office = make_office(flows=[pulse("2027-01-04", "2027-02-08")], people=[*STAFF, *night])
    office.pass_time("2027-01-04 12:00")
    answer_all(office, NAMES, weekly=4)
    office.pass_time("2027-02-01 12:00")
    together = office.latest("Ada")

    grown = crowd(310, NIGHT, "Tor Ulla Vidar Wilma Yngve Zara Liv Mia")
    office.import_people([*STAFF, *night, *grown])
    office.pass_time("2027-02-08 12:00")
    answer_all(office, [*NAMES, "Tor", "Ulla", "Vidar", "Wilma", "Yngve", "Zara", "Liv", "Mia"], weekly=7)
    office.pass_time("2027-02-19 12:00")

    assert said("result.pooled", units="Avdeling 1 og Nattvakta") in together
    assert "70 %" in office.latest("Ada")
    assert "sist" not in office.latest("Ada")


def test_a_small_unit_reads_which_units_its_figures_hold_together(make_office: MakeOffice) -> None:
    office = make_office(flows=[pulse()])
    office.pass_time("2027-01-04 22:00")
    everybody = [*office.staff(WARD), *office.staff(OTHER_WARD), *office.staff(NIGHT)]
    answer_all(office, everybody, weekly=20)

    office.pass_time("2027-01-16 12:00")

    together = next(one for one in office.inbox("Vera") if "Dette kom ut av" in one)
    assert said("result.pooled", units="Solvik, Avdeling 1 og Nattvakta") in together
    assert "samlet" not in office.latest("Bente")  # large enough alone


def test_where_too_few_answered_the_result_says_why_and_what_to_do_instead(make_office: MakeOffice) -> None:
    office = make_office(flows=[pulse()], people=STAFF)
    office.pass_time("2027-01-04 12:00")
    answer_all(office, NAMES[:3], weekly=3)

    office.pass_time("2027-01-15 12:00")

    result = office.latest("Ada")
    assert said("held_back.too_few", unit="Avdeling 1") in result
    assert said("held_back.question_one") in result


def test_a_theme_round_ends_in_the_themes_of_ones_own_unit(make_office: MakeOffice) -> None:
    office = make_office(flows=[shipped("theme_suggestion", schedule=on("2027-01-04"))])
    office.pass_time("2027-01-04 12:00")
    office.answer("Ada", "theme_suggestion", {"suggestion": "Uro om kvelden"})
    office.answer("Bente", "theme_suggestion", {"suggestion": "Ergonomi"})

    office.pass_time("2027-01-16 12:00")

    ours, theirs = (
        next(one for one in office.inbox(name) if said("result.title", title="Forslag til tema") in one)
        for name in ("Ada", "Bente")
    )
    assert "«Uro om kvelden»" in ours
    assert "Grace Lie" in ours
    assert "Ergonomi" not in ours
    assert "«Ergonomi»" in theirs
    assert not any(name in ours for name in ("Ada", "Bente"))


def test_an_old_result_tells_nothing_of_what_was_suggested_after_it(make_office: MakeOffice) -> None:
    office = make_office(flows=[shipped("theme_suggestion", schedule=on("2027-01-04", "2027-02-01"))])
    office.pass_time("2027-01-04 12:00")
    office.answer("Ada", "theme_suggestion", {"suggestion": "Uro om kvelden"})
    office.pass_time("2027-02-01 12:00")
    office.answer("Unni", "theme_suggestion", {"suggestion": "Ergonomi", "nearest": "mine"})

    office.pass_time("2027-02-13 12:00")

    titles = said("result.title", title=office.flows["theme_suggestion"].title.to("nb"))
    new, old = [one for one in office.inbox("Jonas") if titles in one]
    assert "«Ergonomi»" in new
    assert "«Uro om kvelden»" in new  # it waits still
    assert "«Uro om kvelden»" in old
    assert "Ergonomi" not in old


@pytest.mark.parametrize("no", [(), ("Dan",)])
def test_no_result_and_no_week_tells_that_one_person_was_not_asked(make_office: MakeOffice, no: Sequence[str]) -> None:
    """A leader knows that twelve work in the ward: eleven who were asked would tell that one had said no."""
    office = make_office(flows=[pulse()], people=STAFF)
    for name in no:
        office.home(name).tap("decline")
    office.pass_time("2027-01-04 12:00")
    answer_all(office, NAMES[4:], weekly=3)

    office.pass_time("2027-01-18 12:00")

    assert "10–19 ble spurt" in office.latest("Bo")
    assert "(10–19 spurt" in office.week("Grace").text
