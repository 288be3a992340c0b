"""About an offer given by name: may a new leader see it, and shall it go on. What was said stays behind the page."""

from datetime import datetime

from sqlmodel import Session

from bot.cards import Buttons, Card, Say
from bot.messages.links import way_to_home
from bot.offers import find_end, find_standing
from bot.parts import Parts
from bot.words import Words
from flows.schedule import local_day
from storage.offers import Standing
from storage.runs import flow_of
from storage.tables import Person, Run


def write(session: Session, parts: Parts, person: Person, target: int, words: Words, at: datetime) -> Card:
    """The question that is open now, with the way to the own page, where it is answered."""
    run = session.get(Run, target)
    standing = find_standing(session, target, person.id or 0, at)
    title, text = ask_about(session, run, standing, words, at) if run and standing else ("", "")
    button = Buttons((way_to_home(session, parts, person, at).button(words("offers.open"), "primary"),))
    return Card(title or words("offers.settled_title"), (Say(text or words("offers.settled")), button), words.language)


def ask_about(session: Session, run: Run, standing: Standing, words: Words, at: datetime) -> tuple[str, str]:
    """Title and text of the question that waits about an offer; both empty where none does."""
    answer = standing.answer
    leader = session.get(Person, standing.new_leader_id or standing.reader_id or 0)
    if leader is None:
        return "", ""
    said = {
        "leader": leader.name,
        "title": flow_of(run).title.to(words.language),
        "day": words.day_and_year(answer.given_on or local_day(run.opens_at, run.zone)),
        "end": words.day_and_year(find_end(run, flow_of(run), answer)),
    }
    if standing.waits_for_consent:
        return words("offers.consent_title", **said), words("offers.consent", **said)
    if standing.waits_for_renewal(at.date()):
        return words("offers.renewal_title"), words("offers.renewal", **said)
    return "", ""
