"""A visit: who came, to what; and an interaction: what they did there."""

import json
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from nacl.exceptions import CryptoError
from nacl.secret import SecretBox
from sqlmodel import Session

from bot.cards import Card
from bot.parts import Parts
from bot.words import Words, words_in
from storage.links import Purpose


@dataclass(frozen=True)
class Visit:
    """A person in the room a link leads to, reading in a language; `place` and `state` where they look at a card of
    it again (`Card.place`). `home_link` is the id of the link to the person's own page, where it is live.
    `is_by_paper`: to a question, by a slip that others may have held in their hands. `is_in_chat`: not in a browser, so
    there is no cookie. `is_on_record`: where a platform keeps what is shown and filled in, so that nothing that was
    said by name, or sealed, is. `is_lasting`: where what is shown stays as it is, also when it is withdrawn or deleted
    elsewhere. `ends_at` is when the link ends."""

    person_id: int
    purpose: Purpose
    target: int
    language: str
    place: str = ""
    state: str = ""
    home_link: str | None = None
    is_by_paper: bool = False
    is_in_chat: bool = False
    is_on_record: bool = False
    is_lasting: bool = False
    ends_at: datetime | None = None

    @property
    def is_home(self) -> bool:
        """Whether it leads to the person's own page."""
        return self.purpose in (Purpose.home, Purpose.paper)

    @property
    def is_led_here(self) -> bool:
        """Whether it is by a link to this very room, such as only those it is for have. In a chat, and behind a slip,
        anybody may have written which room it is."""
        return not (self.is_in_chat or self.is_by_paper)

    @property
    def makes_links(self) -> bool:
        """Whether what is shown leads on by personal links: one that is missing or was revoked is made then, which only
        the writer can."""
        return self.is_home or self.is_on_record

    @property
    def words(self) -> Words:
        return words_in(self.language)


@dataclass(frozen=True)
class Interaction:
    """What a person did: the action of a button, what the fields held, the state that travelled with the card, and the
    place where the card stood."""

    visit: Visit
    action: str
    form: Mapping[str, list[str]] = field(default_factory=dict)
    state: str = ""
    place: str = ""


Work = Callable[[Session], list[Card]]  # what is left to store, in the writer's transaction, and what to say then
Reply = list[Card] | Work


def finish(session: Session, reply: Reply) -> list[Card]:
    """What a person sees next, once what is left to store has been stored in this session."""
    return reply(session) if callable(reply) else reply


def change(reply: Reply, make: Callable[[list[Card]], list[Card]]) -> Reply:
    """The reply with its cards changed, now or once they are there."""
    if callable(reply):
        work = reply
        return lambda session: make(work(session))
    return make(reply)


def read_number(text: str) -> int | None:
    """The number behind an action or a place, which anybody may have written; None where it is none of ours."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def close_state(parts: Parts, document: dict[str, Any]) -> str:
    """Steps on the way travel with the card, encrypted, so that no row tells how far somebody came; and packed, since
    a cookie holds little and a modal in Slack less."""
    box = SecretBox(parts.keys.server_secret("cards"))
    packed = zlib.compress(json.dumps(document, ensure_ascii=False).encode())
    return urlsafe_b64encode(box.encrypt(packed)).decode()


def open_state(parts: Parts, state: str) -> dict[str, Any] | None:
    """What travelled with the card; None where there was nothing, or it is not ours."""
    try:
        content = SecretBox(parts.keys.server_secret("cards")).decrypt(urlsafe_b64decode(state))
    except (CryptoError, ValueError):
        return None
    is_packed = not content.startswith(b"{")  # it was not in a form that was opened before packing began
    document: dict[str, Any] = json.loads(zlib.decompress(content) if is_packed else content)
    return document
