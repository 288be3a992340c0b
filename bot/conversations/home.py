"""A person's own page: what waits, what has come, and how to stop, pause or change language."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.cards import Block, Button, Buttons, Card, Say
from bot.conversations.visit import Interaction, Visit
from bot.messages import compose
from bot.parts import Parts
from flows.text import LANGUAGES
from storage import log
from storage.deliveries import sent_to
from storage.people import change_choices
from storage.tables import Person

PAUSE = timedelta(days=30)


def show(session: Session, parts: Parts, visit: Visit, at: datetime) -> list[Card]:
    """The person's own card first, then the messages, newest first."""
    person = session.get(Person, visit.person_id)
    assert person is not None, "a link leads to a person"
    messages = []
    for delivery in sent_to(session, visit.person_id, "web"):
        card = compose(session, parts, delivery, at, visit.words)
        when = visit.words.moment(delivery.sent_at or at, person.zone)
        messages.append(replace(card, kicker=" · ".join(part for part in (when, card.kicker) if part)))
    return [_greet(person, visit, bool(messages)), *messages]


def receive(session: Session, parts: Parts, interaction: Interaction, at: datetime) -> list[Card]:
    """Pause, stop, begin again, or choose a language for all that comes later."""
    person_id = interaction.visit.person_id
    action, _, value = interaction.action.partition(":")
    today = at.date()
    match action:
        case "pause":
            change_choices(session, person_id, paused_until=today + PAUSE)
        case "decline":
            change_choices(session, person_id, declined=True)
        case "resume":
            change_choices(session, person_id, declined=False, paused_until=None)
        case "language" if value in LANGUAGES:
            change_choices(session, person_id, language=value, language_chosen=True)
    if action in ("pause", "decline", "resume"):
        log.append(session, at, f"person:{person_id}", action, f"person:{person_id}")
    return show(session, parts, interaction.visit, at)


def _greet(person: Person, visit: Visit, has_messages: bool) -> Card:
    words = visit.words
    blocks: list[Block] = []
    if person.declined:
        blocks.append(Say(words("home.declined"), "lead"))
    elif person.paused_until:
        blocks.append(Say(words("home.paused", day=words.day(person.paused_until)), "lead"))
    if not has_messages:
        blocks.append(Say(words("home.nothing")))
    blocks.append(Buttons(choices_of(person, visit)))
    return Card(words("home.title", name=first_name(person)), tuple(blocks), words.language)


def choices_of(person: Person, visit: Visit) -> tuple[Button, ...]:
    """What the person may do about being asked, as buttons."""
    words = visit.words
    if person.declined or person.paused_until:
        return (Button(words("home.resume"), "resume"),)
    return tuple(Button(words(f"home.{action}"), action, style="quiet") for action in ("pause", "decline"))


def first_name(person: Person) -> str:
    return person.name.split()[0]
