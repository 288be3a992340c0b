"""When a group may ask again: it is said on its page, before anybody composes a poll in vain."""

import pytest
from sqlmodel import Session, select

from bot.rounds.cancelling import cancel_run
from storage.tables import Run
from tests.office import MakeOffice, Office, said
from tests.polling import compose, group_page, make_polling_office, send


@pytest.fixture
def office(make_office: MakeOffice) -> Office:
    return make_polling_office(make_office)


def said_next(moment: str) -> str:
    return said("poll.next_at", moment=moment)


NEXT = said_next("MOMENT").partition("MOMENT")[0]  # so begins what is said of the next one


def test_a_group_that_waits_for_nothing_is_told_of_no_wait(office: Office) -> None:
    page = group_page(office, "Ada")

    assert NEXT not in page.text
    assert f"[{said('poll.new')}]" in page.text


def test_while_a_poll_is_open_the_page_says_when_the_next_may_be_sent(office: Office) -> None:
    send(office, days="3")

    page = group_page(office, "Ada")

    assert said_next("torsdag 7. januar kl. 12.00") in page.text
    assert f"[{said('poll.new')}]" not in page.text
    assert said("poll.meanwhile") in page.text
    assert f"[{said('poll.new_draft')}]" in page.text
    office.pass_time("2027-01-07 12:01")
    assert NEXT not in group_page(office, "Ada").text


def test_a_draft_may_be_written_meanwhile_and_sent_when_it_was_said_that_it_may(office: Office) -> None:
    send(office, days="3")
    page = compose(office, title="Uro")
    assert said_next("torsdag 7. januar kl. 12.00") in page.text
    assert "send" not in page.actions
    waiting = group_page(office, "Ada")
    assert said_next("torsdag 7. januar kl. 12.00") in waiting.text
    assert waiting.actions == ["go_on", "drop"]

    office.pass_time("2027-01-07 12:01")

    assert said("poll.sent") in group_page(office, "Ada").tap("go_on").tap("send").text


def test_after_two_in_a_month_the_page_says_when_the_month_is_over(office: Office) -> None:
    send(office, days="3")
    office.pass_time("2027-01-08 12:00")
    send(office, days="3")

    when_open = group_page(office, "Ada").text
    office.pass_time("2027-01-14 12:00")
    when_closed = group_page(office, "Ada").text

    assert said_next("onsdag 3. februar kl. 12.00") in when_open  # thirty days after the first
    assert said_next("onsdag 3. februar kl. 12.00") in when_closed
    office.pass_time("2027-02-03 12:00")
    assert said("poll.sent") in send(office).text


def test_a_poll_that_was_given_up_lets_nobody_wait(office: Office) -> None:
    send(office)

    def give_up(session: Session) -> None:
        cancel_run(session, office.parts, session.exec(select(Run)).one(), office.at)

    office.parts.writer.do_now(give_up)

    assert NEXT not in group_page(office, "Ada").text


def test_whoever_has_just_sent_one_reads_when_the_next_may_be(office: Office) -> None:
    page = send(office, days="3")

    assert said("poll.sent") in page.text
    assert said_next("torsdag 7. januar kl. 12.00") in page.text
