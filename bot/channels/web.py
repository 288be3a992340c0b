"""The web channel: a person's messages lie on their own page, so to send is to let the page show them."""

from collections.abc import Mapping

from bot.cards import Card
from bot.outbox.pacing import Pace, Rate, at_will


class WebChannel:
    name = "web"
    is_safe_to_repeat = True
    rates: Mapping[str, Rate] = {}
    at_once = 100

    async def send(
        self, address: str, card: Card, delivery_id: int, *, reference: str = "", pace: Pace = at_will
    ) -> str:
        """Nothing leaves: the page shows what the outbox has as sent."""
        return ""
