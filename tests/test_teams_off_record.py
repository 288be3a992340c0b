"""What Teams keeps, and what is therefore never said there: sealed answers, and what was said by name."""

import pytest
from sqlmodel import select

from storage.tables import Answer, Envelope, Link, Participation
from tests.browsing import Browser, answers, link_to
from tests.commands import give_at
from tests.exploring import KeepingDoor, explore
from tests.office import WARD, MakeOffice, Page, on, plain, said, shipped
from tests.teams_oracle import buttons_of, inputs_of, text_of
from tests.teams_server import UPDATE
from tests.teams_ways import TeamsPerson
from tests.test_teams_story import (
    ANSWERED,
    ASKED,
    FLOWS,
    NAMED,
    ada,
    count,
    message_about,
    open_question,
    tenant,
    themes,
)

__all__ = ["ada", "tenant"]  # the fixtures


def test_a_leader_decides_in_the_card_and_finds_names_on_the_page_alone(ada: TeamsPerson) -> None:
    office = ada.tenant.office
    grace = TeamsPerson(ada.tenant, "Grace", ada.tenant.teams.people[1])
    office.answer("Ada", "theme_suggestion", {"suggestion": "Kveldsuro", "nearest": "mine"})
    office.answer("Ada", "unused_competence", {"has_more": "yes", "competence": "Tigrinja"})
    office.pass_time("2027-01-11 08:30")
    message = grace.find("Uka i Avdeling 1")
    assert "Tigrinja" not in str(grace.cards)

    grace.press(said("digest.open"), message)
    grace.press(said("digest.take_in"), message)
    grace.press(said("decision.look"), message, own="Fagmøte onsdag 27. januar.")
    assert said("decision.preview", unit="Avdeling 1") in text_of(grace.cards[message])
    grace.press(said("decision.save"), message)
    assert [one.state for one in themes(office)] == ["taken_in"]

    grace.press(said("digest.see_who"), message)
    assert said("elsewhere.text") in text_of(grace.cards[message])
    assert "Tigrinja" not in str(grace.cards)


@pytest.mark.slow
def test_whatever_is_pressed_in_teams_nothing_that_was_said_by_name_or_sealed_is_shown(make_office: MakeOffice) -> None:
    office = make_office(flows=[shipped(one, schedule=on("2027-01-04")) for one in FLOWS])
    door = KeepingDoor(office)
    office.pass_time(ASKED)
    for name in office.staff(WARD):
        office.answer(name, "unused_competence", {"has_more": "yes", "competence": f"Hemmelig {name}"})
    for day in ("2027-01-04 12:00", "2027-01-11 12:00", "2027-02-15 12:00"):
        office.pass_time(day)
        door.shown.clear()
        for name in ("Ada", "Grace", "Jonas", "Siv"):
            explore(office, name, is_on_record=True)
        shown = [plain(card) for seen in door.shown for card in seen.cards]

        assert len(shown) > 30
        assert [one for one in shown if "Hemmelig" in one] == []


def test_an_anonymous_question_is_a_door_to_the_page(ada: TeamsPerson) -> None:
    office = ada.tenant.office

    card = ada.cards[message_about(ada, "pulse")]

    (button,) = buttons_of(card)
    assert inputs_of(card) == []
    assert (button["type"], button["title"]) == ("Action.OpenUrl", said("question.answer"))
    assert said("receipt.title") in Page(office, button["url"]).fill_in(answers()).text
    assert count(office, Envelope) == 1


def test_an_anonymous_answer_that_is_sent_to_teams_all_the_same_is_not_taken(ada: TeamsPerson) -> None:
    (run,) = ada.tenant.office.runs("pulse")
    message = message_about(ada, "pulse")
    data = {"medvirk": {"room": f"run:{run.id}", "action": "send"}, **answers()}

    ada.send(data, message)

    assert said("elsewhere.text") in text_of(ada.cards[message])
    assert count(ada.tenant.office, Envelope) == 0
    with ada.tenant.office.reading() as session:
        asked = session.get_one(Participation, (run.id, ada.tenant.office.id_of("Ada")))
        assert not asked.answered


def test_after_an_anonymous_answer_teams_shows_the_same_as_before(ada: TeamsPerson) -> None:
    office, message = ada.tenant.office, message_about(ada, "pulse")
    before = dict(ada.cards[message])

    office.answer("Ada", "pulse", answers())
    office.beat()

    assert ada.cards[message] == before


def test_the_receipt_does_not_repeat_what_was_said_by_name_and_stays(ada: TeamsPerson) -> None:
    message = open_question(ada, "unused_competence")
    ada.fill_in(NAMED, message)

    receipt = str(ada.cards[message])
    ada.tenant.office.beat()

    assert "Tigrinja" not in receipt
    assert ANSWERED in text_of(ada.cards[message])
    assert "Tigrinja" not in str(ada.tenant.teams.called(UPDATE))


def test_a_named_answer_is_seen_and_changed_on_the_page_alone_and_withdrawn_anywhere(ada: TeamsPerson) -> None:
    message = open_question(ada, "unused_competence")
    ada.fill_in(NAMED, message)

    ada.press(said("answered.change"), message)
    assert said("elsewhere.title") in text_of(ada.cards[message])
    assert "Tigrinja" not in str(ada.cards[message])
    ada.tenant.office.beat()
    assert buttons_of(ada.cards[message])[0]["type"] == "Action.OpenUrl"

    ada.send({"medvirk": {"room": f"run:{ada.tenant.office.runs('unused_competence')[0].id}"}}, message)
    ada.press(said("answered.withdraw"), message)
    assert said("answered.withdrawn_title") in text_of(ada.cards[message])
    assert count(ada.tenant.office, Answer) == 0


def test_what_was_suggested_in_the_browser_is_counted_in_teams_and_read_on_the_page(ada: TeamsPerson) -> None:
    office = ada.tenant.office
    office.answer("Ada", "theme_suggestion", {"suggestion": "Kveldsuro", "nearest": "mine"})

    ada.type("hjelp").press(said("teams.to_page")).press(said("home.became"))

    assert said("suggestions.behind", count=1) in ada.text
    assert "Kveldsuro" not in str(ada.cards)
    (see,) = [one for one in buttons_of(list(ada.cards.values())[-1]) if one["title"] == said("suggestions.see")]
    assert see["type"] == "Action.OpenUrl"
    assert "Kveldsuro" in Page(office, see["url"]).text


def test_before_one_suggests_in_teams_it_says_that_a_copy_is_kept_and_where_there_is_none(ada: TeamsPerson) -> None:
    office = ada.tenant.office

    ada.type("tema")

    assert said("elsewhere.copy") in ada.text
    (elsewhere,) = [one for one in buttons_of(list(ada.cards.values())[-1]) if one["title"] == said("elsewhere.open")]
    page = Page(office, elsewhere["url"])
    assert said("elsewhere.copy") not in page.text
    page.fill_in({"suggestion": "Kveldsuro", "nearest": "mine"})
    assert [one.text for one in themes(office)] == ["Kveldsuro"]


def test_who_begins_anew_in_teams_is_told_of_the_copy_though_the_way_to_the_page_must_be_made(
    ada: TeamsPerson,
) -> None:
    office, message = ada.tenant.office, open_question(ada, "theme_suggestion")
    ada.fill_in({"suggestion": "Kveldsuro", "nearest": "mine"}, message)
    with office.parts.store.writing() as session:
        for link in session.exec(select(Link).where(Link.person_id == office.id_of("Ada"))):
            session.delete(link)

    ada.press(said("receipt.more"), message)

    assert said("elsewhere.copy") in text_of(ada.cards[message])
    assert Page(office, buttons_of(ada.cards[message])[-1]["url"]).card.title == office.flows[
        "theme_suggestion"
    ].title.to("nb")


def test_who_answers_by_name_in_teams_and_withdraws_reads_that_microsoft_keeps_a_copy(ada: TeamsPerson) -> None:
    message = open_question(ada, "unused_competence")
    assert said("elsewhere.copy") in text_of(ada.cards[message])
    ada.fill_in(NAMED, message)

    ada.press(said("answered.withdraw"), message)

    assert said("elsewhere.left") in text_of(ada.cards[message])
    assert count(ada.tenant.office, Answer) == 0


def test_who_deletes_in_teams_what_stands_by_name_reads_that_microsoft_keeps_a_copy(ada: TeamsPerson) -> None:
    office = ada.tenant.office
    ada.fill_in(NAMED, open_question(ada, "unused_competence"))
    office.pass_time("2027-02-09 12:00")
    ada.type("hjelp").press(said("teams.to_page")).press(said("home.said"))

    ada.press(said("offers.end"))

    assert f"{said('offers.ended')} {said('elsewhere.left')}" in ada.text
    assert count(office, Answer) == 0


def test_who_answers_by_name_in_teams_and_withdraws_in_the_browser_reads_that_microsoft_keeps_a_copy(
    ada: TeamsPerson,
) -> None:
    office = ada.tenant.office
    ada.fill_in(NAMED, open_question(ada, "unused_competence"))
    page = office.open("Ada", "unused_competence")
    page.tap("change").fill_in({"has_more": "yes", "competence": "Tigrinja og buss"})

    browser = Browser(office)
    browser.visit(link_to(office, "Ada", "unused_competence"))
    withdrawn = browser.press("withdraw")

    assert said("elsewhere.left") in withdrawn.text
    assert said("elsewhere.left") in browser.visit(str(withdrawn.url)).text
    assert count(office, Answer) == 0


def test_who_suggests_in_teams_and_withdraws_in_the_browser_reads_that_microsoft_keeps_a_copy(
    ada: TeamsPerson,
) -> None:
    office = ada.tenant.office
    office.answer("Ada", "theme_suggestion", {"suggestion": "Førstehjelp", "nearest": "mine"})
    ada.fill_in({"suggestion": "Kveldsuro", "nearest": "mine"}, open_question(ada, "theme_suggestion"))
    written_here, sent_in_teams = (f"theme_end:{one.id}" for one in themes(office))

    withdrawn_here = office.home("Ada").tap(written_here).text
    withdrawn = office.home("Ada").tap(sent_in_teams).text

    assert said("elsewhere.left") not in withdrawn_here
    assert said("elsewhere.left") in withdrawn
    assert themes(office) == []


def test_who_erases_somebody_reads_how_much_of_theirs_microsoft_keeps(ada: TeamsPerson) -> None:
    office = ada.tenant.office
    ada.fill_in(NAMED, open_question(ada, "unused_competence"))
    ada.fill_in({"suggestion": "Kveldsuro", "nearest": "mine"}, open_question(ada, "theme_suggestion"))
    office.answer("Jonas", "unused_competence", NAMED)

    hers, his = (give_at(office, "person", "erase", number, "--yes").output for number in ("101", "103"))

    assert "2 answers or suggestions were sent in Teams: Microsoft 365 keeps that" in hers
    assert "Microsoft" not in his


def test_who_withdraws_in_the_browser_reads_nothing_of_teams(ada: TeamsPerson) -> None:
    office = ada.tenant.office
    office.answer("Ada", "unused_competence", NAMED)

    page = office.open("Ada", "unused_competence").tap("withdraw")

    assert said("answered.withdrawn_title") in page.text
    assert said("elsewhere.left") not in page.text
