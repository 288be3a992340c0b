"""The own page: what waits, what has come, what became of it; pause, 'don't ask me' and language, each a tap."""

import pytest
from sqlmodel import select

from flows.text import LANGUAGES
from storage.tables import Person, Support
from tests.browsing import Browser, home_of
from tests.office import ADA, MALLORY, MakeOffice, Office, Page, Post, line, plain, said
from tests.rounds import FEW, STAFF, begun, count, flow, waiting_themes

SUGGESTION = {"suggestion": "Uro om kvelden", "nearest": "mine"}


@pytest.fixture
def pulse(make_office: MakeOffice) -> Office:
    """Monday noon, with an anonymous question for all but Mallory, whose employer has discussed nothing."""
    return begun(make_office(flows=[flow("pulse")], people=[*STAFF, MALLORY]))


@pytest.fixture
def themes(make_office: MakeOffice) -> Office:
    """Monday noon, with a question for themes."""
    return begun(make_office(flows=[flow("theme_suggestion")], people=FEW))


@pytest.fixture
def all_three(make_office: MakeOffice) -> Office:
    """Monday noon, with a question of each kind."""
    flows = [flow(one) for one in ("pulse", "theme_suggestion", "unused_competence")]
    return begun(make_office(flows=flows, people=STAFF))


def sections(page: Page) -> list[str]:
    return list(dict.fromkeys(card.section for card in page.cards))


def section(page: Page, key: str, **more: object) -> str:
    """All that stands in one section of the page."""
    name = said(key, page.card.language, **more)
    return "\n".join(plain(one) for one in page.cards if one.section == name)


def test_what_waits_comes_first_and_what_stops_us_comes_last(all_three: Office) -> None:
    all_three.answer("Ada", "unused_competence", {"has_more": "yes", "competence": "Polsk"})
    all_three.answer("Ada", "theme_suggestion", SUGGESTION)

    page = all_three.home("Ada")

    assert sections(page) == [
        "",
        said("home.waiting"),
        said("home.messages"),
        said("home.more"),
        said("home.said"),
        said("home.became"),
        said("home.stored"),
        said("home.settings"),
    ]
    assert [button.action for button in page.cards[-1].buttons] == ["pause", "decline"]
    folded = {card.section for card in page.cards if card.is_folded}
    assert folded == {said("home.said"), said("home.became"), said("home.stored")}


def test_each_question_that_waits_has_its_deadline_and_one_primary_button(all_three: Office) -> None:
    page = all_three.home("Ada")

    waiting = [card for card in page.cards if card.section == said("home.waiting")]
    assert len(waiting) == 3
    for card in waiting:
        assert "Du kan svare til fredag" in plain(card) or "Du kan svare til mandag" in plain(card)
        assert [(one.style, bool(one.url)) for one in card.buttons] == [("primary", True)]


def test_an_anonymous_answer_waits_no_more_and_only_its_own_person_reads_that(pulse: Office) -> None:
    pulse.answer("Ada", "pulse", {"looked_forward": "weekly"})

    ada, jonas = pulse.home("Ada"), pulse.home("Jonas")

    assert section(ada, "home.waiting") == ""
    assert said("home.nothing_waits") in ada.text
    assert said("question.delete_answer") in section(ada, "home.messages")
    assert flow("pulse").title.to("nb") in section(jonas, "home.waiting")
    assert said("question.delete_answer") not in jonas.text


def test_where_a_week_stands_with_what_to_decide_nobody_reads_that_nothing_waits(themes: Office) -> None:
    themes.answer("Ada", "theme_suggestion", SUGGESTION)
    themes.answer("Grace", "theme_suggestion", SUGGESTION)
    themes.pass_time("2027-01-11 12:00")

    grace = themes.home("Grace")

    assert said("digest.take_in") in section(grace, "home.week")
    assert said("home.nothing_waits") not in grace.text


def test_after_a_suggestion_the_question_waits_no_more_and_more_is_welcome(themes: Office) -> None:
    themes.answer("Ada", "theme_suggestion", SUGGESTION)

    ada, jonas = themes.home("Ada"), themes.home("Jonas")

    assert section(ada, "home.waiting") == ""
    assert said("home.contributed") in section(ada, "home.more")
    assert said("receipt.more") in section(ada, "home.more")
    assert section(jonas, "home.more") == ""
    assert flow("theme_suggestion").title.to("nb") in section(jonas, "home.waiting")


def test_whoever_has_withdrawn_it_all_is_not_thanked_for_it(themes: Office) -> None:
    receipt = themes.answer("Ada", "theme_suggestion", SUGGESTION)
    receipt.tap(next(one.action for one in receipt.card.buttons if one.action.startswith("take_back")))

    more = section(themes.home("Ada"), "home.more")

    assert said("home.contributed") not in more
    assert said("receipt.more") in more


def test_whoever_has_only_been_greeted_reads_first_who_is_asking(themes: Office) -> None:
    new = sections(themes.home("Ada"))
    themes.pass_time("2027-01-16 12:00")
    later = themes.home("Ada")

    assert new[1:3] == [said("home.messages"), said("home.waiting")]
    assert said("welcome.stop") not in plain(later.cards[1])


def test_a_question_that_is_closed_waits_no_more(pulse: Office) -> None:
    pulse.pass_time("2027-01-16 12:00")

    page = pulse.home("Ada")

    assert section(page, "home.waiting") == ""
    assert said("question.closed") not in page.text
    assert "Dette kom ut av" in section(page, "home.messages")


def test_older_messages_are_folded_away(all_three: Office) -> None:
    all_three.answer("Ada", "theme_suggestion", SUGGESTION)
    all_three.pass_time("2027-02-20 12:00")

    page = all_three.home("Grace")

    assert len([card for card in page.cards if card.section == said("home.messages")]) == 2
    older = [card for card in page.cards if card.section.startswith("Eldre meldinger")]
    assert older
    assert all(card.is_folded and card.section == said("home.older", count=len(older)) for card in older)


def test_a_message_that_leads_to_the_own_page_has_no_such_button_there(make_office: MakeOffice) -> None:
    office = begun(make_office(flows=[flow("pulse")], people=STAFF, post=Post()))

    letter, page = office.letters("Ada")[0], office.home("Ada")

    assert f"[{said('welcome.open')}] http://127.0.0.1:8000/l/{page.link_id}/{page.secret}" in letter
    assert said("welcome.stop") in page.text
    assert said("welcome.open") not in page.text


def test_whoever_was_left_alone_reads_why_below_what_waits(make_office: MakeOffice) -> None:
    flows = [flow("pulse"), flow("theme_suggestion")]
    page = begun(make_office(flows=flows, people=[*STAFF, MALLORY])).home("Mallory")

    headings = sections(page)
    assert said("left_alone.not_discussed") in section(page, "home.not_asked")
    assert said("left_alone.not_discussed") not in plain(page.card)
    assert headings.index(said("home.not_asked")) > headings.index(said("home.waiting"))


def test_what_one_suggested_can_be_withdrawn_after_the_round_too(themes: Office) -> None:
    themes.answer("Ada", "theme_suggestion", SUGGESTION)
    themes.answer("Jonas", "theme_suggestion", {"suggestion": "Løfteteknikk", "nearest": "mine"})
    themes.pass_time("2027-01-16 12:00")
    page = themes.home("Ada")
    became = section(page, "home.became")
    action = next(one.action for card in page.cards for one in card.buttons if one.action.startswith("theme_end"))

    of_another = themes.home("Jonas").tap(action)
    kept = waiting_themes(themes)
    page.tap(action)

    assert "Uro om kvelden" in became
    assert "Løfteteknikk" not in became
    assert said("suggestions.waits", day="4. januar 2027", leader="Grace Lie") in became
    assert said("suggestions.withdrawn") not in of_another.text
    assert kept == {"Uro om kvelden", "Løfteteknikk"}
    assert waiting_themes(themes) == {"Løfteteknikk"}
    assert said("suggestions.withdrawn") in page.text


def test_what_is_decided_stands_alike_for_all_who_were_told(themes: Office) -> None:
    themes.answer("Ada", "theme_suggestion", SUGGESTION)
    themes.pass_time("2027-01-11 12:00")
    week = themes.week("Grace")
    theme = week.card.buttons[0].action.partition(":")[2]
    week.tap(f"save_not_now:{theme}", {"reason": "reason_money", "own": "Vi ser på det i juni."})
    themes.pass_time("2027-01-11 12:30")

    ada, jonas = section(themes.home("Ada"), "home.became"), section(themes.home("Jonas"), "home.became")

    assert ada == jonas
    assert said("decision.told_not_now", text="Uro om kvelden") in ada
    assert "Vi ser på det i juni." in ada
    assert said("suggestions.decided_by", leader="Grace Lie", day="11. januar 2027") in ada
    assert said("suggestions.forgotten") in ada


def test_a_supported_suggestion_stands_there_without_its_author(themes: Office) -> None:
    themes.answer("Ada", "theme_suggestion", SUGGESTION)
    page = themes.open("Jonas", "theme_suggestion").tap("send", {"suggestion": "kveldsuro"})
    page.tap("send", {"nearest": page.card.asks[0].choices[0].id})

    became = section(themes.home("Jonas"), "home.became")

    assert "Uro om kvelden" in became
    assert said("suggestions.supported").upper() in became
    assert said("suggestions.withdraw") not in became


def test_support_can_be_taken_back_and_the_suggestion_stays(themes: Office) -> None:
    themes.answer("Ada", "theme_suggestion", SUGGESTION)
    page = themes.open("Jonas", "theme_suggestion").tap("send", {"suggestion": "kveldsuro"})
    page.tap("send", {"nearest": page.card.asks[0].choices[0].id})
    home = themes.home("Jonas")
    action = next(one.action for card in home.cards for one in card.buttons if one.action.startswith("support_end"))

    themes.home("Bo").tap(action)  # whose it is not
    kept = count(themes, Support)
    home.tap(action)

    assert kept == 1
    assert count(themes, Support) == 0
    assert waiting_themes(themes) == {"Uro om kvelden"}
    assert said("suggestions.support_withdrawn") in home.text
    assert "Uro om kvelden" not in section(home, "home.became")


def test_in_a_pause_one_may_still_stop_for_good_and_reads_what_follows(pulse: Office) -> None:
    page = pulse.home("Ada").tap("pause")
    assert said("settings.decline_does") in section(page, "home.settings")
    assert said("home.pause") not in section(page, "home.settings")

    page.tap("decline")

    assert "du får ingen meldinger" in plain(page.card)
    assert said("home.paused", day="onsdag 3. februar") not in page.text


def test_a_pause_is_told_and_over_when_it_is_over(pulse: Office) -> None:
    page = pulse.home("Ada").tap("pause")
    during = page.text
    pulse.pass_time("2027-02-04 12:00")

    assert said("home.paused", day="onsdag 3. februar") in during
    assert [button.action for button in page.cards[0].buttons] == ["resume"]
    assert "pause til" not in pulse.home("Ada").text
    assert [button.action for button in pulse.home("Ada").cards[-1].buttons] == ["pause", "decline"]


def test_dont_ask_me_is_one_tap_and_can_be_taken_back(pulse: Office) -> None:
    page = pulse.home("Ada").tap("decline")
    declined = page.text

    page.tap("resume")

    assert said("home.declined") in declined
    assert said("home.declined") not in page.text
    assert said("settings.resumed") in page.text
    with pulse.reading() as session:
        assert not any(one.declined for one in session.exec(select(Person)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_each_choice_does_is_said_before_it_is_made(pulse: Office, language: str) -> None:
    settings = section(pulse.home("Ada", language), "home.settings")

    for key in ("settings.language_does", "settings.pause_does", "settings.decline_does"):
        assert said(key, language) in settings


def test_a_chosen_language_holds_for_all_that_comes_and_for_the_next_import(themes: Office) -> None:
    page = themes.home("Ada", "nb").tap("language:en")

    themes.import_people(FEW)
    themes.pass_time("2027-01-16 12:00")

    assert said("settings.language_chosen", "en") in page.text
    assert said("result.no_themes", "en") in themes.latest("Ada")
    assert "«Ikkje no»" not in themes.latest("Ada")
    assert said("result.no_themes", "nn") in themes.latest("Eldbjørg")


def test_an_action_that_nobody_offered_changes_nothing(pulse: Office) -> None:
    page = pulse.home("Ada")
    before = page.text

    for action in ("", "send", "language:de", "language:", "names", "save_taken_in:1", "pause:now'"):
        page.tap(action)

    with pulse.reading() as session:
        ada = session.get(Person, pulse.id_of("Ada"))
    assert ada is not None
    assert (ada.declined, ada.language) == (False, "nb")
    assert before.splitlines()[0] == page.text.splitlines()[0]


def test_what_is_stored_is_said_in_words_and_what_cannot_be_found(all_three: Office) -> None:
    all_three.answer("Ada", "unused_competence", {"has_more": "yes", "competence": "Polsk"})
    all_three.answer("Ada", "theme_suggestion", SUGGESTION)

    stored = section(all_three.home("Ada"), "home.stored")

    assert said("stored.who", name="Ada Berg", number="101") in stored
    assert said("stored.belongs", units="Avdeling 1") in stored
    assert said("stored.reached", addresses="denne siden") in stored
    assert said("stored.kind.participation", count=3) in stored
    assert said("stored.kind.answer", count=1) in stored
    assert said("stored.kind.theme_author", count=1) in stored
    assert "Vi skriver til deg på bokmål." in stored
    assert said("stored.cannot_sealed") in stored
    assert said("stored.erase_ask", people=said("stored.whoever_runs_it")) in stored


def test_hours_leave_roles_and_whom_to_ask_for_erasure_stand_there_too(make_office: MakeOffice) -> None:
    night = line(101, "Ada Berg", "Solvik / Avdeling 1", hours="mon-fri 21:00-07:00", leave="2027-02-01/2027-02-05")
    officer = line(9, "Olga Strand", "Solvik", "protection_officer")
    office = begun(make_office(flows=[flow("pulse")], people=[night, officer, *(one for one in STAFF if one != ADA)]))

    ada, grace = section(office.home("Ada"), "home.stored"), section(office.home("Grace"), "home.stored")

    assert said("stored.hours", hours="man.–fre. 21.00–07.00") in ada
    assert said("stored.away", days="fra 1. februar 2027 til 5. februar 2027") in ada
    assert said("stored.erase_ask", people="Olga Strand") in ada
    assert said("stored.answers_for", roles="leder i Avdeling 1") in grace


def test_what_became_of_an_action_is_said_and_again_after_a_reload_but_not_the_next_time(pulse: Office) -> None:
    browser = Browser(pulse)
    browser.visit(home_of(pulse, "Ada"))
    own = browser.page.url.path

    browser.press("pause")
    after = browser.press("resume")
    reloaded = browser.visit(str(after.url)).text
    next_time = browser.visit(own).text

    assert after.history[0].status_code == 303
    assert said("settings.resumed") in after.text
    assert said("settings.resumed") in reloaded
    assert said("settings.resumed") not in next_time


def test_when_it_suits_is_chosen_among_the_settings_and_said_back(pulse: Office) -> None:
    page = pulse.home("Ada")

    page.tap("suits", {"suits": "morning"})

    assert said("suits.title") in section(page, "home.settings")
    assert said("settings.hours_kept") in page.text
    with pulse.reading() as session:
        assert session.get_one(Person, pulse.id_of("Ada")).suits is not None
