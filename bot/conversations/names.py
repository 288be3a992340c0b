"""What people have told their leader by name: behind a page whose every opening is logged."""

from datetime import date, datetime

from sqlmodel import Session

from bot.cards import Block, Button, Buttons, Card, Heading, Say
from bot.conversations.receipts import say_values
from bot.conversations.visit import Visit
from storage import log
from storage.answers import named_answers_for
from storage.courses import course_of
from storage.runs import flow_of
from storage.tables import Answer, Person, Run


def told_to_leader(session: Session, reader_id: int, on: date) -> list[Answer]:
    """The named answers that this leader may see on that day. What was answered to a group was given for its field and
    is read there; what leaders answered about a course has a page of its own."""
    found = []
    for answer in named_answers_for(session, reader_id, on):
        run = session.get_one(Run, answer.run_id)
        if flow_of(run).asked_by is None and course_of(run) is None:
            found.append(answer)
    return found


def show_names(session: Session, visit: Visit, at: datetime, opened_from: str) -> Card:
    """All of them. `opened_from` says in the log where the page was opened."""
    words = visit.words
    log.append(session, at, f"person:{visit.person_id}", "named answers opened", opened_from)
    blocks: list[Block] = [Say(words("names.intro"), "note")]
    answers = told_to_leader(session, visit.person_id, at.date())
    if not answers:
        blocks.append(Say(words("names.nobody")))
    for answer in answers:
        person, run = session.get(Person, answer.person_id), session.get(Run, answer.run_id)
        if person is None or run is None:
            continue
        blocks.append(Heading(person.name))
        if answer.given_on:
            blocks.append(Say(words("names.answered_on", day=words.day(answer.given_on)), "note"))
        blocks += say_values(flow_of(run), answer.values, words.language)
    blocks.append(Buttons((Button(words("names.back"), "back"),)))
    return Card(words("names.title"), tuple(blocks), words.language, state="names")
