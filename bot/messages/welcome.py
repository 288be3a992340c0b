"""First contact: who this is, why, how often, who sees, how to stop, and whom to ask, by name."""

from datetime import datetime

from sqlmodel import Session

from bot.cards import Button, Buttons, Card, Say
from bot.messages.links import way_to_home
from bot.parts import Parts
from bot.words import Words
from storage.people import home_of, leader_of, representatives_of
from storage.tables import Person


def write(session: Session, parts: Parts, person: Person, target: int, words: Words, at: datetime) -> Card:
    said = [
        words("welcome.who", organisation=parts.settings.organisation),
        words("welcome.how_often", count=parts.settings.most_questions),
        words("welcome.who_sees"),
        words("welcome.stop"),
        *_whom_to_ask(session, person, words, at),
    ]
    actions = ("pause", "decline")
    buttons = tuple(Button(words(f"home.{one}"), one) for one in actions)
    way = way_to_home(session, parts, person, at)
    return Card(
        words("welcome.title", name=person.name.split()[0]),
        (*(Say(one) for one in said), Buttons((way.button(words("welcome.open"), "primary"), *buttons))),
        words.language,
    )


def _whom_to_ask(session: Session, person: Person, words: Words, at: datetime) -> list[str]:
    assert person.id is not None
    home = home_of(session, person.id, at.date())
    if home is None:
        return []
    leader = leader_of(session, home.unit_id)
    representatives = representatives_of(session, home.unit_id, home.employer)[:1]
    people = [
        words("welcome.person_in_role", name=one.name, role=words(f"welcome.role.{role}"))
        for role, one in [("leader", leader), *(("representative", two) for two in representatives)]
        if one is not None and one.id != person.id
    ]
    return [words("welcome.ask", people=words.list(people, "or"))] if people else []
