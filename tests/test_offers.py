"""What is said by name lives on with its person: a new leader asks first, and nothing stands for ever unasked."""

from datetime import date

import pytest
from sqlmodel import select

from storage.answers import named_answers_for
from storage.erasure import erase
from storage.log import entries_of
from storage.tables import Answer, Person
from storage.tables.sending import DeliveryKind, DeliveryState
from tests.office import (
    ADA,
    GRACE,
    MALLORY,
    OTHER_WARD,
    WARD,
    MakeOffice,
    Office,
    Page,
    Post,
    line,
    on,
    oslo,
    plain,
    said,
)
from tests.rounds import FEW, TURID, begun, count, flow

GIVEN, END = "4. januar 2027", "15. januar 2028"
OFFER = {"has_more": "yes", "competence": "Polsk og litauisk"}
# Grace goes to the other ward, and Turid comes in her place.
NEW_LEADER = (
    *(one for one in FEW if one not in (GRACE, TURID)),
    line(102, "Grace Lie", OTHER_WARD, "leader"),
    line(201, "Turid Bakke", WARD, "leader"),
)


@pytest.fixture
def office(make_office: MakeOffice) -> Office:
    """Monday noon: Ada has told Grace by name what she can."""
    office = begun(make_office(flows=[flow("unused_competence", deadline_days=11)], people=[*FEW, MALLORY]))
    office.answer("Ada", "unused_competence", OFFER)
    return office


def replaced(office: Office, people: tuple[str, ...] = NEW_LEADER) -> Office:
    """The round has closed, Ada has a new leader, and Medvirk has noticed."""
    office.pass_time("2027-01-15 12:00")
    office.import_people([*people, MALLORY])
    office.pass_time("2027-01-18 12:00")
    return office


def seen_by(office: Office, leader: str) -> list[str]:
    """What a leader may see, competence by competence."""
    with office.reading() as session:
        answers = named_answers_for(session, office.id_of(leader), office.at.date())
        return [str(one.values.get("competence")) for one in answers]


def section(page: Page, key: str) -> str:
    """All that stands in one section of an own page."""
    name = said(key, page.card.language)
    return "\n".join(plain(one) for one in page.cards if one.section == name)


def target(office: Office, leader: str) -> str:
    return f"{office.runs()[0].id}-{office.id_of(leader)}"


def answer(office: Office) -> Answer:
    with office.reading() as session:
        return session.exec(select(Answer)).one()


def test_as_long_as_the_leader_is_the_same_nobody_is_asked_and_the_leader_sees_it(office: Office) -> None:
    office.pass_time("2027-01-25 12:00")

    assert seen_by(office, "Grace") == ["Polsk og litauisk"]
    assert office.deliveries(DeliveryKind.consent) == []
    mine = section(office.home("Ada"), "home.said")
    assert "Polsk og litauisk" in mine
    assert said("offers.seen_by", leader="Grace Lie", day=END) in mine


def test_a_new_leader_sees_nothing_and_the_person_is_asked_once(office: Office) -> None:
    replaced(office)
    office.pass_time("2027-01-25 12:00")

    assert seen_by(office, "Turid") == []
    assert seen_by(office, "Grace") == []
    assert office.got(DeliveryKind.consent) == {"Ada"}
    assert len(office.deliveries(DeliveryKind.consent)) == 1
    waits = section(office.home("Ada"), "home.waiting")
    assert said("offers.consent_title", leader="Turid Bakke") in waits
    assert GIVEN in waits
    assert "Polsk og litauisk" in waits
    assert said("offers.seen_by_nobody", day=END) in section(office.home("Ada"), "home.said")


def test_what_was_said_stands_on_the_page_and_not_in_the_message(make_office: MakeOffice) -> None:
    office = begun(make_office(flows=[flow("unused_competence", deadline_days=11)], people=FEW, post=Post()))
    office.answer("Ada", "unused_competence", OFFER)

    replaced(office)

    letter = office.letters("Ada")[-1]
    assert "Turid Bakke" in letter
    assert "Polsk" not in letter
    assert said("offers.open") in letter


def test_after_a_yes_the_new_leader_sees_it_and_hears_that_there_is_something(office: Office) -> None:
    page = replaced(office).home("Ada").tap(f"consent_yes:{target(office, 'Turid')}")
    office.pass_time("2027-01-25 12:00")

    assert said("offers.shown", leader="Turid Bakke", day=END) in page.text
    assert seen_by(office, "Turid") == ["Polsk og litauisk"]
    assert seen_by(office, "Grace") == []
    assert "Polsk og litauisk" in office.week("Turid").tap("names").text
    assert section(office.home("Ada"), "home.waiting") == ""
    with office.reading() as session:
        actions = [one.action for one in entries_of(session)]
    assert actions.count("named answer shown to new leader") == 1


def test_after_a_no_nobody_sees_it_and_nobody_asks_again_but_the_person_may_change_it(office: Office) -> None:
    page = replaced(office).home("Ada").tap(f"consent_no:{target(office, 'Turid')}")
    office.pass_time("2027-02-01 12:00")
    later = office.home("Ada")

    assert said("offers.not_shown", leader="Turid Bakke", day=END) in page.text
    assert seen_by(office, "Turid") == []
    assert section(later, "home.waiting") == ""
    assert len(office.deliveries(DeliveryKind.consent)) == 1
    later.tap(f"consent_yes:{target(office, 'Turid')}")
    assert seen_by(office, "Turid") == ["Polsk og litauisk"]


def test_silence_shows_it_to_nobody_and_it_ends_when_its_time_is_over(office: Office) -> None:
    replaced(office)

    office.jump_to("2028-01-14 23:00")
    kept = count(office, Answer)
    office.jump_to("2028-01-15 12:00")

    assert seen_by(office, "Turid") == []
    assert kept == 1
    assert count(office, Answer) == 0
    assert office.deliveries(DeliveryKind.renewal) == []  # nobody sees it, so nobody is asked to keep it


def test_who_moves_to_another_unit_has_a_new_leader_too(office: Office) -> None:
    moved = (line(101, "Ada Berg", OTHER_WARD), *(one for one in FEW if one != ADA))
    replaced(office, moved)

    assert seen_by(office, "Grace") == []
    assert said("offers.consent_title", leader="Turid Bakke") in section(office.home("Ada"), "home.waiting")


def test_the_old_leader_who_comes_back_sees_it_as_promised(office: Office) -> None:
    replaced(office)

    office.import_people([*FEW, MALLORY])
    office.pass_time("2027-01-19 12:00")

    assert seen_by(office, "Grace") == ["Polsk og litauisk"]
    assert section(office.home("Ada"), "home.waiting") == ""


def test_a_second_leader_of_the_unit_takes_nothing_from_the_first(office: Office) -> None:
    replaced(office, (*FEW, line(90, "Anne Aas", WARD, "leader")))

    assert seen_by(office, "Grace") == ["Polsk og litauisk"]
    assert office.deliveries(DeliveryKind.consent) == []


def test_a_yes_holds_for_the_leader_who_was_named_and_for_no_other(office: Office) -> None:
    page = replaced(office).home("Ada")
    old = target(office, "Turid")
    third = (*(one for one in NEW_LEADER if "Turid" not in one), line(401, "Tone Hauge", WARD, "leader"))
    office.import_people([*third, TURID, MALLORY])

    page.tap(f"consent_yes:{old}")

    assert seen_by(office, "Turid") == []
    assert seen_by(office, "Tone") == []
    assert answer(office).reader_id == office.id_of("Grace")


def test_a_question_that_is_answered_before_it_left_is_not_sent(office: Office) -> None:
    away = (line(101, "Ada Berg", WARD, leave="2027-01-15/2027-01-24"), *(one for one in NEW_LEADER if one != ADA))
    replaced(office, away).home("Ada").tap(f"consent_yes:{target(office, 'Turid')}")

    office.pass_time("2027-01-25 12:00")

    assert [one.state for one in office.deliveries(DeliveryKind.consent)] == [DeliveryState.cancelled]


def test_who_said_dont_ask_me_gets_no_message_but_can_answer_on_the_page(office: Office) -> None:
    office.home("Ada").tap("decline")

    replaced(office)

    assert office.deliveries(DeliveryKind.consent) == []
    assert said("offers.consent_title", leader="Turid Bakke") in section(office.home("Ada"), "home.waiting")


def test_a_no_without_an_offer_is_shown_to_no_new_leader_and_asks_nothing(office: Office) -> None:
    office.answer("Jonas", "unused_competence", {"has_more": "no"})

    replaced(office)

    assert office.got(DeliveryKind.consent) == {"Ada"}
    assert section(office.home("Jonas"), "home.waiting") == ""


def test_a_month_before_the_end_the_person_may_keep_it_for_as_long_again(office: Office) -> None:
    office.pass_time("2027-01-18 12:00")

    office.jump_to("2027-12-15 12:00")
    before = office.got(DeliveryKind.renewal)
    office.jump_to("2027-12-16 12:00")
    office.pass_time("2027-12-20 12:00")
    sent, left = office.got(DeliveryKind.renewal), len(office.deliveries(DeliveryKind.renewal))
    page = office.home("Ada")
    asked = section(page, "home.waiting")
    page.tap(f"offer_keep:{office.runs()[0].id}")
    office.jump_to("2028-02-01 12:00")

    assert before == set()
    assert (sent, left) == ({"Ada"}, 1)
    assert said("offers.renewal_title") in asked
    assert said("offers.keep", count=12) in asked
    assert said("offers.kept", day="15. januar 2029") in page.text
    assert seen_by(office, "Grace") == ["Polsk og litauisk"]
    office.jump_to("2029-01-15 12:00")
    assert count(office, Answer) == 0
    assert office.deliveries(DeliveryKind.renewal) == []
    with office.reading() as session:
        assert ("named answers deleted, time over", "run:1") in [
            (one.action, one.object) for one in entries_of(session)
        ]


def test_what_is_kept_once_is_not_kept_twice_by_a_second_tap(office: Office) -> None:
    office.pass_time("2027-01-18 12:00")
    office.jump_to("2027-12-20 12:00")

    page = office.home("Ada").tap(f"offer_keep:{office.runs()[0].id}").tap(f"offer_keep:{office.runs()[0].id}")

    assert answer(office).ends_on == date(2029, 1, 15)
    assert said("offers.kept", day="15. januar 2029") not in page.text


def test_it_cannot_be_kept_long_before_its_end(office: Office) -> None:
    office.pass_time("2027-01-18 12:00")

    office.home("Ada").tap(f"offer_keep:{office.runs()[0].id}")

    assert answer(office).ends_on == date(2028, 1, 15)


def test_twelve_months_from_the_29th_of_february_end_on_the_28th(make_office: MakeOffice) -> None:
    leap = flow("unused_competence", schedule=on("2028-02-21"), deadline_days=8)
    office = make_office(flows=[leap], people=FEW, begins="2028-02-21 07:00")
    office.pass_time("2028-02-21 12:00")
    office.answer("Ada", "unused_competence", OFFER)
    office.pass_time("2028-02-29 12:00")

    assert answer(office).ends_on == date(2029, 2, 28)
    office.jump_to("2029-02-27 12:00")
    assert seen_by(office, "Grace") == ["Polsk og litauisk"]
    office.world.at = oslo("2029-02-28 01:30")  # before the night's deletion
    assert seen_by(office, "Grace") == []
    office.jump_to("2029-02-28 12:00")
    assert count(office, Answer) == 0


def test_an_offer_is_ended_by_its_person_at_once(office: Office) -> None:
    replaced(office, FEW)
    with_offer = seen_by(office, "Grace")

    page = office.home("Ada").tap(f"offer_end:{office.runs()[0].id}")

    assert with_offer == ["Polsk og litauisk"]
    assert seen_by(office, "Grace") == []
    assert count(office, Answer) == 0
    assert said("offers.ended") in page.text
    assert section(page, "home.said") == ""


def test_nobody_ends_keeps_or_shows_what_is_somebody_elses(office: Office) -> None:
    run = replaced(office).runs()[0].id

    for action in ("offer_end", "offer_keep", "consent_yes", "consent_no"):
        for shape in (f"{run}", target(office, "Turid"), f"{run}-", "", "x", "99999999999999999999", f"-{run}", "²"):
            page = office.home("Jonas").tap(f"{action}:{shape}")
            assert page.trouble is None

    kept = answer(office)
    assert (kept.reader_id, kept.consent_refused, kept.ends_on) == (office.id_of("Grace"), False, date(2028, 1, 15))


def test_while_the_round_is_open_it_is_changed_there_and_not_ended_here(office: Office) -> None:
    page = office.home("Ada").tap(f"offer_end:{office.runs()[0].id}")

    assert count(office, Answer) == 1
    assert said("question.see_answer") in section(page, "home.said")


@pytest.mark.parametrize("language", ["nn", "en"])
def test_the_questions_are_asked_in_the_readers_language(office: Office, language: str) -> None:
    page = replaced(office).home("Ada", language)

    assert said("offers.consent_title", language, leader="Turid Bakke") in section(page, "home.waiting")
    page.tap(f"consent_no:{target(office, 'Turid')}")
    assert said("offers.seen_by_nobody", language, day="15 January 2028" if language == "en" else END) in page.text


def test_a_leader_who_is_erased_leaves_the_question_about_the_next_one(office: Office) -> None:
    office.pass_time("2027-01-15 12:00")
    grace = office.id_of("Grace")
    office.parts.writer.do_now(
        lambda session: erase(session, session.get_one(Person, grace), office.parts.keys, office.at)
    )
    office.import_people([one for one in (*NEW_LEADER, MALLORY) if "Grace" not in one])
    office.pass_time("2027-01-18 12:00")

    assert said("offers.consent_title", leader="Turid Bakke") in section(office.home("Ada"), "home.waiting")
