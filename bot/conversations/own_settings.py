"""What a person decides about being asked, on the own page: language, a pause, "don't ask me"."""

import re
from datetime import date, datetime, timedelta

from sqlmodel import Session

from bot.cards import Block, Button, Buttons, Card, Say
from bot.conversations.hours_choice import make_hours_card, take_hours
from bot.conversations.visit import Interaction, Visit
from bot.words import OWN_NAMES, Words, words_in
from flows.schedule import local_day
from flows.text import LANGUAGES
from storage import log
from storage.people import change_choices
from storage.tables import Person

PAUSE = timedelta(days=30)
LONGEST_PAUSE_DAYS = 365
WRITTEN_PAUSE = re.compile(r"(\d{1,3}) ?([a-zåæø]*)")
DAYS_IN = {"u": 7, "v": 7, "w": 7, "m": 30}  # uker, veker, weeks; måneder, månader, months; else days
ACTIONS = ("pause", "decline", "resume")


def list_settings(session: Session, person: Person, visit: Visit, at: datetime) -> list[Card]:
    """The cards of the settings. Whoever pauses or said "don't ask me" finds the way back at the top of the page, and
    in a pause one may still stop for good."""
    words = visit.words
    cards = [make_hours_card(session, visit, at), _make_language_card(words)]
    if not person.declined:
        offered = _offer_to_stop(words) if find_pause(person, at) is None else _offer_to_decline(words)
        cards.append(Card(words("settings.stop"), offered, words.language))
    return cards


def list_settings_on_paper(words: Words) -> list[Card]:
    """The same for whoever may hold somebody's slip: every choice, and not what was chosen."""
    resume = Buttons((Button(words("home.resume"), "resume"),))
    stop = Card(words("settings.stop"), (*_offer_to_stop(words), resume), words.language)
    return [_make_language_card(words), stop]


def _make_language_card(words: Words) -> Card:
    others = tuple(Button(OWN_NAMES[one], f"language:{one}") for one in LANGUAGES if one != words.language)
    return Card(words("settings.language"), (Say(words("settings.language_does")), Buttons(others)), words.language)


def _offer_to_stop(words: Words) -> tuple[Block, ...]:
    return (
        Say(words("settings.pause_does")),
        Buttons((Button(words("home.pause"), "pause"),)),
        *_offer_to_decline(words),
    )


def _offer_to_decline(words: Words) -> tuple[Block, ...]:
    return Say(words("settings.decline_does")), Buttons((Button(words("home.decline"), "decline"),))


def act(session: Session, person: Person, interaction: Interaction, at: datetime) -> str:
    """Pause, stop, begin again, or choose the language of all that comes later. Says what became of it, where the page
    does not say it anyway."""
    action, _, value = interaction.action.partition(":")
    person_id, said = interaction.visit.person_id, ""
    if take_hours(session, interaction):
        return interaction.visit.words("settings.hours_kept")
    match action:
        case "pause":
            change_choices(session, person_id, paused_until=local_day(at, person.zone) + read_pause(value))
        case "decline":
            change_choices(session, person_id, declined=True)
        case "resume":
            change_choices(session, person_id, declined=False, paused_until=None)
            said = interaction.visit.words("settings.resumed")
        case "language" if value in LANGUAGES:
            change_choices(session, person_id, language=value, language_chosen=True)
            said = words_in(value)("settings.language_chosen")
    if action in ACTIONS:
        log.append(session, at, f"person:{person_id}", action, f"person:{person_id}")
    return said


def act_on_paper(session: Session, person: Person, interaction: Interaction, at: datetime) -> str:
    """The same by a slip, whose page does not tell what was chosen before: so what was chosen just now is said."""
    action = interaction.action.partition(":")[0]
    if action not in (*ACTIONS, "language"):
        return ""
    said = act(session, person, interaction, at)
    session.refresh(person)
    return said or say_standing(person, interaction.visit.words, at)


def say_standing(person: Person, words: Words, at: datetime) -> str:
    """That the person is left alone by their own choice, and until when; nothing where they are not."""
    if person.declined:
        return words("home.declined")
    until = find_pause(person, at)
    return words("home.paused", day=words.day(until)) if until else ""


def read_pause(words: str) -> timedelta:
    """'2 uker', '10 days': how long somebody wants peace; the usual time where they don't say, or not so."""
    written = WRITTEN_PAUSE.fullmatch(words.strip().casefold())
    days = int(written[1]) * DAYS_IN.get(written[2][:1], 1) if written else 0
    return timedelta(days=min(days, LONGEST_PAUSE_DAYS)) if days else PAUSE


def find_pause(person: Person, at: datetime) -> date | None:
    """The day until which the person pauses; None where they do not."""
    is_paused = person.paused_until is not None and local_day(at, person.zone) < person.paused_until
    return person.paused_until if is_paused else None
