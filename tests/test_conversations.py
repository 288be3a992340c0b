"""Conversations: what people see and what is kept when they answer, regret, hurry, or try what they should not."""

import re
from collections.abc import Callable

import pytest
from sqlmodel import Session, select

from bot.conversations import Interaction, Visit, receive, show
from flows.model import Flow
from storage.links import Purpose
from storage.tables import Answer, Envelope, Participation, Person, Support, Theme, ThemeAuthor
from tests.office import ADA, GRACE, MALLORY, WARD, Office, Page, crowd, line, on, said, shipped

MakeOffice = Callable[..., Office]

JONAS = line(103, "Jonas Vik", WARD)
ELI = line(104, "Eldbjørg Haugen", WARD, language="nn")
TURID = line(201, "Turid Bakke", "Solvik / Avdeling 2", "leader")
FEW = (ADA, GRACE, JONAS, ELI, TURID, *crowd(110, WARD, "Bo"))
STAFF = (*FEW, *crowd(111, WARD, "Cecilie Dan Elin Finn Gard"))
CODE = re.compile(r"\w+-\d{4}-\w+-\w+")


def flow(which: str, /, **changes: object) -> Flow:
    return shipped(which, **{"schedule": on("2027-01-04"), **changes})


@pytest.fixture
def pulse(make_office: MakeOffice) -> Office:
    """Monday noon, with an anonymous question for all but Mallory, whose employer has discussed nothing."""
    return begun(make_office(flows=[flow("pulse")], people=[*STAFF, MALLORY]))


@pytest.fixture
def themes(make_office: MakeOffice) -> Office:
    """Monday noon, with a question for themes."""
    return begun(make_office(flows=[flow("theme_suggestion")], people=FEW))


@pytest.fixture
def competence(make_office: MakeOffice) -> Office:
    """Monday noon, with a question to be answered by name."""
    return begun(make_office(flows=[flow("unused_competence")], people=FEW))


def begun(office: Office) -> Office:
    office.pass_time("2027-01-04 12:00")
    return office


def count(office: Office, table: type[Answer | Envelope | Theme | Support | ThemeAuthor]) -> int:
    with office.reading() as session:
        return len(session.exec(select(table)).all())


def waiting_themes(office: Office) -> set[str]:
    with office.reading() as session:
        return set(session.exec(select(Theme.text)))


# Looking


def test_looking_changes_nothing_however_often(pulse: Office) -> None:
    """Mail scanners open every link before people do."""
    url = pulse.follow("Ada", "Pulsen")

    pages = [Page(pulse, url).text for _ in range(3)]

    assert len(set(pages)) == 1
    with pulse.reading() as session:
        assert not any(one.answered for one in session.exec(select(Participation)))


def test_before_the_first_answer_it_is_said_who_sees_and_what_it_is_for(pulse: Office) -> None:
    page = pulse.open("Ada", "pulse").text

    promise = page.index(said("promise.anonymous"))
    assert promise < page.index("Hvor ofte")
    assert "Grace Lie" in page
    assert "Svarene brukes ikke til lønn, nedbemanning eller vurdering av deg." in page


# Anonymous


def test_the_receipt_says_what_was_kept_who_sees_it_and_how_to_regret(pulse: Office) -> None:
    receipt = pulse.answer("Ada", "pulse", {"learnt_needed": "weekly", "found_solution": "never"}).text

    assert said("receipt.sealed", count=2) in receipt
    assert "Grace Lie" in receipt
    assert "fredag 15. januar" in receipt
    assert CODE.search(receipt)
    assert not any(CODE.search(message) for message in pulse.inbox("Ada"))  # here and nowhere else


def test_the_same_submission_twice_counts_once(pulse: Office) -> None:
    page = pulse.open("Ada", "pulse")
    state = page.card.state
    page.tap("send", {"learnt_needed": "weekly"})

    again = page.tap("send", {"learnt_needed": "never"}, state=state)

    assert count(pulse, Envelope) == 1
    assert said("answered.once") in again.text
    assert not CODE.search(again.text.replace(said("answered.code_hint"), ""))


@pytest.mark.parametrize("kind", ["anonymous", "confidential"])
def test_two_windows_of_one_person_count_once(make_office: MakeOffice, kind: str) -> None:
    why = dict.fromkeys(("nb", "nn", "en"), "Vi spør igjen om tre måneder.")
    office = begun(make_office(flows=[flow("pulse", kind=kind, why_confidential=why)], people=STAFF))
    first, second = office.open("Ada", "pulse"), office.open("Ada", "pulse")

    first.tap("send", {"learnt_needed": "weekly"})
    second.tap("send", {"learnt_needed": "never"})

    assert count(office, Envelope) == 1
    assert said("answered.once") in second.text


def test_the_code_deletes_the_answer_unread_until_the_deadline_however_it_is_typed(pulse: Office) -> None:
    ways: dict[str, Callable[[str], str]] = {
        "Ada": str,
        "Bo": str.lower,
        "Dan": lambda code: f"  {code.replace('-', ' ')} ",
    }
    for name, write in ways.items():
        found = CODE.search(pulse.answer(name, "pulse", {"learnt_needed": "weekly"}).text)
        assert found is not None

        page = pulse.open(name, "pulse").tap("delete", {"code": write(found[0])})

        assert said("answered.deleted_text") in page.text
        assert count(pulse, Envelope) == 0


def test_who_has_deleted_an_answer_cannot_answer_twice(pulse: Office) -> None:
    """Otherwise the number of envelopes and of those who answered would tell the two apart."""
    found = CODE.search(pulse.answer("Ada", "pulse", {"learnt_needed": "weekly"}).text)
    assert found is not None
    pulse.open("Ada", "pulse").tap("delete", {"code": found[0]})

    page = pulse.open("Ada", "pulse").tap("send", {"learnt_needed": "weekly"})

    assert said("answered.once") in page.text
    assert count(pulse, Envelope) == 0


def test_a_wrong_code_deletes_nothing_and_says_so(pulse: Office) -> None:
    pulse.answer("Ada", "pulse", {"learnt_needed": "weekly"})

    for code in ("MÅKE-0000-FJORD-EIK", "", "%", "' OR 1=1 --"):
        page = pulse.open("Ada", "pulse").tap("delete", {"code": code})
        assert said("answered.code_unknown") in page.text

    assert count(pulse, Envelope) == 1


def test_a_code_opens_only_the_run_it_was_given_in(make_office: MakeOffice) -> None:
    other = flow("pulse", name="other_pulse", title=dict.fromkeys(("nb", "nn", "en"), "En annen puls"))
    office = begun(make_office(flows=[flow("pulse"), other], people=STAFF))
    found = CODE.search(office.answer("Ada", "pulse", {"learnt_needed": "weekly"}).text)
    assert found is not None
    office.answer("Ada", "other_pulse", {"learnt_needed": "weekly"})

    page = office.open("Ada", "other_pulse").tap("delete", {"code": found[0]})

    assert said("answered.code_unknown") in page.text
    assert count(office, Envelope) == 2


def test_after_the_deadline_the_page_says_the_same_to_everybody_who_was_asked(pulse: Office) -> None:
    pages = [pulse.open(name, "pulse") for name in ("Ada", "Jonas")]
    pages[0].fill_in({"learnt_needed": "weekly"})
    pulse.world.at = pulse.runs()[0].closes_at  # the deadline has passed, the tick has not come yet

    texts = {_show_by_hand(pulse, name) for name in ("Ada", "Jonas", "Mallory")}

    assert len(texts) == 1
    assert said("question.closed_thanks") in texts.pop()


def _show_by_hand(office: Office, name: str) -> str:
    visit = Visit(office.id_of(name), Purpose.run, office.runs()[0].id or 0, "nb")
    with office.reading() as session:
        return str(show(session, office.parts, visit, office.at)[0])


def test_nothing_filled_in_is_nothing_sent(pulse: Office) -> None:
    page = pulse.open("Ada", "pulse").tap("send", {})

    assert said("problem.nothing_written") in page.text
    assert count(pulse, Envelope) == 0
    page.tap("send", {"learnt_needed": "weekly"})
    assert count(pulse, Envelope) == 1


def test_an_option_that_was_never_offered_is_refused(pulse: Office) -> None:
    page = pulse.open("Ada", "pulse").tap("send", {"learnt_needed": "hourly", "no_such_field": "x"})

    assert said("problem.unknown_option") in page.text
    assert count(pulse, Envelope) == 0


# Those who should not


def test_mallory_who_was_not_asked_cannot_answer(pulse: Office) -> None:
    """She makes the visit by hand, with Ada's form in it: there is no link that would bring her here."""
    state = pulse.open("Ada", "pulse").card.state
    visit = Visit(pulse.id_of("Mallory"), Purpose.run, pulse.runs()[0].id or 0, "nb")

    for action in ("send", "change", "withdraw", "delete", "again"):
        interaction = Interaction(visit, action, {"learnt_needed": ["never"], "code": ["x"]}, state)
        cards = pulse.parts.writer.do_now(
            lambda session, sent=interaction: receive(session, pulse.parts, sent, pulse.at)  # type: ignore[misc]
        )
        assert said("question.closed_thanks") in str(cards)

    assert count(pulse, Envelope) == 0


def test_somebody_elses_form_is_not_taken(pulse: Office) -> None:
    ada, jonas = pulse.open("Ada", "pulse"), pulse.open("Jonas", "pulse")

    jonas.tap("send", {"learnt_needed": "never"}, state=ada.card.state)

    assert said("problem.form_too_old") in jonas.text
    assert count(pulse, Envelope) == 0


def test_a_form_that_is_not_ours_is_shown_anew(pulse: Office) -> None:
    for state in ("", "00", "not hexadecimal", "ff" * 200):
        page = pulse.open("Ada", "pulse").tap("send", {"learnt_needed": "never"}, state=state)

        assert said("problem.form_too_old") in page.text
        assert "Hvor ofte" in page.text
    assert count(pulse, Envelope) == 0


def test_a_link_with_another_secret_opens_nothing(pulse: Office) -> None:
    url = pulse.follow("Ada", "Pulsen")
    other = pulse.follow("Jonas", "Pulsen")

    for forged in (url[:-4] + "AAAA", url.rsplit("/", 1)[0] + "/" + other.rsplit("/", 1)[1]):
        trouble = Page(pulse, forged).trouble
        assert trouble is not None
        assert (trouble.key, trouble.status) == ("unknown_link", 404)


def test_a_link_whose_time_is_over_says_so_and_whom_to_ask(pulse: Office) -> None:
    url = pulse.follow("Ada", "Pulsen")
    pulse.pass_time("2027-01-15 12:00")

    trouble = Page(pulse, url).trouble

    assert trouble is not None
    assert (trouble.key, trouble.status) == ("expired", 410)
    assert (trouble.with_words or {})["whom"] == "Grace Lie"


def test_whoever_has_left_gets_in_nowhere(pulse: Office) -> None:
    url, home = pulse.follow("Bo", "Pulsen"), pulse.home("Bo")
    pulse.import_people([one for one in [*STAFF, MALLORY] if "Bo Moen" not in one])

    assert Page(pulse, url).trouble is not None
    assert home.tap("decline").trouble is not None


# Writing


def test_ten_thousand_characters_get_a_clear_problem_and_nothing_is_lost(themes: Office) -> None:
    text = "Uro om kvelden. " * 625
    page = themes.open("Ada", "theme_suggestion")

    page.tap("send", {"suggestion": text})

    ask = page.card.asks[0]
    assert said("problem.too_long", length=len(text.strip()), most=300) == ask.problem
    assert ask.written == (text.strip(),)
    assert waiting_themes(themes) == set()
    page.fill_in({"suggestion": text[:200]})
    assert waiting_themes(themes) == {text[:200].strip()}


def test_what_people_write_comes_back_as_they_wrote_it(make_office: MakeOffice) -> None:
    themes = begun(make_office(flows=[flow("theme_suggestion")], people=STAFF))
    texts = {
        "Ada": "Ro om kvelden 🌙👩🏽‍⚕️",
        "Bo": "שלום וביטחון בעבודה",
        "Cecilie": "كيف نهدئ المرضى الخائفين",
        "Dan": '<b>ikke</b> «html» & "hermetegn" {leader} %s',
        "Elin": "'; DROP TABLE theme; --",
        "Finn": "Å ære øre: ÅÆØ",
    }

    receipts = {
        name: themes.answer(name, "theme_suggestion", {"suggestion": text, "nearest": "mine"}).text
        for name, text in texts.items()
    }
    themes.pass_time("2027-01-16 12:00")

    result = themes.latest("Jonas")
    for name, text in texts.items():
        assert text in receipts[name]
        assert f"«{text}»" in result


def test_what_is_required_is_asked_for(themes: Office) -> None:
    page = themes.open("Ada", "theme_suggestion").tap("send", {"suggestion": " \n\t "})

    assert said("problem.required") in page.text


def test_another_language_keeps_what_was_written(themes: Office) -> None:
    page = themes.open("Ada", "theme_suggestion")

    page.tap("language:nn", {"suggestion": "Uro om kvelden"})

    assert "Kva vil du lære meir om?" in page.text
    assert page.card.asks[0].written == ("Uro om kvelden",)


def test_not_now_says_until_when_it_waits(themes: Office) -> None:
    page = themes.open("Ada", "theme_suggestion").tap("later")

    assert said("answer.later_text", moment="fredag 15. januar kl. 09.00") in page.text
    assert "Hva vil du lære mer om?" in themes.open("Ada", "theme_suggestion").text


# Themes


def test_the_nearest_themes_are_shown_before_one_more_is_stored(themes: Office) -> None:
    themes.answer("Jonas", "theme_suggestion", {"suggestion": "Uro om kvelden"})
    themes.answer("Bo", "theme_suggestion", {"suggestion": "Løfteteknikk og ergonomi", "nearest": "mine"})

    page = themes.open("Ada", "theme_suggestion").tap("send", {"suggestion": "Når pasienter er urolige om kvelden"})

    labels = [choice.label for choice in page.card.asks[0].choices]
    assert labels[0] == "Uro om kvelden"
    assert "Løfteteknikk og ergonomi" not in labels
    assert waiting_themes(themes) == {"Uro om kvelden", "Løfteteknikk og ergonomi"}


def test_a_theme_is_supported_by_a_tap_and_once(themes: Office) -> None:
    themes.answer("Jonas", "theme_suggestion", {"suggestion": "Uro om kvelden"})

    for _ in range(2):
        page = themes.open("Ada", "theme_suggestion").tap("send", {"suggestion": "Kveldsuro"})
        nearest = page.card.asks[0].choices[0].id
        page.tap("send", {"nearest": nearest})

    assert said("receipt.supported", text="Uro om kvelden") in page.text
    assert said("receipt.stored") not in page.text  # her own words were not kept
    assert "Kveldsuro" not in page.text
    assert (count(themes, Theme), count(themes, Support)) == (1, 1)


def test_where_nothing_is_near_there_is_no_second_card(themes: Office) -> None:
    page = themes.open("Ada", "theme_suggestion").tap("send", {"suggestion": "Uro om kvelden"})

    assert said("receipt.title") in page.text


def test_the_same_words_are_one_theme(themes: Office) -> None:
    themes.answer("Jonas", "theme_suggestion", {"suggestion": "Uro om kvelden"})
    themes.answer("Ada", "theme_suggestion", {"suggestion": "uro om  KVELDEN!", "nearest": "mine"})

    assert waiting_themes(themes) == {"Uro om kvelden"}
    assert count(themes, Support) == 1


def test_ones_own_theme_is_not_supported_by_oneself(themes: Office) -> None:
    for _ in range(2):
        themes.answer("Ada", "theme_suggestion", {"suggestion": "Uro om kvelden", "nearest": "mine"})

    assert (count(themes, Theme), count(themes, ThemeAuthor), count(themes, Support)) == (1, 1, 0)


def test_one_may_suggest_one_more(themes: Office) -> None:
    page = themes.answer("Ada", "theme_suggestion", {"suggestion": "Uro om kvelden"})

    page.tap("again").fill_in({"suggestion": "Løfteteknikk", "nearest": "mine"})

    assert waiting_themes(themes) == {"Uro om kvelden", "Løfteteknikk"}


def test_a_theme_that_was_not_offered_cannot_be_supported(themes: Office) -> None:
    themes.answer("Jonas", "theme_suggestion", {"suggestion": "Uro om kvelden"})
    for forged in ("999", "0", "-1", "9" * 30, "mine'"):
        page = themes.open("Ada", "theme_suggestion").tap("send", {"suggestion": f"Kveldsuro {forged}"})

        page.tap("send", {"nearest": forged})

        assert page.trouble is None
    assert count(themes, Support) == 0


def test_a_theme_of_another_unit_is_neither_shown_nor_supported(themes: Office) -> None:
    themes.answer("Turid", "theme_suggestion", {"suggestion": "Uro om kvelden"})
    themes.answer("Jonas", "theme_suggestion", {"suggestion": "Kveldsvakt og uro"})
    with themes.reading() as session:
        other = session.exec(select(Theme.id).where(Theme.text == "Uro om kvelden")).one()

    page = themes.open("Ada", "theme_suggestion").tap("send", {"suggestion": "Uro om kvelden på vakt"})
    labels = [choice.label for choice in page.card.asks[0].choices]
    page.tap("send", {"nearest": str(other)})

    assert "Uro om kvelden" not in labels
    assert count(themes, Support) == 0


def test_a_theme_that_is_decided_while_one_writes_ties_nobody_to_it(themes: Office) -> None:
    themes.answer("Jonas", "theme_suggestion", {"suggestion": "Uro om kvelden"})
    themes.pass_time("2027-01-11 12:00")
    page = themes.open("Ada", "theme_suggestion").tap("send", {"suggestion": "Urolige kvelder"})
    nearest = page.card.asks[0].choices[0].id
    themes.week("Grace").tap(f"save_taken_in:{nearest}")

    page.tap("send", {"nearest": nearest})

    assert count(themes, Support) == 0
    assert waiting_themes(themes) == {"Uro om kvelden", "Urolige kvelder"}


def test_words_that_were_decided_on_in_the_same_round_can_be_written_again(themes: Office) -> None:
    themes.answer("Jonas", "theme_suggestion", {"suggestion": "Uro om kvelden"})
    themes.pass_time("2027-01-11 12:00")
    with themes.reading() as session:
        theme = session.exec(select(Theme.id)).one()
    themes.week("Grace").tap(f"save_taken_in:{theme}")

    page = themes.answer("Ada", "theme_suggestion", {"suggestion": "Uro om kvelden"})

    assert said("receipt.title") in page.text
    assert (count(themes, Theme), count(themes, Support), count(themes, ThemeAuthor)) == (1, 0, 0)


def test_ones_own_suggestion_can_be_taken_back_and_nobody_elses(themes: Office) -> None:
    themes.answer("Ada", "theme_suggestion", {"suggestion": "Uro om kvelden"})
    themes.answer("Jonas", "theme_suggestion", {"suggestion": "Løfteteknikk", "nearest": "mine"})
    with themes.reading() as session:
        ids = dict(session.exec(select(Theme.text, Theme.id)).all())

    page = themes.open("Ada", "theme_suggestion")
    page.tap(f"take_back:{ids['Løfteteknikk']}")
    page.tap(f"take_back:{ids['Uro om kvelden']}")

    assert waiting_themes(themes) == {"Løfteteknikk"}


# With a name


def test_a_named_answer_can_be_changed_and_withdrawn_and_given_again(competence: Office) -> None:
    competence.answer("Ada", "unused_competence", {"has_more": "yes", "competence": "Polsk", "tasks": "Turer"})

    page = competence.open("Ada", "unused_competence").tap("change")
    page.fill_in({"has_more": "yes", "competence": "Polsk og litauisk", "tasks": "Turer"})
    changed = competence.open("Ada", "unused_competence").text
    withdrawn = competence.open("Ada", "unused_competence").tap("withdraw")
    left = count(competence, Answer)
    competence.answer("Ada", "unused_competence", {"has_more": "no"})

    assert "Polsk og litauisk" in changed
    assert said("answered.withdrawn_title") in withdrawn.text
    assert left == 0
    assert count(competence, Answer) == 1


def test_a_change_begins_with_what_was_answered(competence: Office) -> None:
    competence.answer("Ada", "unused_competence", {"has_more": "yes", "competence": "Polsk"})

    page = competence.open("Ada", "unused_competence").tap("change")

    assert page.card.asks[0].written == ("yes",)
    page.tap("send", {"has_more": "yes"})
    assert page.card.asks[0].written == ("Polsk",)


def test_who_changes_a_yes_to_a_no_takes_back_what_was_written_after_the_yes(competence: Office) -> None:
    competence.answer("Ada", "unused_competence", {"has_more": "yes", "competence": "Polsk", "tasks": "Turer"})

    competence.open("Ada", "unused_competence").tap("change").fill_in({"has_more": "no", "tasks": "Turer"})

    with competence.reading() as session:
        assert session.exec(select(Answer)).one().values == {"has_more": "no", "tasks": "Turer"}


def test_a_card_with_a_condition_comes_only_to_those_it_is_for(competence: Office) -> None:
    yes = competence.open("Ada", "unused_competence").tap("send", {"has_more": "yes"})
    no = competence.open("Jonas", "unused_competence").tap("send", {"has_more": "no"})

    assert [ask.id for ask in yes.card.asks] == ["competence"]
    assert [ask.id for ask in no.card.asks] == ["tasks"]


def test_nobody_elses_named_answer_can_be_seen_changed_or_withdrawn(competence: Office) -> None:
    competence.answer("Ada", "unused_competence", {"has_more": "yes", "competence": "Polsk"})

    jonas = competence.open("Jonas", "unused_competence")
    texts = [jonas.text, jonas.tap("change").text, jonas.tap("withdraw").text]

    assert not any("Polsk" in text for text in texts)
    assert count(competence, Answer) == 1


# The own page


def test_a_pause_is_told_and_over_when_it_is_over(pulse: Office) -> None:
    page = pulse.home("Ada").tap("pause")
    during = page.text
    pulse.pass_time("2027-02-04 12:00")

    assert said("home.paused", day="onsdag 3. februar") in during
    assert [button.action for button in page.cards[0].buttons] == ["resume"]
    assert "pause til" not in pulse.home("Ada").text
    assert [button.action for button in pulse.home("Ada").cards[0].buttons] == ["pause", "decline"]


def test_dont_ask_me_is_one_tap_and_can_be_taken_back(pulse: Office) -> None:
    page = pulse.home("Ada").tap("decline")
    declined = page.text

    page.tap("resume")

    assert said("home.declined") in declined
    assert said("home.declined") not in page.text
    with pulse.reading() as session:
        assert not any(one.declined for one in session.exec(select(Person)))


def test_a_chosen_language_holds_for_all_that_comes_and_for_the_next_import(themes: Office) -> None:
    themes.home("Ada").tap("language:en")

    themes.import_people(FEW)
    themes.pass_time("2027-01-16 12:00")

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


def test_what_fails_halfway_keeps_nothing(pulse: Office) -> None:
    """A submission is marked as come and its envelope kept in one piece of work, or neither."""
    page = pulse.open("Ada", "pulse")
    visit = Visit(pulse.id_of("Ada"), Purpose.run, pulse.runs()[0].id or 0, "nb")

    def work(session: Session) -> None:
        interaction = Interaction(visit, "send", {"learnt_needed": ["weekly"]}, page.card.state)
        receive(session, pulse.parts, interaction, pulse.at)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        pulse.parts.writer.do_now(work)

    assert count(pulse, Envelope) == 0
    assert pulse.answer("Ada", "pulse", {"learnt_needed": "weekly"}).card.title == said("receipt.title")
