"""A question or a reminder as a message: what it is about, who sees, until when, and the way to the form."""

from datetime import datetime
from typing import Literal

from sqlmodel import Session

from bot.cards import Block, Button, Buttons, Card, Say
from bot.messages.links import Way, way_to_run
from bot.parts import Parts
from bot.rounds.promises import make_promise
from bot.rounds.reminders import QUIET_AFTER_ASKING, find_reminders
from bot.words import Words
from flows.model import Flow, Kind
from storage.asked import Asking, find_asked
from storage.runs import flow_of, when_asked
from storage.tables import Person, Run


def write(session: Session, parts: Parts, person: Person, target: int, words: Words, at: datetime) -> Card:
    return _write(session, parts, person, target, words, at, is_reminder=False)


def write_reminder(session: Session, parts: Parts, person: Person, target: int, words: Words, at: datetime) -> Card:
    return _write(session, parts, person, target, words, at, is_reminder=True)


def _write(
    session: Session, parts: Parts, person: Person, target: int, words: Words, at: datetime, *, is_reminder: bool
) -> Card:
    found = find_asked(session, target, person.id or 0)
    if found is None:
        return Card(words("trouble.run_gone_title"), (Say(words("trouble.run_gone")),), words.language)
    run, asked = found
    flow = run.flow
    title = flow.title.to(words.language)
    if not run.is_open(at) or asked is None:
        # The same for everybody who was asked, whether or not they answered.
        return Card(title, (Say(words("question.closed")),), words.language)
    has_answered = asked.answered and flow.kind is Kind.named  # of a sealed one no message tells
    is_reminder = is_reminder or (not asked.answered and was_reminded(session, run, flow, person.id or 0))
    blocks: list[Block] = [Say(words("question.reminder"))] if is_reminder else []
    label = "question.see_answer" if has_answered else "question.answer"
    if has_answered:
        blocks.append(Say(words("receipt.named", leader=asked.leader or words("promise.reader.no_leader")), "lead"))
    style: Literal["plain", "primary"] = "plain" if has_answered else "primary"
    blocks += [
        *make_promise(flow, words, asked.leader),
        Say(words("question.deadline", moment=words.moment(run.closes_at, run.zone)), "note"),
        Buttons((way_to_run(session, parts, person, run).button(words(label), style, is_off_record=has_answered),)),
    ]
    minutes = words("question.minutes", count=max(1, round(flow.minutes)))
    return Card(title, tuple(blocks), words.language, kicker=minutes)


def write_waiting(run: Run, words: Words, *, way: Way, was_reminded: bool = False) -> Card:
    """An open question as the own page lists it: short, since the promise stands in full on the first card behind
    it."""
    said = [words("question.reminder")] if was_reminded else []
    return _list(run, words, said, way.button(words("question.answer"), "primary"))


def write_contributed(run: Run, words: Words, *, way: Way, is_behind: bool) -> Card:
    """The same where one may contribute more than once and has; `is_behind` as long as something of it waits."""
    said = [words("home.contributed")] if is_behind else []
    return _list(run, words, said, way.button(words("receipt.more")))


def write_regrettable(run: Run, words: Words, *, way: Way) -> Card:
    """A question whose sealed answer can be deleted still. On the own page alone: it tells that there is one."""
    return _list(run, words, [], way.button(words("question.delete_answer"), is_off_record=True))


def _list(run: Run, words: Words, said: list[str], button: Button) -> Card:
    flow = flow_of(run)
    deadline = words("question.deadline", moment=words.moment(run.closes_at, run.zone))
    note = Say(f"{deadline} {words(f'promise.{flow.kind}')}", "note")
    minutes = words("question.minutes", count=max(1, round(flow.minutes)))
    blocks: list[Block] = [*(Say(one) for one in said), note, Buttons((button,))]
    return Card(flow.title.to(words.language), tuple(blocks), words.language, kicker=minutes)


def was_reminded(session: Session, run: Run | Asking, flow: Flow, person_id: int) -> bool:
    """Whether the person had been asked in time for the last reminder. The reminder itself leaves no row."""
    if run.reminders_sent == 0:
        return False
    reminded_at = find_reminders(flow, run.opens_at, run.zone)[: run.reminders_sent][-1]
    asked_at = when_asked(session, run.id or 0, person_id)
    return asked_at is not None and asked_at <= reminded_at - QUIET_AFTER_ASKING
