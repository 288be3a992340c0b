"""What is stored about a person, in words by kind, on the own page; what nobody can find; whom to ask for erasure."""

from datetime import date, datetime

from sqlmodel import Session, col, select

from bot.cards import Block, Button, Buttons, Card, Heading, Say
from bot.conversations.visit import Visit
from bot.messages.links import way_to_home
from bot.parts import Parts
from bot.personal import COPY_NAME, NOT_FOUND
from bot.words import Words
from flows.hours import WorkingHours
from storage.people import home_of, people_answering
from storage.personal import count_about, tables_about_people
from storage.tables import Absence, Address, Membership, Person, Role, Unit
from storage.tables.organisation import RoleName

IN_FULL = ("membership", "role", "address", "absence")  # said one by one; of the others how many there are
COUNTED = tuple(sorted(set(tables_about_people()) - set(IN_FULL)))
ASKED_ABOUT_ERASURE = (RoleName.protection_officer, RoleName.administrator)


def show_stored(session: Session, parts: Parts, visit: Visit, at: datetime) -> Card:
    """Everything, as a list of sentences, with the way to take it out as a file."""
    words = visit.words
    person = session.get_one(Person, visit.person_id)
    hours = WorkingHours.parse(person.hours) if person.hours else WorkingHours()
    counted = count_about(session, visit.person_id)
    said = [
        words("stored.who", name=person.name, number=person.number),
        *_say_belonging(session, visit.person_id, words),
        *_say_reached(session, person, words),
        words("stored.hours", hours=words.hours(hours)) if person.hours else words("stored.usual_hours"),
        *_say_away(session, visit.person_id, at.date(), words),
        *(words(f"stored.kind.{table}", count=counted[table]) for table in COUNTED if table in counted),
    ]
    blocks: list[Block] = [Say(one) for one in said]
    blocks += [Heading(words("stored.cannot")), *(Say(words(key)) for key in NOT_FOUND)]
    blocks += [
        Heading(words("stored.erase")),
        Say(words("stored.erase_ask", people=_name_whom_to_ask(session, visit, at))),
    ]
    if visit.is_in_chat:  # the file comes only to a browser that has been on the page
        url = way_to_home(session, parts, person, at).url
        blocks.append(Buttons((Button(words("stored.in_browser"), url=url),)))
    elif visit.home_link is not None:
        url = parts.url(f"/l/{visit.home_link}/{COPY_NAME}")
        blocks.append(Buttons((Button(words("stored.download"), url=url),)))
    return Card(words("stored.title"), tuple(blocks), words.language)


def _say_belonging(session: Session, person_id: int, words: Words) -> list[str]:
    units = select(Unit.name).join(Membership).where(Membership.person_id == person_id).order_by(col(Membership.id))
    belongs = list(dict.fromkeys(session.exec(units)))
    roles = select(Role.name, Unit.name).join(Unit).where(Role.person_id == person_id).order_by(col(Role.id))
    answers_for = [
        words("stored.role", role=words(f"demo.role.{name}").lower(), unit=unit) for name, unit in session.exec(roles)
    ]
    said = [words("stored.belongs", units=words.list(belongs))] if belongs else []
    return [*said, *([words("stored.answers_for", roles=words.list(answers_for))] if answers_for else [])]


def _say_reached(session: Session, person: Person, words: Words) -> list[str]:
    addresses = session.exec(select(Address).where(Address.person_id == person.id).order_by(col(Address.id)))
    reached = [words("stored.this_page") if one.channel == "web" else one.value for one in addresses]
    said = [words("stored.reached", addresses=words.list(reached))] if reached else []
    return [*said, words(f"stored.language_is.{person.language}")]


def _say_away(session: Session, person_id: int, on: date, words: Words) -> list[str]:
    spans = session.exec(select(Absence).where(Absence.person_id == person_id).order_by(col(Absence.starts_on)))
    days = [
        words("stored.from_to", first=words.day_and_year(one.starts_on), last=words.day_and_year(one.ends_on))
        for one in spans
    ]
    return [words("stored.away", days=words.list(days))] if days else []


def _name_whom_to_ask(session: Session, visit: Visit, at: datetime) -> str:
    home = home_of(session, visit.person_id, at.date())
    roles = ASKED_ABOUT_ERASURE if home else ()
    people = [one for role in roles for one in people_answering(session, home.unit_id if home else 0, role)]
    named = [one.name for one in people if one.id != visit.person_id][:2]
    return visit.words.list(named, "or") if named else visit.words("stored.whoever_runs_it")
