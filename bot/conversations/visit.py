"""A visit: who came, to what; and an interaction: what they did there."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from bot.parts import Parts
from bot.words import Words, words_in
from storage.links import Purpose


@dataclass(frozen=True)
class Visit:
    """A person in the room a link leads to, reading in a language; `place` and `state` where they look at a card of
    it again (`Card.place`)."""

    person_id: int
    purpose: Purpose
    target: int
    language: str
    place: str = ""
    state: str = ""

    @property
    def is_home(self) -> bool:
        """Whether it leads to the person's own page."""
        return self.purpose in (Purpose.home, Purpose.paper)

    @property
    def is_by_paper(self) -> bool:
        """Whether others may have held in their hands what it was opened with: then nothing is shown that the person
        has said, nor what a leader or coordinator alone may read."""
        return self.purpose is Purpose.paper

    @property
    def words(self) -> Words:
        return words_in(self.language)


@dataclass(frozen=True)
class Interaction:
    """What a person did: the action of a button, what the fields held, and the state that travelled with the card."""

    visit: Visit
    action: str
    form: Mapping[str, list[str]] = field(default_factory=dict)
    state: str = ""


def close_state(parts: Parts, document: dict[str, Any]) -> str:
    """Steps on the way travel with the card, encrypted, so that no row tells how far somebody came."""
    box = SecretBox(parts.keys.server_secret("cards"))
    return urlsafe_b64encode(box.encrypt(json.dumps(document, ensure_ascii=False).encode())).decode()


def open_state(parts: Parts, state: str) -> dict[str, Any] | None:
    """What travelled with the card; None where there was nothing, or it is not ours."""
    try:
        content = SecretBox(parts.keys.server_secret("cards")).decrypt(urlsafe_b64decode(state))
    except (CryptoError, ValueError):
        return None
    document: dict[str, Any] = json.loads(content)
    return document
