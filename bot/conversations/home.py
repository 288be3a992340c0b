"""A person's own page: what waits, what has come, and how to stop, pause or change language."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.cards import Block, Button, Buttons, Card, Say
from bot.conversations.visit import Interaction, Visit
from bot.messages import compose
from bot.parts import Parts
from flows.schedule import local_day
from flows.text import LANGUAGES
from storage import log
from storage.deliveries import sent_to
from storage.people import change_choices
from storage.runs import flow_of, reasons_left_alone
from storage.slips import has_live_slip
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
    return [_greet(session, person, visit, at, bool(messages)), *messages]


def receive(session: Session, parts: Parts, interaction: Interaction, at: datetime) -> list[Card]:
    """Pause, stop, begin again, or choose a language for all that comes later."""
    person_id = interaction.visit.person_id
    action, _, value = interaction.action.partition(":")
    match action:
        case "pause":
            change_choices(session, person_id, paused_until=local_day(at, parts.settings.zone) + PAUSE)
        case "decline":
            change_choices(session, person_id, declined=True)
        case "resume":
            change_choices(session, person_id, declined=False, paused_until=None)
        case "language" if value in LANGUAGES:
            change_choices(session, person_id, language=value, language_chosen=True)
    if action in ("pause", "decline", "resume"):
        log.append(session, at, f"person:{person_id}", action, f"person:{person_id}")
    return show(session, parts, interaction.visit, at)


def _greet(session: Session, person: Person, visit: Visit, at: datetime, has_messages: bool) -> Card:
    words, today = visit.words, local_day(at, person.zone)
    blocks: list[Block] = []
    is_paused = person.paused_until is not None and today < person.paused_until
    if person.declined:
        blocks.append(Say(words("home.declined"), "lead"))
    elif is_paused and person.paused_until:
        blocks.append(Say(words("home.paused", day=words.day(person.paused_until)), "lead"))
    else:
        blocks += _say_why_not_asked(session, visit)
    if not has_messages:
        blocks.append(Say(words("home.nothing")))
    if has_live_slip(session, visit.person_id, at):
        blocks.append(Say(words("slips.exists"), "note"))
    actions = ("resume",) if person.declined or is_paused else ("pause", "decline")
    blocks.append(Buttons(tuple(Button(words(f"home.{one}"), one, style="quiet") for one in actions)))
    return Card(words("home.title", name=person.name.split()[0]), tuple(blocks), words.language, place="")


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
