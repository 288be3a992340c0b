"""What a person does is read and made ready beside the writer; what the writer then stores must still hold there."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import Session

from bot.conversations import Interaction, Reply, Visit, finish, receive
from storage.erasure import erase
from storage.links import Purpose
from storage.tables import Answer, Envelope, Person
from tests.office import MakeOffice, Office, said
from tests.office_ways import Page
from tests.rounds import CODE, STAFF, begun, count, flow
from tests.test_writer import Hold

PULSE, COMPETENCE = "pulse", "unused_competence"
BOTH = pytest.mark.parametrize("about", [PULSE, COMPETENCE])


def ask(make_office: MakeOffice, about: str) -> Office:
    """Monday noon, with a question that has reached everybody."""
    return begun(make_office(flows=[flow(about)], people=STAFF))


def make_ready(office: Office, about: str, action: str, state: str = "", **form: str) -> Reply:
    """What Ada does on a card with that state, as far as it goes beside the writer."""
    visit = Visit(office.id_of("Ada"), Purpose.run, office.runs(about)[0].id or 0, "nb")
    given = {field: [text] for field, text in form.items()}
    with office.parts.store.reading() as session:
        return receive(session, office.parts, Interaction(visit, action, given, state), office.at)


def make_answer_ready(office: Office, about: str) -> Reply:
    page = office.open("Ada", about)
    if about == PULSE:
        return make_ready(office, about, "send", page.card.state, learnt_needed="weekly")
    return make_ready(office, about, "send", page.tap("send", {"has_more": "no"}).card.state, tasks="Turer")


def store_now(office: Office, reply: Reply) -> str:
    assert callable(reply), "this is to be stored"
    return str(office.parts.writer.do_now(lambda session: finish(session, reply)))


def test_the_way_through_the_cards_waits_for_no_writer(make_office: MakeOffice) -> None:
    office = ask(make_office, COMPETENCE)
    url = office.follow("Ada", office.flows[COMPETENCE].title.nb)
    hold = Hold(office.parts.writer)

    with ThreadPoolExecutor(1) as others:
        try:
            page = others.submit(lambda: Page(office, url).tap("send", {"has_more": "yes"})).result(30)
        finally:
            hold.end()

    assert [one.id for one in page.card.asks] == ["competence"]


@BOTH
def test_an_answer_that_waits_while_the_round_closes_is_not_kept_and_says_so(
    make_office: MakeOffice, about: str
) -> None:
    office = ask(make_office, about)
    answer = make_answer_ready(office, about)

    office.pass_time("2027-03-01 12:00")

    assert said("question.closed_thanks") in store_now(office, answer)
    assert count(office, Envelope) == count(office, Answer) == 0


def test_an_answer_that_is_taken_back_while_the_round_closes_stays(make_office: MakeOffice) -> None:
    office = ask(make_office, COMPETENCE)
    office.answer("Ada", COMPETENCE, {"has_more": "no", "tasks": "Turer"})
    withdrawn = make_ready(office, COMPETENCE, "withdraw")

    office.pass_time("2027-03-01 12:00")

    assert said("question.closed_thanks") in store_now(office, withdrawn)
    assert count(office, Answer) == 1


def test_whoever_deletes_an_answer_while_the_round_closes_reads_that_it_has_closed(make_office: MakeOffice) -> None:
    """Not that the code is unknown: the answer was counted."""
    office = ask(make_office, PULSE)
    receipt = office.answer("Ada", PULSE, {"learnt_needed": "weekly"}).text
    code = CODE.search(receipt)
    assert code is not None
    deletion = make_ready(office, PULSE, "delete", code=code[0])

    office.pass_time("2027-03-01 12:00")

    assert said("question.closed_thanks") in store_now(office, deletion)


def test_two_answers_of_one_person_that_wait_together_count_once(make_office: MakeOffice) -> None:
    office = ask(make_office, PULSE)
    both = [make_answer_ready(office, PULSE) for _ in range(2)]

    receipts = [store_now(office, one) for one in both]

    assert said("receipt.sealed", count=1) in receipts[0]
    assert said("answered.once") in receipts[1]
    assert count(office, Envelope) == 1


@BOTH
def test_nothing_is_kept_of_somebody_who_was_erased_meanwhile(make_office: MakeOffice, about: str) -> None:
    office = ask(make_office, about)
    answer = make_answer_ready(office, about)

    def forget(session: Session) -> None:
        erase(session, session.get_one(Person, office.id_of("Ada")), office.parts.keys, office.at)

    office.parts.writer.do_now(forget)

    assert said("question.closed_thanks") in store_now(office, answer)
    assert count(office, Envelope) == count(office, Answer) == 0
