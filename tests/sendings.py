"""What tests of sending share: few people and how they are reached, a channel that refuses, and time that passes."""

from collections.abc import Callable
from datetime import timedelta

from bot.cards import Card
from bot.outbox.lanes import drain
from flows.model import Flow
from storage.directory.natural import MAIL
from storage.tables import Address, Delivery
from storage.tables.sending import DeliveryKind
from tests.office import ADA, GRACE, WARD, Office, Post, line, on, shipped

JONAS = line(103, "Jonas Vik", WARD)
FEW = (ADA, GRACE, JONAS)
NUMBER = {"Ada": "101", "Grace": "102", "Jonas": "103", "Vera": "401"}


def themes(*days: str, **changes: object) -> Flow:
    return shipped("theme_suggestion", **{"schedule": on(*(days or ("2027-01-04",))), **changes})


def refuse(post: Post, name: str, make_error: Callable[[], Exception], times: int = 1_000) -> None:
    """Let the channel refuse all questions to one person, so many times."""
    left = iter(range(times))

    def decide(address: str, card: Card) -> Exception | None:
        is_question = address == NUMBER[name] and any(button.url and "/l/" in button.url for button in card.buttons)
        is_question = is_question and not card.title.startswith("Hei")
        return make_error() if is_question and next(left, None) is not None else None

    post.refuse = decide


def question_to(office: Office, name: str) -> Delivery:
    """The newest question to somebody, as the outbox has it."""
    person_id = office.id_of(name)
    return [one for one in office.deliveries(DeliveryKind.question) if one.person_id == person_id][-1]


def later(office: Office, seconds: float) -> None:
    """Time passes, and what is due leaves."""
    office.world.at += timedelta(seconds=seconds)
    office.run(drain(office.parts, office.at))


def welcomes(office: Office, *names: str) -> dict[str, list[tuple[str, str]]]:
    """(channel, state) of the first messages to each of these people."""
    sent = office.deliveries(DeliveryKind.welcome)
    return {name: [(one.channel, one.state) for one in sent if one.person_id == office.id_of(name)] for name in names}


def give_mail(office: Office, *names: str) -> None:
    """Let these people have the address by which a chat knows them too."""
    with office.parts.store.writing() as session:
        for name in names:
            mail = f"{name.lower()}@solvik.example"
            session.add(Address(person_id=office.id_of(name), channel=MAIL, value=mail))
