"""A card on a person's own page: when we believe they are at work, and the choice of when it suits them to be asked."""

from datetime import datetime

from sqlmodel import Session

from bot.cards import Ask, Button, Buttons, Card, Choice, Say
from bot.conversations.visit import Interaction, Visit
from bot.words import Words
from flows.calendars import Calendar
from flows.suiting import HOURS, Suits, find_choice, find_choices
from storage.people import calendars, change_choices

ACTION = "suits"  # of the button, and the name of the field


def make_hours_card(session: Session, visit: Visit, at: datetime) -> Card:
    """The card: when we believe the person is at work, and what they may choose and have chosen."""
    calendar = calendars(session, [visit.person_id], at.date())[visit.person_id]
    words, choices = visit.words, find_choices(calendar)
    told = Say(_tell_when_at_work(words, calendar))
    ask = Ask(
        id=ACTION,
        kind="choose",
        label=words("suits.label"),
        hint=words("suits.hint"),
        choices=tuple(Choice(one, words(f"suits.{one}")) for one in choices),
        written=(find_choice(calendar.suits),),
    )
    save = Buttons((Button(words("suits.save"), ACTION, style="plain"),))
    return Card(words("suits.title"), (told, ask, save), words.language)


def take_hours(session: Session, interaction: Interaction) -> bool:
    """Keep what the person chose; False where the interaction is about something else, or names no choice."""
    chosen = interaction.form.get(ACTION, [])
    if interaction.action != ACTION or len(chosen) != 1 or chosen[0] not in set(Suits):
        return False
    hours = HOURS.get(Suits(chosen[0]))
    change_choices(session, interaction.visit.person_id, suits=None if hours is None else str(hours))
    return True


def _tell_when_at_work(words: Words, calendar: Calendar) -> str:
    if calendar.rostered:
        last = max(last for _, last in calendar.rostered)
        return words("suits.by_roster", day=words.day_and_year(last))
    return words("suits.by_hours", hours=words.hours(calendar.hours))
