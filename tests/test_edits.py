"""What lies in a chat is shown anew there: a named answer at once, every question alike when the round is over."""

from collections.abc import Mapping

import pytest
from sqlmodel import select

from bot.cards import Card, Say
from bot.outbox.pacing import Pace, Rate
from storage.tables import Address, Delivery
from storage.tables.sending import DeliveryKind, DeliveryPriority
from tests.browsing import answers
from tests.office import WARD, MakeOffice, Office, on, said, shipped


class Chat:
    """A chat in which messages stay, and can be shown anew."""

    name = "chat"
    is_safe_to_repeat = False
    at_once = 4
    rates: Mapping[str, Rate] = {}

    def __init__(self) -> None:
        self.shown: dict[str, Card] = {}

    async def send(self, address: str, card: Card, delivery_id: int, *, reference: str, pace: Pace) -> str:
        external_id = f"{address}/{len(self.shown)}"
        self.shown[external_id] = card
        return external_id

    async def edit(self, address: str, card: Card, external_id: str, *, pace: Pace) -> None:
        assert external_id in self.shown
        self.shown[external_id] = card

    def questions(self, title: str) -> dict[str, Card]:
        """The messages with this title, by whose they are."""
        return {name.partition("/")[0]: card for name, card in self.shown.items() if card.title == title}


@pytest.fixture
def chat() -> Chat:
    return Chat()


@pytest.fixture
def office(make_office: MakeOffice, chat: Chat) -> Office:
    """Everybody is in the chat, and is asked two things: one without a name, one with."""
    flows = [shipped("pulse", schedule=on("2027-01-04")), shipped("unused_competence", schedule=on("2027-01-04"))]
    made = make_office(flows=flows, chats=[chat])
    with made.parts.store.writing() as session:
        for name in made.staff(WARD):
            session.add(Address(person_id=made.id_of(name), channel="chat", value=name))
    made.pass_time("2027-01-04 12:00")
    return made


def edits(office: Office) -> list[Delivery]:
    return office.deliveries(DeliveryKind.edit)


def test_a_named_answer_is_shown_in_the_chat_at_once_before_all_else(office: Office, chat: Chat) -> None:
    page = office.open("Ada", "unused_competence")
    title = page.card.title
    page.fill_in({"has_more": "no"})
    assert [one.priority for one in edits(office)] == [DeliveryPriority.reply]

    office.beat()

    shown = chat.questions(title)
    assert [one.label for one in shown["Ada"].buttons] == [said("question.see_answer")]
    assert [one.label for one in shown["Siv"].buttons] == [said("question.answer")]
    assert len(chat.questions(title)) == len(shown)


def test_of_an_answer_without_a_name_the_chat_shows_nothing(office: Office) -> None:
    office.answer("Ada", "pulse", answers())

    assert edits(office) == []


def test_when_the_round_is_over_every_question_says_the_same(office: Office, chat: Chat) -> None:
    office.answer("Ada", "pulse", answers())

    office.pass_time("2027-01-18 12:00")

    run = next(one for one in office.runs("pulse"))
    asked = [one for one in office.deliveries(DeliveryKind.question, about=f"run:{run.id}") if one.channel == "chat"]
    shown = [chat.shown[one.external_id or ""] for one in asked]
    assert len(asked) > 5
    assert all(card.blocks == (Say(said("question.closed", card.language)),) for card in shown)


def test_what_was_shown_anew_is_no_message_on_the_own_page(office: Office) -> None:
    office.open("Ada", "unused_competence").fill_in({"has_more": "no"})
    office.beat()
    count = len(office.home("Ada").cards)

    office.open("Ada", "unused_competence").tap("withdraw")
    office.beat()

    assert len(office.home("Ada").cards) <= count + 1


def test_what_is_shown_anew_is_not_shown_in_the_conversation_of_another(office: Office, chat: Chat) -> None:
    title = office.open("Ada", "unused_competence").card.title
    before = chat.questions(title)["Ada"]
    office.open("Ada", "unused_competence").fill_in({"has_more": "no"})

    with office.parts.store.writing() as session:
        own = session.exec(select(Address).where(Address.channel == "chat", Address.value == "Ada")).one()
        own.person_id = office.id_of("Turid")
        session.add(own)
    office.beat()

    assert [one.state for one in edits(office)] == ["cancelled"]
    assert chat.questions(title)["Ada"] is before
