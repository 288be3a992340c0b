"""The messages that a page of one's own shows: what has come, newest first, under headings."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from sqlmodel import Session

from bot.cards import Block, Buttons, Card
from bot.conversations import own_settings
from bot.conversations.visit import Visit
from bot.messages import compose
from bot.messages.asking import write_regrettable
from bot.messages.links import way_to_home, way_to_run
from bot.parts import Parts
from bot.words import Words
from flows.model import Kind
from storage.offers import ABOUT_OFFERS
from storage.outbox.deliveries import sent_to
from storage.runs import questions_waiting
from storage.tables import Person
from storage.tables.sending import DeliveryKind

ALL = tuple(DeliveryKind)
QUESTIONS = (DeliveryKind.question, DeliveryKind.reminder)


class Message(NamedTuple):
    """What has come: about what, of which kind, when, and as a card."""

    about: str
    kind: DeliveryKind
    came_at: datetime
    card: Card


def list_messages(
    session: Session,
    parts: Parts,
    person: Person,
    visit: Visit,
    at: datetime,
    kinds: Collection[DeliveryKind] = ALL,
) -> list[Message]:
    """What has come, of these kinds, newest first, without what stands elsewhere on the page. Of questions only those
    stay whose sealed answer can be deleted still: others wait above, or are closed."""
    rows = questions_waiting(session, visit.person_id, at)
    regrettable = {f"run:{run.id}": run for run, one in rows if one.answered and Kind(run.kind).is_sealed}
    own_url = way_to_home(session, parts, person, at).url
    messages = []
    for delivery in sent_to(session, visit.person_id):
        is_question = delivery.kind in QUESTIONS
        if delivery.kind in ABOUT_OFFERS or (is_question and delivery.about not in regrettable):
            continue
        if delivery.kind not in kinds:
            continue
        if is_question:
            run = regrettable[delivery.about]
            card = write_regrettable(run, visit.words, way=way_to_run(session, parts, person, run))
        else:
            written = compose(session, parts, delivery, at, visit.words)
            if written is None:
                continue
            card = _drop_buttons(written, own_url)
        came_at = delivery.sent_at or at
        kicker = " · ".join(part for part in (visit.words.moment(came_at, person.zone), card.kicker) if part)
        messages.append(Message(delivery.about, DeliveryKind(delivery.kind), came_at, replace(card, kicker=kicker)))
    return messages


def put_in_order(words: Words, waiting: Sequence[Card], messages: Sequence[Card], *, is_new: bool) -> list[Card]:
    """What waits, and then the messages; but whoever is new here reads first who is asking."""
    waits, told = under(words("home.waiting"), waiting), under(words("home.messages"), messages)
    return [*told, *waits] if is_new else [*waits, *told]


def has_only_been_greeted(session: Session, person_id: int, kinds: Collection[DeliveryKind] = ALL) -> bool:
    """Whether, of these kinds, nothing but the first message and questions has come."""
    return {one.kind for one in sent_to(session, person_id)} & set(kinds) - set(QUESTIONS) == {DeliveryKind.welcome}


def under(section: str, cards: Sequence[Card], *, is_folded: bool = False) -> list[Card]:
    return [replace(card, section=section, is_folded=is_folded) for card in cards]


def _drop_buttons(card: Card, url: str) -> Card:
    """A message may lead to the own page, or offer what stands among its settings; there, such a button has no place of
    its own."""
    blocks: list[Block] = []
    for block in card.blocks:
        if isinstance(block, Buttons):
            left = tuple(one for one in block.buttons if one.url != url and one.action not in own_settings.ACTIONS)
            blocks += [Buttons(left)] if left else []
        else:
            blocks.append(block)
    return replace(card, blocks=tuple(blocks))
