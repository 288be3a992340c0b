"""The Teams channel: shows a card in a person's own chat with the app, which is opened where there is none yet.

Nothing is tried again here: Teams cannot be asked whether a message came, so what is tried again, and when, is the
outbox's to say.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import jwt
from starlette.routing import BaseRoute, Route

from bot.cards import Card
from bot.channels.contract import DeliveryError
from bot.channels.teams.arriving import make_endpoint
from bot.channels.teams.cards import make_message
from bot.channels.teams.connector import Connector
from bot.channels.teams.handling import CHANNEL, WayIn
from bot.channels.teams.keys import Keys
from bot.channels.teams.library import make_app
from bot.channels.teams.reading import split_address
from bot.channels.teams.token import make_token
from bot.channels.teams.words import labels_in
from bot.door import Door
from bot.outbox.pacing import Pace, Rate, at_will
from bot.outbox.whereabouts import Place, Whereabouts
from bot.settings.channels import TeamsSettings

SHOW, OPEN = "show", "open"
PATH = "/teams/api/messages"


class TeamsChannel:
    """The app in one tenant."""

    name = CHANNEL
    is_safe_to_repeat = False
    at_once = 8

    def __init__(self, settings: TeamsSettings, whereabouts: Whereabouts) -> None:
        self._settings, self._whereabouts = settings, whereabouts
        self.rates: Mapping[str, Rate] = {
            SHOW: Rate(settings.per_second, max(1, int(settings.per_second))),
            OPEN: Rate(settings.new_per_second),
        }
        self._token = make_token(settings)
        self._connector = Connector(make_app(settings, self._get_token).api)
        self._keys = Keys(settings.keys_url, settings.timeout_seconds)

    def routes(self, door: Door) -> list[BaseRoute]:
        """Where Teams calls."""
        way_in = WayIn(door, self._whereabouts, self._connector)
        return [Route(PATH, make_endpoint(way_in, self._keys, self._settings), methods=["POST"])]

    @asynccontextmanager
    async def listen(self, door: Door) -> AsyncIterator[None]:
        """Teams calls us; there is nothing to open."""
        yield

    async def close(self) -> None:
        await self._connector.close()

    async def send(
        self, address: str, card: Card, delivery_id: int, *, reference: str = "", pace: Pace = at_will
    ) -> str:
        """'a:1xyz 17000000': the conversation and the message in it. Raises DeliveryError."""
        place = await self._find_place(address, pace)
        made = make_message(card, labels_in(card.language))
        await pace(SHOW)
        message = await self._connector.post(place.service_url, place.conversation, made, card.title)
        return f"{place.conversation} {message}"

    async def edit(self, address: str, card: Card, external_id: str, *, pace: Pace) -> None:
        conversation, _, message = external_id.rpartition(" ")
        service_url = (await self._whereabouts.find(address)).service_url or self._settings.service_url
        made = make_message(card, labels_in(card.language))
        await pace(SHOW)
        await self._connector.update(service_url, conversation, message, made, card.title)

    async def _find_place(self, address: str, pace: Pace) -> Place:
        """The conversation with this person; opened, where Teams has told of none."""
        place = await self._whereabouts.find(address)
        service_url = place.service_url or self._settings.service_url
        if place.conversation:
            return Place(place.conversation, service_url)
        tenant, person = split_address(address)
        if tenant != self._settings.tenant_id:
            raise DeliveryError("this address is of another tenant", permanent=True)
        await pace(OPEN)
        opened = Place(await self._connector.open(service_url, tenant, person), service_url)
        await self._whereabouts.keep(address, opened)
        return opened

    async def _get_token(self) -> str:
        if self._settings.authentication == "off":  # nobody looks at it
            return jwt.encode({}, "", algorithm="none")
        return await self._token.get()
