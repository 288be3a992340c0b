"""The way in from Teams: each deed goes through the door, and the card that comes back stands where the deed was
done."""

import logging
from typing import Any

from bot.cards import Card, Say
from bot.channels.contract import DeliveryError
from bot.channels.teams.cards import make_room
from bot.channels.teams.connector import CARD, Connector
from bot.channels.teams.elements import Json
from bot.channels.teams.reading import (
    Activity,
    Deed,
    Sender,
    read_execute,
    read_submit,
    read_words,
    split_address,
)
from bot.channels.teams.surfaces import Surface
from bot.channels.teams.words import labels_in, make_help
from bot.door import Door, View
from bot.outbox.whereabouts import Place, Whereabouts
from bot.proof import ByAddress
from bot.rooms import HOME, SUGGEST
from bot.trouble import Trouble, or_trouble
from bot.words import words_in

CHANNEL = "teams"
EXECUTE = "adaptiveCard/action"
ERROR = "application/vnd.microsoft.error"
SUGGESTS = ("tema", "theme", "foreslå", "suggest")
PAUSES = ("pause", "ta pause")
HELPS = ("hjelp", "help", "?", "hei", "hallo", "hi", "hello")
TAKEN_AWAY = "the app was taken away in Teams"
REMOVED = "remove"  # 'remove-upgrade' and 'add-upgrade' tell of a new version of the app

log = logging.getLogger("medvirk.teams")


class NotStored(Exception):
    """What Teams tells of by itself cannot be stored now; it may tell again."""


class WayIn:
    """What each kind of activity leads to."""

    def __init__(self, door: Door, whereabouts: Whereabouts, connector: Connector) -> None:
        self._door, self._whereabouts, self._connector = door, whereabouts, connector

    async def take(self, told: Activity, sender: Sender) -> Json | None:
        """What Teams wants to hear; None where nothing. Raises NotStored."""
        is_gone = told.get("type") == "installationUpdate" and told.get("action") == REMOVED
        kept = await or_trouble(None, self._lose(sender) if is_gone else self._meet(sender))
        match told.get("type"):
            case "invoke" if told.get("name") == EXECUTE:
                return await self._execute(told, sender)
            case "message" if told.get("value") is not None:
                await self._submit(told, sender)
            case "message":
                await self._listen(read_words(told), sender)
            case "installationUpdate" | "conversationUpdate" if isinstance(kept, Trouble):
                raise NotStored(kept.key)
        return None

    async def _execute(self, told: Activity, sender: Sender) -> Json:
        """A button: the card that comes back takes the place of its own. What could not be stored leaves it as it is,
        with what was filled in."""
        deed = read_execute(told)
        seen = await self._do(sender, deed) if deed else Trouble("old_button", 404)
        if isinstance(seen, Trouble) and seen.status == 503:
            said = {"code": seen.key, "message": _say(seen)}
            return {"statusCode": 500, "type": ERROR, "value": said}
        shown = _explain(seen) if isinstance(seen, Trouble) else seen
        return {"statusCode": 200, "type": CARD, "value": _make(shown, deed)}

    async def _submit(self, told: Activity, sender: Sender) -> None:
        """The same from a client that knows no other way: the card is shown anew where it stands."""
        deed, message = read_submit(told), told.get("replyToId")
        seen = await self._do(sender, deed) if deed else Trouble("old_button", 404)
        shown = _explain(seen) if isinstance(seen, Trouble) else seen
        stays = not isinstance(message, str) or (isinstance(seen, Trouble) and seen.status == 503)
        await self._show(sender, shown, _make(shown, deed), in_place_of="" if stays else str(message))

    async def _listen(self, said: str, sender: Sender) -> None:
        """A word that means something, or any others: those are answered kindly, and kept nowhere."""
        word = said.lower().strip(" .!,/")
        if word in SUGGESTS:
            seen = await self._do(sender, Deed(Surface(SUGGEST)))
        elif word in PAUSES:
            seen = await self._do(sender, Deed(Surface(HOME, action="pause")))
        else:
            seen = await self._do(sender, Deed(Surface(HOME)))
            if isinstance(seen, View):
                seen = View([make_help(seen.language, is_answer=word not in HELPS)], seen.language, room=HOME)
        shown = _explain(seen) if isinstance(seen, Trouble) else seen
        await self._show(sender, shown, _make(shown))

    async def _meet(self, sender: Sender) -> None:
        """Keep where this person is reached. Whom nobody knows by this address may be known by their mail."""
        place = Place(sender.conversation, sender.service_url)
        if await self._whereabouts.keep(sender.address, place):
            return
        try:
            mails = await self._connector.find_mails(sender.service_url, sender.conversation, sender.name)
        except DeliveryError as error:
            log.warning("who somebody is could not be asked of Teams: %s", error)
            return
        tenant, _ = split_address(sender.address)
        await self._whereabouts.meet(sender.address, tenant, mails, place)

    async def _lose(self, sender: Sender) -> None:
        await self._whereabouts.lose(sender.address, TAKEN_AWAY)

    async def _do(self, sender: Sender, deed: Deed) -> View | Trouble:
        """Through the door: look, or act and have it stored."""
        at = deed.surface
        proof = ByAddress(CHANNEL, sender.address, at.room, is_on_record=True)
        if at.action:
            return await self._door.act(proof, None, at.action, deed.form, at.state, at.place)
        return await self._door.look(proof, None, at.place, at.state)

    async def _show(self, sender: Sender, seen: View, card: Json, in_place_of: str = "") -> None:
        """What was done is stored by now; that it cannot be shown is no reason to have it sent again."""
        url, conversation, title = sender.service_url, sender.conversation, seen.cards[0].title
        try:
            if in_place_of:
                await self._connector.update(url, conversation, in_place_of, card, title)
            else:
                await self._connector.post(url, conversation, card, title)
        except DeliveryError as error:
            log.warning("a card could not be shown: %s", error)


def _make(seen: View, deed: Deed | None = None) -> Any:
    section = deed.surface.section if deed and not deed.surface.action else ""
    return make_room(seen.cards, seen.room, labels_in(seen.language), section)


def _explain(trouble: Trouble) -> View:
    card = Card(words_in(trouble.language)(f"trouble.{trouble.key}_title"), (Say(_say(trouble)),), trouble.language)
    return View([card], trouble.language, room=HOME)


def _say(trouble: Trouble) -> str:
    return words_in(trouble.language)(f"trouble.{trouble.key}", **(trouble.with_words or {}))
