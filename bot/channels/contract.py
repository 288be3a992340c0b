"""What a channel is: a name, a way to send a card to an address, and what the platform behind it can bear. It shows
words and decides nothing."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Protocol, runtime_checkable

from bot.cards import Card
from bot.outbox.pacing import Pace, Rate


class DeliveryError(Exception):
    """A card was not taken. `permanent`: this address reaches nobody, don't try again. `uncertain`: it may have
    arrived all the same, so don't send it again before that is known. Otherwise it is tried again, after `retry_after`.
    `whole_lane`: it is not about this address; whatever else leaves by the lane would meet the same, so nothing does
    until `retry_after` is over, from no replica. `put_out`: the platform lets us in no more there, so the lane stops
    until somebody lets us in again. `says` holds no address and no words of the card: it goes into the
    server's own log."""

    def __init__(
        self,
        says: str,
        *,
        permanent: bool = False,
        uncertain: bool = False,
        retry_after: timedelta = timedelta(minutes=1),
        whole_lane: bool = False,
        put_out: bool = False,
    ) -> None:
        super().__init__(says)
        self.permanent = permanent
        self.uncertain = uncertain
        self.retry_after = retry_after
        self.whole_lane = whole_lane
        self.put_out = put_out


class Channel(Protocol):
    """`is_safe_to_repeat`: sending the same delivery twice shows it once. `rates`: what the platform allows for each
    kind of call, in each lane; a kind that is not named has no limit. `at_once`: how many may be on their way at the
    same time; when the process is killed, it is not known of so many at most whether they arrived."""

    name: str
    is_safe_to_repeat: bool
    rates: Mapping[str, Rate]
    at_once: int

    async def send(self, address: str, card: Card, delivery_id: int, *, reference: str, pace: Pace) -> str:
        """Send `card` and give back what the platform calls it. Raises DeliveryError. `delivery_id` is for what comes
        back later, such as a bounce; `reference` is a random word that goes along where the platform can keep it, and
        stays the same in every try. Neither is shown to anybody. Before each call, `await pace(kind of call)`; what
        that raises is let through."""
        ...


@runtime_checkable
class Editing(Protocol):
    """A channel whose messages stay where they are and can be shown anew. Doing so twice shows it once."""

    async def edit(self, address: str, card: Card, external_id: str, *, pace: Pace) -> None:
        """Show `card` in place of the message that the platform calls `external_id`. Raises DeliveryError, never an
        uncertain one."""
        ...


@runtime_checkable
class Closing(Protocol):
    """A channel that holds connections to its platform open."""

    async def close(self) -> None:
        """Nothing more is sent by it."""
        ...


@runtime_checkable
class Askable(Protocol):
    """A channel whose platform can say what became of a message whose answer was lost."""

    async def find(self, address: str, reference: str, *, pace: Pace) -> str | None:
        """What the platform calls the message with this reference at this address; None where it has none. Raises
        DeliveryError where it does not say. It is asked only when a message on its way must have arrived by then."""
        ...
