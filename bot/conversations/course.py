"""Courses behind a week's page: figures for all who read the week, and what leaders said for the one above."""

from datetime import datetime

from sqlmodel import Session

from bot.cards import Block, Button, Buttons, Card, Heading, Say
from bot.conversations.receipts import say_values
from bot.conversations.visit import Visit, read_number
from bot.parts import Parts
from bot.reports import course, courses
from bot.reports.ahead import find_ahead
from storage import log
from storage.answers import named_answers_for
from storage.courses import course_of
from storage.runs import flow_of
from storage.tables import Digest, Person, Run, Unit
from storage.tables.organisation import RoleName


def show(session: Session, parts: Parts, visit: Visit, digest: Digest, target: str, at: datetime) -> Card:
    """The course with this id, as the readers of the digest's unit may see it, and representatives see the same
    figures as the leader."""
    words, reader, number = visit.words, _reader_of(digest), read_number(target)
    view = course.figures(session, number, digest.unit_id, reader) if number is not None else None
    if view is None:
        back = Buttons((Button(words("course.back"), "back"),))
        return Card(words("course.see"), (Say(words("course.not_this")), back), words.language)
    ahead = find_ahead(session, parts, [view.course], reader, at)
    return course.words_of(view, ahead[view.course.id or 0], words)


def show_all(session: Session, parts: Parts, visit: Visit, digest: Digest, at: datetime) -> Card:
    """The courses that `show` would show."""
    reader = _reader_of(digest)
    found = list(courses.find_courses(session, digest.unit_id, reader))
    ahead = find_ahead(session, parts, [one.course for one in found], reader, at)
    return courses.words_of(session.get_one(Unit, digest.unit_id), found, ahead, visit.words)


def offer_all(session: Session, visit: Visit, digest: Digest) -> list[Block]:
    """The way from the week to them, where there are any."""
    return courses.offer_courses(session, digest.unit_id, _reader_of(digest), visit.words)


def _reader_of(digest: Digest) -> str:
    """As which of those to whom flows promise figures the digest is read. That the reader still has the role has been
    seen to by the week's page. The safety representative reads with the union's."""
    role = RoleName(digest.facts["role"])
    return "representative" if role is RoleName.safety else role.value


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
