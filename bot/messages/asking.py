"""A question or a reminder as a message: what it is about, who sees, until when, and the way to the form."""

from datetime import datetime

from sqlmodel import Session

from bot.cards import Block, Button, Buttons, Card, Say
from bot.messages.links import run_url
from bot.parts import Parts
from bot.promises import find_leader_name, make_promise
from bot.words import Words
from storage.runs import flow_of, participation_of
from storage.tables import Person, Run
from storage.tables.asking import RunState


def write(session: Session, parts: Parts, person: Person, target: int, words: Words, at: datetime) -> Card:
    return _write(session, parts, person, target, words, at, is_reminder=False)


def write_reminder(session: Session, parts: Parts, person: Person, target: int, words: Words, at: datetime) -> Card:
    return _write(session, parts, person, target, words, at, is_reminder=True)


def _write(
    session: Session, parts: Parts, person: Person, target: int, words: Words, at: datetime, *, is_reminder: bool
) -> Card:
    run = session.get(Run, target)
    if run is None:
        return Card(words("trouble.run_gone_title"), (Say(words("trouble.run_gone")),), words.language)
    flow = flow_of(run)
    title = flow.title.to(words.language)
    participation = participation_of(session, target, person.id or 0)
    if run.state != RunState.open or at >= run.closes_at or participation is None:
        # The same for everybody who was asked, whether or not they answered.
        return Card(title, (Say(words("question.closed")),), words.language)
    leader = find_leader_name(session, participation)
    blocks: list[Block] = [Say(words("question.reminder"))] if is_reminder else []
    blocks += [
        Say(make_promise(flow, words, leader), "note"),
        Say(words("question.deadline", moment=words.moment(run.closes_at, run.zone)), "note"),
        Buttons((Button(words("question.answer"), url=run_url(session, parts, person, run), style="primary"),)),
    ]
    minutes = words("question.minutes", count=max(1, round(flow.minutes)))
    return Card(title, tuple(blocks), words.language, kicker=minutes)
