"""The web channel: a person's messages lie on their own page, so to send is to let the page show them."""

from bot.cards import Card


class WebChannel:
    name = "web"
    is_safe_to_repeat = True

    async def send(self, address: str, card: Card, delivery_id: int) -> str:
        """Nothing leaves: the page shows what the outbox has as sent."""
        return ""
