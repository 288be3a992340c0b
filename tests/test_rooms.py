"""Who is known by a channel comes into the rooms that are theirs, and into no others, without any link."""

from typing import Any

import pytest
from sqlmodel import select

from bot.proof import ByAddress
from bot.trouble import Trouble
from storage.tables import Address, Digest, Person, Poll, Run
from tests.browsing import Browser, answers, path_of
from tests.office import MakeOffice, Office, on, said, shipped
from tests.office_ways import Page
from tests.polling import QUESTION, make_polling_office, send

CHANNEL = "chat"


@pytest.fixture
def office(make_office: MakeOffice) -> Office:
    """The first question has been asked, and some are known in a chat."""
    made = make_office(flows=[shipped("pulse", schedule=on("2027-01-04"))])
    made.pass_time("2027-01-04 12:00")
    with made.parts.store.writing() as session:
        for name in ("Ada", "Grace", "Mallory"):
            session.add(Address(person_id=made.id_of(name), channel=CHANNEL, value=name))
    return made


def look(office: Office, name: str, room: str) -> Any:
    return office.run(office.door.look(ByAddress(CHANNEL, name, room), None))


def only_run(office: Office) -> str:
    return f"run:{office.runs()[0].id}"


def test_who_was_asked_answers_in_the_chat_and_it_counts_once(office: Office) -> None:
    chat = Page(office, ByAddress(CHANNEL, "Ada", only_run(office)))
    chat.fill_in(answers())

    again = Page(office, ByAddress(CHANNEL, "Ada", only_run(office)))

    assert said("receipt.title") in chat.text
    assert again.card.title == said("answered.title")
    assert office.open("Ada", "pulse").card.title == said("answered.title")


@pytest.mark.parametrize("room", ["", "run", "run:x", "run:-1", "paper:1", "else:1", "run:²", "run:1234567890123"])
def test_what_is_no_room_of_a_chat_opens_nothing(office: Office, room: str) -> None:
    seen = look(office, "Ada", room)

    assert isinstance(seen, Trouble)
    assert seen.status == 404


def test_whom_the_channel_does_not_know_gets_a_kind_word_and_nothing_else(office: Office) -> None:
    seen = look(office, "Nobody", only_run(office))

    assert (seen.key, seen.status) == ("unknown_address", 403)


def test_who_has_left_does_not_get_in_by_an_address_of_before(office: Office) -> None:
    with office.parts.store.writing() as session:
        session.get_one(Person, office.id_of("Ada")).active = False

    assert isinstance(look(office, "Ada", "home:0"), Trouble)


def test_the_rooms_of_others_stay_closed(office: Office) -> None:
    office.pass_time("2027-01-18 12:00")
    with office.reading() as session:
        digest = session.exec(select(Digest).where(Digest.person_id == office.id_of("Grace"))).first()
        assert digest is not None
        assert session.exec(select(Poll)).first() is None
    own, others = look(office, "Grace", f"digest:{digest.id}"), look(office, "Mallory", f"digest:{digest.id}")

    assert others.cards[0].title != own.cards[0].title
    assert [one.room for one in others.cards[0].buttons] == ["home:0"]  # the way to Mallory's own page


def test_from_the_own_page_in_a_chat_a_button_leads_to_where_all_can_be_downloaded(office: Office) -> None:
    seen = look(office, "Ada", "home:0")
    urls = [one.url for card in seen.cards for one in card.buttons if one.label == said("stored.in_browser")]

    browser = Browser(office)
    browser.visit(path_of(urls[0]))

    assert said("stored.download") in browser.text
    assert all(said("stored.download") != one.label for card in seen.cards for one in card.buttons)


def test_who_was_not_asked_sees_no_question(office: Office) -> None:
    with office.reading() as session:
        run = session.exec(select(Run)).one()
    seen = look(office, "Mallory", f"run:{run.id}")

    assert seen.cards[0].asks == ()


@pytest.mark.parametrize("closed", [False, True])
def test_who_was_not_asked_reads_not_even_what_a_poll_is_about(make_office: MakeOffice, closed: bool) -> None:
    """In Teams whoever has the client can write another number into what a button sends."""
    office = make_polling_office(make_office)
    send(office)
    office.pass_time("2027-01-20 12:00" if closed else "2027-01-05 12:00")
    with office.parts.store.writing() as session:
        session.add(Address(person_id=office.id_of("Mallory"), channel=CHANNEL, value="Mallory"))

    seen = look(office, "Mallory", only_run(office))

    assert str(QUESTION["title"]) not in str(seen.cards)
    assert said("question.closed_thanks") in str(seen.cards)
