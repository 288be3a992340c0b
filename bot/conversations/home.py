"""A person's own page: what waits, what has come, what one has said and what became of it, and what one decides."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from bot.cards import Block, Button, Buttons, Card, Say
from bot.conversations import offers, own_settings, stored, suggestions
from bot.conversations.visit import Interaction, Visit, close_state, open_state
from bot.messages import compose
from bot.messages.asking import write_waiting
from bot.messages.groups import make_group_buttons
from bot.messages.links import home_url
from bot.parts import Parts
from flows.model import Kind
from storage.deliveries import sent_to
from storage.offers import ABOUT_OFFERS
from storage.runs import flow_of, questions_waiting, reasons_left_alone
from storage.slips import has_live_slip
from storage.tables import Person
from storage.tables.sending import DeliveryKind

SHOWN_IN_FULL = 2
ON_PAPER = (DeliveryKind.welcome, DeliveryKind.result, DeliveryKind.decision)  # what everybody there was told
TOLD = "told"  # the place where what became of an action stands above the page


def show(session: Session, parts: Parts, visit: Visit, at: datetime) -> list[Card]:
    """The cards of the page: the greeting first, then section by section. All that is older or seldom wanted is folded
    away, so that a phone shows first what waits."""
    told = open_state(parts, visit.state) if visit.place == TOLD else None
    is_own = told is not None and told.get("person") == visit.person_id
    return _show(session, parts, visit, at, str(told.get("said", "")) if told and is_own else "")


def receive(session: Session, parts: Parts, interaction: Interaction, at: datetime) -> list[Card]:
    """Do what was asked for, and say at the top of the page what became of it."""
    person = session.get_one(Person, interaction.visit.person_id)
    said = own_settings.act(session, person, interaction, at)
    if not interaction.visit.is_by_paper:
        said = said or offers.act(session, parts, interaction, at) or suggestions.act(session, interaction, at)
    return _show(session, parts, interaction.visit, at, said)


def _show(session: Session, parts: Parts, visit: Visit, at: datetime, said: str = "") -> list[Card]:
    words = visit.words
    person = session.get_one(Person, visit.person_id)
    waiting = _list_waiting(session, parts, person, visit, at)
    if not visit.is_by_paper:
        waiting += offers.list_questions(session, visit, at)
    messages = _list_messages(session, parts, person, visit, at)
    newest, older = messages[:SHOWN_IN_FULL], messages[SHOWN_IN_FULL:]
    settings = own_settings.list_settings(session, person, visit, at)
    return [
        _greet(session, parts, person, visit, at, said, bool(waiting), bool(messages)),
        *_under(words("home.waiting"), waiting),
        *_under(words("home.messages"), newest),
        *_under(words("home.older", count=len(older)), older, is_folded=True),
        *([] if visit.is_by_paper else _list_own(session, parts, visit, person, at)),
        *_under(words("home.settings"), settings),
    ]


def _list_own(session: Session, parts: Parts, visit: Visit, person: Person, at: datetime) -> list[Card]:
    """What the person has said, what became of it, and what is stored."""
    words = visit.words
    said = offers.list_said(session, parts, visit, at)
    became = suggestions.list_suggestions(session, visit, person, at)
    return [
        *_under(words("home.said"), said, is_folded=True),
        *_under(words("home.became"), became, is_folded=True),
        *_under(words("home.stored"), [stored.show_stored(session, parts, visit, at)], is_folded=True),
    ]


def _under(section: str, cards: Sequence[Card], *, is_folded: bool = False) -> list[Card]:
    return [replace(card, section=section, is_folded=is_folded) for card in cards]


def _greet(
    session: Session,
    parts: Parts,
    person: Person,
    visit: Visit,
    at: datetime,
    said: str,
    anything_waits: bool,
    has_messages: bool,
) -> Card:
    words = visit.words
    blocks: list[Block] = [Say(said, "lead")] if said else []
    standing = own_settings.say_standing(person, words, at)
    if standing:
        blocks += [Say(standing, "lead"), Buttons((Button(words("home.resume"), "resume"),))]
    elif not anything_waits:
        blocks.append(Say(words("home.nothing_waits" if has_messages else "home.nothing")))
    if not standing:
        blocks += _say_why_not_asked(session, visit)
    if visit.is_by_paper:
        blocks.append(Say(words("slips.by_paper"), "note"))
    elif has_live_slip(session, visit.person_id, at):
        blocks.append(Say(words("slips.exists"), "note"))
    if not visit.is_by_paper and (groups := make_group_buttons(session, parts, person, words, at)):
        blocks.append(Buttons(groups))
    title = words("home.title", name=person.name.split()[0])
    # What became of an action is read again after a reload, from the card's own state: nothing is stored for it.
    state = close_state(parts, {"person": visit.person_id, "said": said}) if said else ""
    return Card(title, tuple(blocks), words.language, state=state, place=TOLD if said else "")


def _list_waiting(session: Session, parts: Parts, person: Person, visit: Visit, at: datetime) -> list[Card]:
    """The open questions that can be answered: what was answered once and for all is no longer among them."""
    return [
        write_waiting(session, parts, person, run, participation, visit.words)
        for run, participation in questions_waiting(session, visit.person_id, at)
        if not participation.answered or run.kind == Kind.contribution
    ]


def _list_messages(session: Session, parts: Parts, person: Person, visit: Visit, at: datetime) -> list[Card]:
    """What has come, newest first, without what stands elsewhere on the page. Of questions only those stay whose sealed
    answer can be deleted still: others wait above, or are closed."""
    rows = questions_waiting(session, visit.person_id, at)
    regrettable = {f"run:{run.id}" for run, one in rows if one.answered and Kind(run.kind).is_sealed}
    own_url = home_url(session, parts, person, at)
    messages = []
    for delivery in sent_to(session, visit.person_id):
        is_question = delivery.kind in (DeliveryKind.question, DeliveryKind.reminder)
        if delivery.kind in ABOUT_OFFERS or (is_question and delivery.about not in regrettable):
            continue
        if visit.is_by_paper and delivery.kind not in ON_PAPER:
            continue
        card = _drop_buttons(compose(session, parts, delivery, at, visit.words), own_url)
        when = visit.words.moment(delivery.sent_at or at, person.zone)
        messages.append(replace(card, kicker=" · ".join(part for part in (when, card.kicker) if part)))
    return messages


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


def _say_why_not_asked(session: Session, visit: Visit) -> list[Say]:
    """For each open run in whose audience the person was left alone, the reason."""
    words = visit.words
    return [
        Say(
            words(
                "home.left_alone",
                title=flow_of(run).title.to(visit.language),
                reason=words(f"left_alone.{reason}"),
            ),
            "note",
        )
        for run, reason in reasons_left_alone(session, visit.person_id)
    ]
