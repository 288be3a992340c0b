"""The way to a group's polls for those who coordinate it: buttons for the person's own page."""

from datetime import datetime

from sqlmodel import Session

from bot.cards import Button
from bot.messages.links import way_to_group
from bot.parts import Parts
from bot.words import Words
from storage.polls import groups_coordinated
from storage.tables import Person


def make_group_buttons(
    session: Session, parts: Parts, person: Person, words: Words, at: datetime
) -> tuple[Button, ...]:
    """One button for each group the person coordinates today; none for everybody else."""
    return tuple(
        way_to_group(session, parts, person, group.id or 0, at).button(words("poll.open_group", group=group.name))
        for group in groups_coordinated(session, person.id or 0)
    )
