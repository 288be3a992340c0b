"""A course behind a week's page: its figures for all who read the week, and what leaders said for the one above."""

from datetime import datetime

from sqlmodel import Session

from bot.cards import Block, Button, Buttons, Card, Heading, Say
from bot.conversations.receipts import say_values
from bot.conversations.visit import Visit, read_number
from bot.reports import course
from storage import log
from storage.answers import named_answers_for
from storage.courses import course_of
from storage.people import has_role
from storage.runs import flow_of
from storage.tables import Digest, Person, Run
from storage.tables.organisation import RoleName


def show(session: Session, visit: Visit, digest: Digest, target: str) -> Card:
    """The course with this id, as the readers of the digest's unit may see it: rights come from roles as they are
    now, and representatives see the same figures as the leader."""
    words = visit.words
    role = RoleName(digest.facts["role"])
    view = None
    number = read_number(target)
    if number is not None and has_role(session, visit.person_id, digest.unit_id, role):
        reader = "representative" if role is RoleName.safety else role.value
        view = course.figures(session, number, digest.unit_id, reader)
    if view is None:
        back = Buttons((Button(words("course.back"), "back"),))
        return Card(words("course.see"), (Say(words("course.not_this")), back), words.language)
    return course.words_of(view, words)


def show_leaders_answers(session: Session, visit: Visit, at: datetime) -> Card:
    """What leaders below have answered this leader about courses, by name; each opening is logged."""
    words = visit.words
    log.append(session, at, f"person:{visit.person_id}", "named answers opened", f"digest:{visit.target}")
    blocks: list[Block] = [Say(words("course.leaders_intro"), "note")]
    for answer in named_answers_for(session, visit.person_id, at.date()):
        person, run = session.get(Person, answer.person_id), session.get(Run, answer.run_id)
        if person is None or run is None or course_of(run) is None:
            continue
        flow = flow_of(run)
        blocks += [Heading(person.name), Say(flow.title.to(words.language))]
        if answer.given_on:
            blocks.append(Say(words("names.answered_on", day=words.day(answer.given_on)), "note"))
        blocks += say_values(flow, answer.values, words.language)
    blocks.append(Buttons((Button(words("course.back"), "back"),)))
    return Card(words("course.leaders_title"), tuple(blocks), words.language, state="course_answers")
