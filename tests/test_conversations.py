"""Conversations: what people see when they look, write, hurry, or try what they should not."""

import pytest
from sqlmodel import Session, select

from bot.conversations import Interaction, Visit, finish, receive
from storage.links import Purpose
from storage.tables import Envelope, Participation
from tests.office import MALLORY, MakeOffice, Office, Page, said
from tests.rounds import FEW, STAFF, begun, count, flow, waiting_themes


@pytest.fixture
def pulse(make_office: MakeOffice) -> Office:
    """Monday noon, with an anonymous question for all but Mallory, whose employer has discussed nothing."""
    return begun(make_office(flows=[flow("pulse")], people=[*STAFF, MALLORY]))


@pytest.fixture
def themes(make_office: MakeOffice) -> Office:
    """Monday noon, with a question for themes."""
    return begun(make_office(flows=[flow("theme_suggestion")], people=FEW))


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


def test_mallory_who_was_not_asked_cannot_answer(pulse: Office) -> None:
    """She makes the visit by hand, with Ada's form in it: there is no link that would bring her here."""
    state = pulse.open("Ada", "pulse").card.state
    visit = Visit(pulse.id_of("Mallory"), Purpose.run, pulse.runs()[0].id or 0, "nb")

    for action in ("send", "change", "withdraw", "delete", "again"):
        interaction = Interaction(visit, action, {"learnt_needed": ["never"], "code": ["x"]}, state)
        cards = pulse.parts.writer.do_now(
            lambda session, sent=interaction: finish(session, receive(session, pulse.parts, sent, pulse.at))  # type: ignore[misc]
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


def test_what_fails_halfway_keeps_nothing(pulse: Office) -> None:
    """A submission is marked as come and its envelope kept in one piece of work, or neither."""
    page = pulse.open("Ada", "pulse")
    visit = Visit(pulse.id_of("Ada"), Purpose.run, pulse.runs()[0].id or 0, "nb")

    def work(session: Session) -> None:
        interaction = Interaction(visit, "send", {"learnt_needed": ["weekly"]}, page.card.state)
        finish(session, receive(session, pulse.parts, interaction, pulse.at))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        pulse.parts.writer.do_now(work)

    assert count(pulse, Envelope) == 0
    assert pulse.answer("Ada", "pulse", {"learnt_needed": "weekly"}).card.title == said("receipt.title")
