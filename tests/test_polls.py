"""A resource group's poll, from composing to what came of it, as each person saw it."""

from typing import Any

import pytest

from bot.messages.groups import make_group_buttons
from bot.words import words_in
from storage.tables import Person
from storage.tables.sending import DeliveryKind
from tests.office import NIGHT, OTHER_WARD, WARD, MakeOffice, Office, said
from tests.polling import GROUP, WITH_GROUPS, compose, group_page, make_polling_office, open_poll, place, send

SENT = said("poll.sent")


@pytest.fixture
def office(make_office: MakeOffice) -> Office:
    return make_polling_office(make_office)


def answer_all(office: Office, names: str, option: str = "option_1") -> None:
    for name in names.split():
        open_poll(office, name).fill_in({"answer": option})


def test_a_poll_from_composing_to_what_came_of_it(office: Office) -> None:
    seen = compose(office)
    assert "Om lag 20 kan bli spurt. Svarer alle, tar det om lag 20 minutter til sammen." in seen.text
    assert "Hva hjelper mest når beboere er urolige om kvelden?" in seen.text

    assert SENT in seen.tap("send").text
    office.pass_time("2027-01-05 12:00")
    card = open_poll(office, "Petra").text
    assert "Anonymt: vi lagrer ikke hvem som svarte hva." in card
    assert "Ressursgruppe Demens får de samme tallene, bare når minst 8 har svart." in card
    assert "Svarene brukes ikke til lønn" in card

    answer_all(office, "Ada Grace Jonas Petra Dag Geir Hilde Ivar")
    answer_all(office, "Linn Siv Unni Eldbjørg Bente Jorunn Kåre Lars Mona", "option_2")
    office.pass_time("2027-01-12 12:00")

    told = office.latest("Petra")
    assert said("result.title", title="Kveldsuro") in told
    assert said("result.group_next", group="Ressursgruppe Demens") in told
    assert "Sang og musikk: 50 %" in told  # the own ward's figures
    for_group = office.inbox("Vera")[0]  # a member, at night, who was not asked
    assert said("poll.closed_for_group", group="Ressursgruppe Demens") in for_group
    assert "Sang og musikk: 50 %" in for_group
    results = group_page(office, "Ada").tap(f"results:{office.runs()[0].id}").text
    assert "AVDELING 1" in results
    assert "AVDELING 2" in results


def test_leaders_of_those_asked_get_one_line_and_no_figures(office: Office) -> None:
    send(office)
    office.pass_time("2027-01-05 12:00")
    answer_all(office, "Petra Dag Linn Siv Unni Jonas Ada Grace")
    office.pass_time("2027-01-18 12:00")

    week = office.week("Grace").text

    assert said("poll.status", group="Ressursgruppe Demens", people="20–49", title="Kveldsuro") in week
    assert "%" not in week
    assert not any("Uka i" in one for one in office.inbox("Nils"))  # nobody at night was asked


def test_those_outside_the_chosen_units_are_not_asked(office: Office) -> None:
    send(office, units=(WARD, OTHER_WARD))
    office.pass_time("2027-01-05 23:00")

    assert office.got(DeliveryKind.question) == {*office.staff(WARD), *office.staff(OTHER_WARD)}


def test_members_of_a_group_are_asked_wherever_they_are_at_home(office: Office) -> None:
    send(office, units=(WARD,), groups=(GROUP,))
    office.pass_time("2027-01-05 23:00")

    assert office.got(DeliveryKind.question) == {*office.staff(WARD), "Bente", "Vera"}


def test_a_ward_without_figures_is_told_why_on_the_groups_page(office: Office) -> None:
    send(office, more="yes")
    office.pass_time("2027-01-05 12:00")
    for name in ["Ada", "Grace", "Jonas", "Petra", "Dag", "Linn", "Siv", "Unni", "Eldbjørg", "Pawel", "Bente", "Geir"]:
        open_poll(office, name).fill_in({"answer": "option_1", "more": f"Tekst fra {name}"})
    office.pass_time("2027-01-12 12:00")

    page = group_page(office, "Ada").tap(f"results:{office.runs()[0].id}")

    after = page.text.partition("AVDELING 2")[2]
    assert said("held_back.derivable", unit="Avdeling 2") in after
    assert "Vi viser ikke tall for Avdeling 2." in office.latest("Geir")


def test_sending_twice_asks_once(office: Office) -> None:
    seen = compose(office)
    state = seen.card.state

    seen.tap("send")
    again = seen.tap("send", state=state)

    assert SENT in again.text
    assert len(office.runs()) == 1


def test_what_was_changed_in_another_window_is_looked_at_before_it_is_sent(office: Office) -> None:
    old = compose(office)
    compose(office, question="Noe ganske annet?")

    old.tap("send")

    assert said("poll.changed_since") in old.text
    assert office.runs() == []


def test_a_group_has_one_open_poll_at_a_time_and_two_a_month(office: Office) -> None:
    send(office, days="3")

    second = compose(office)
    assert said("poll.problem.one_open") in second.text
    assert "send" not in [one.action for one in second.card.buttons]
    second.tap("send")
    assert len(office.runs()) == 1

    office.pass_time("2027-01-08 12:00")
    send(office, days="3")
    office.pass_time("2027-01-14 12:00")
    third = compose(office)
    assert said("poll.problem.enough", count=2) in third.text
    office.pass_time("2027-02-10 12:00")
    assert SENT in compose(office).tap("send").text


def test_too_few_are_not_asked_anonymously(office: Office) -> None:
    page = compose(office, units=(), groups=(GROUP,))

    assert said("poll.problem.too_small", least=10) in page.text
    page.tap("send")
    assert office.runs() == []


@pytest.mark.parametrize("kept", ["anonymous", "named"])
def test_a_unit_that_brings_fewer_than_five_is_not_chosen_beside_others(office: Office, kept: str) -> None:
    page = compose(office, units=(WARD, NIGHT), kept=kept)

    assert said("poll.problem.small_place", place="Nattvakta", least=5) in page.text
    page.tap("send")
    assert office.runs() == []
    assert "Nattvakta: færre enn" not in compose(office, units=(WARD, NIGHT, "Solvik"), kept=kept).text


def test_of_leaders_alone_each_unit_brings_five_too(office: Office) -> None:
    page = compose(office, units=("Solvik", WARD), people="leaders", kept="named")

    assert said("poll.problem.small_place", place="Solvik", least=5) in page.text
    assert "Avdeling 1: færre" not in page.text  # it lies within the other


def test_a_small_unit_is_said_to_be_counted_with_another(office: Office) -> None:
    page = compose(office, units=("Solvik",))

    assert "Nattvakta" in next(one for one in page.text.split("\n") if "samlet (om lag" in one)


def test_nobody_is_asked_before_polls_are_discussed(make_office: MakeOffice) -> None:
    office = make_office(flows=[], people=WITH_GROUPS)
    office.pass_time("2027-01-04 12:00")

    page = compose(office)

    assert said("poll.problem.nobody_now") in page.text
    assert said("poll.not_discussed") in page.text


def test_why_some_may_be_left_alone_is_told_and_never_who_or_how_many(office: Office) -> None:
    page = compose(office)

    assert f"{said('poll.left')} {said('poll.if_few', least=10)}" in page.text
    assert said("poll.not_discussed") not in page.text  # known to everybody, and so of these


@pytest.mark.parametrize("way", ["decline", "pause"])
def test_where_few_are_chosen_nothing_tells_who_is_left_alone(office: Office, way: str) -> None:
    chosen: list[dict[str, Any]] = [
        {"units": (NIGHT,)},
        {"units": (OTHER_WARD,), "people": "leaders"},
        {"units": (), "groups": (GROUP,)},
        {"units": (), "groups": (GROUP,), "kept": "named"},
    ]
    before = [compose(office, **one).text for one in chosen]

    for name in ("Vera", "Wenche", "Turid", "Linn"):
        office.home(name).tap(way)

    assert [compose(office, **one).text for one in chosen] == before


def test_a_unit_of_one_who_is_left_alone_reads_like_one_of_one_who_is_asked(make_office: MakeOffice) -> None:
    vera_alone = [one for one in WITH_GROUPS if "Nils" not in one and "Wenche" not in one]
    office = make_polling_office(make_office, vera_alone)
    before = compose(office, units=("Solvik",))

    office.home("Vera").tap("decline")
    after = compose(office, units=("Solvik",))

    assert after.text == before.text
    assert "Nattvakta" in after.text
    after.tap("send")
    (night,) = place(office, NIGHT)
    partition = office.runs()[0].partition
    assert partition is not None
    assert int(night) in [unit for _, units, _ in partition["buckets"] for unit in units]  # as the results will say


def test_the_own_page_can_offer_the_way_to_ones_groups(office: Office) -> None:
    words = words_in("nb")

    def buttons(name: str) -> list[str]:
        with office.parts.store.writing() as session:
            person = session.get_one(Person, office.id_of(name))
            return [one.label for one in make_group_buttons(session, office.parts, person, words, office.at)]

    assert buttons("Ada") == ["Spørringer fra Ressursgruppe Demens"]
    assert buttons("Bente") == []


def test_a_draft_is_gone_after_a_month(office: Office) -> None:
    compose(office)
    assert "UTKAST: KVELDSURO" in group_page(office, "Ada").text

    office.pass_time("2027-02-05 12:00")

    assert "UTKAST" not in group_page(office, "Ada").text


def test_a_draft_can_be_gone_on_with_and_dropped(office: Office) -> None:
    compose(office, days="9")

    page = group_page(office, "Ada").tap("new")
    assert page.card.asks[0].written == ("Kveldsuro",)
    page.tap("to_audience", {one.id: one.written for one in page.card.asks})
    assert next(one for one in page.card.asks if one.id == "days").written == ("9",)

    assert "UTKAST" not in group_page(office, "Ada").tap("drop").text


def test_readers_of_other_languages_are_told_which_one_the_question_is_in(office: Office) -> None:
    send(office, units=(WARD, OTHER_WARD))
    office.pass_time("2027-01-05 12:00")

    in_english = open_poll(office, "Pawel").text
    in_nynorsk = open_poll(office, "Eldbjørg").text
    in_bokmal = open_poll(office, "Petra").text

    assert "Ressursgruppe Demens asks. The question is written in Norwegian (bokmål)." in in_english
    assert "Ressursgruppe Demens spør. Spørsmålet er skrive på bokmål." in in_nynorsk
    assert "skrevet på" not in in_bokmal


def test_looking_in_another_language_does_not_change_which_one_the_question_is_in(office: Office) -> None:
    page = compose(office)

    page.tap("language:en")
    page.language = "en"

    assert "The question is written in Norwegian (bokmål)." in page.text
    page.tap("send")
    assert "bokmål" not in office.runs()[0].frozen["steps"][0]["say"]["nb"]
