"""Sealed answers: counted once, deleted by a code, and the same words to everybody when the round is over."""

import re
from collections.abc import Callable

import pytest

from bot.cards import Card
from bot.conversations import Visit, show
from bot.messages import compose
from storage.links import Purpose
from storage.tables import Envelope
from storage.tables.sending import DeliveryKind
from tests.office import MALLORY, MakeOffice, Office, plain, said
from tests.rounds import CODE, STAFF, begun, count, flow


@pytest.fixture
def pulse(make_office: MakeOffice) -> Office:
    """Monday noon, with an anonymous question for all but Mallory, whose employer has discussed nothing."""
    return begun(make_office(flows=[flow("pulse")], people=[*STAFF, MALLORY]))


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
        card = show(session, office.parts, visit, office.at)[0]
    return re.sub(r"/l/[\w-]+", "", str(card))  # the way to one's own page is each person's own


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


def test_a_message_that_leaves_late_says_the_same_whoever_has_answered(pulse: Office) -> None:
    """Whoever may read somebody else's mailbox or chat must not find there who answered."""
    pulse.answer("Ada", "pulse", {"learnt_needed": "weekly"})

    def compose_for(name: str) -> Card:
        delivery = next(one for one in pulse.deliveries(DeliveryKind.question) if one.person_id == pulse.id_of(name))
        card = pulse.parts.writer.do_now(lambda session: compose(session, pulse.parts, delivery, pulse.at))
        assert card is not None
        return card

    def words_of(card: Card) -> str:
        return re.sub(r"http\S+", "", plain(card))

    ada, jonas = compose_for("Ada"), compose_for("Jonas")

    assert [(one.label, one.style) for one in ada.buttons] == [(one.label, one.style) for one in jonas.buttons]
    assert words_of(ada) == words_of(jonas)
