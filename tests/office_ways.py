"""The ways to people in the made-up office and back: letters of the tests' own channel, and pages behind the door."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from bot.cards import Card
from bot.outbox.pacing import Pace, Rate
from bot.proof import ByAddress, ByLink
from bot.trouble import Trouble
from tests.office_words import BEGINS, oslo, plain

if TYPE_CHECKING:
    from tests.office import Office

MOST_CARDS = 8

Form = Mapping[str, str | Sequence[str]]


class Letter(NamedTuple):
    """What the tests' own channel has brought: to whom, what, and when."""

    address: str
    card: Card
    at: datetime


class Post:
    """A channel of the tests' own, in the place of the web: it keeps what it has brought, and refuses as it is told."""

    def __init__(self, *, is_safe_to_repeat: bool = False, name: str = "web") -> None:
        self.name = name
        self.is_safe_to_repeat = is_safe_to_repeat
        self.rates: Mapping[str, Rate] = {}
        self.at_once = 1
        self.sent: list[Letter] = []
        self.clock: Callable[[], datetime] = lambda: oslo(BEGINS)
        self.refuse: Callable[[str, Card], Exception | None] = lambda address, card: None

    async def send(self, address: str, card: Card, delivery_id: int, *, reference: str, pace: Pace) -> str:
        await pace("letter")
        error = self.refuse(address, card)
        if error is not None:
            raise error
        self.sent.append(Letter(address, card, self.clock()))
        return f"letter {len(self.sent)}"


class Page:
    """What somebody sees who opened a personal link, or a room from a chat, and what they do there. Goes through the
    door, as all channels do.

    `cards` is what stands there now; it is empty where the door said no, and `trouble` says why.
    """

    def __init__(self, office: "Office", way: str | ByAddress, language: str | None = None) -> None:
        self.office, self.language = office, language
        self.link_id, self.secret = way.rsplit("/", 2)[-2:] if isinstance(way, str) else ("", "")
        self.proof = ByLink(self.link_id, self.secret) if isinstance(way, str) else way
        self.cards: list[Card] = []
        self.trouble: Trouble | None = None
        self._keep(office.run(office.door.look(self.proof, language)))

    @property
    def card(self) -> Card:
        return self.cards[0]

    @property
    def text(self) -> str:
        return "\n".join(plain(card) for card in self.cards)

    @property
    def actions(self) -> list[str]:
        """What may be done on the card; the way home does nothing."""
        return [button.action.partition(":")[0] for button in self.card.buttons if button.action]

    def tap(self, action: str, form: Form | None = None, *, state: str | None = None) -> "Page":
        """Press a button; `form` is what the fields hold. An old card is sent by its `state`."""
        fields = {name: [given] if isinstance(given, str) else list(given) for name, given in (form or {}).items()}
        sent = self.card.state if state is None else state
        act = self.office.door.act(self.proof, self.language, action, fields, sent)
        self._keep(self.office.run(act))
        return self

    def fill_in(self, answers: Form) -> "Page":
        """Send card after card with what `answers` has for its fields, until there is nothing more to send."""
        for _ in range(MOST_CARDS):
            if not any(button.action == "send" for button in self.card.buttons):
                return self
            self.tap("send", {ask.id: answers[ask.id] for ask in self.card.asks if ask.id in answers})
        raise AssertionError(f"these answers never come to an end:\n{self.text}")

    def _keep(self, seen: Any) -> None:
        self.trouble = seen if isinstance(seen, Trouble) else None
        self.cards = [] if isinstance(seen, Trouble) else seen.cards
        if self.language is not None and not isinstance(seen, Trouble):
            self.language = seen.language
