"""A channel of the tests' own that refuses, and few to whom it brings letters."""

from collections.abc import Callable

from bot.cards import Card
from flows.model import Flow
from storage.tables import Delivery
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
