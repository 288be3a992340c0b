"""What a channel is: a name, and a way to send a card to an address. It shows words and decides nothing."""

from datetime import timedelta
from typing import Protocol

from bot.cards import Card


class DeliveryError(Exception):
    """A card was not taken. `permanent`: this address reaches nobody, don't try again. `uncertain`: it may have
    arrived all the same, so don't send it again unasked. Otherwise it is tried again, after `retry_after`.
    `whole_channel`: it is not about this address; what else is due on the channel would meet the same, so it is not
    tried now. `says` holds no address and no words of the card: it goes into the server's own log."""

    def __init__(
        self,
        says: str,
        *,
        permanent: bool = False,
        uncertain: bool = False,
        retry_after: timedelta = timedelta(minutes=1),
        whole_channel: bool = False,
    ) -> None:
        super().__init__(says)
        self.permanent = permanent
        self.uncertain = uncertain
        self.retry_after = retry_after
        self.whole_channel = whole_channel


class Channel(Protocol):
    """`is_safe_to_repeat`: sending the same delivery twice shows it once."""

    name: str
    is_safe_to_repeat: bool

    async def send(self, address: str, card: Card, delivery_id: int) -> str:
        """Send `card` and give back what the platform calls it. Raises DeliveryError. `delivery_id` is for what comes
        back later, such as a bounce; it is shown to nobody."""
        ...
