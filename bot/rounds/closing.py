"""Closing a run, in one transaction: open what was sealed, judge it once, publish, forget, tell the whole audience."""

from collections import Counter
from datetime import datetime, timedelta
from secrets import SystemRandom
from typing import Any

from nacl.exceptions import CryptoError
from sqlmodel import Session, col, select

from bot.parts import Parts
from bot.polls.telling import tell_group
from bot.rounds.moments import find_working_moments
from bot.rounds.promises import threshold_of
from bot.rounds.series import keep_for_the_next, link_submissions
from flows.disclosure import judge
from flows.engine import split_texts
from flows.model import Flow, Kind
from flows.questions import find_questions
from flows.submissions import Submission
from flows.support import Supported, judge_support
from storage import log
from storage.answers import add_opened, forget_envelopes, sealed_submissions
from storage.outbox.deliveries import cancel_about
from storage.outbox.edits import queue_edits
from storage.outbox.planning import enqueue
from storage.publications import keep_publication
from storage.runs import count_asked_by_unit, flow_of, forget_participation, partition_of, people_asked
from storage.sealing import open_sealed
from storage.tables import Person, Run
from storage.tables.asking import RunState
from storage.tables.sending import DeliveryKind
from storage.themes import count_people_behind

RESULT_WITHIN = timedelta(days=30)
random = SystemRandom()


def close_run(session: Session, parts: Parts, run: Run, at: datetime) -> None:
    """Close an open run. The private key of a sealed run is destroyed after the commit, by the tick."""
    assert run.id is not None
    flow = flow_of(run)
    asked = people_asked(session, run.id)
    cancel_about(session, f"run:{run.id}", [DeliveryKind.question, DeliveryKind.reminder])
    if flow.kind.is_sealed:
        _publish(session, parts, run, flow, at)
    if flow.kind is Kind.contribution:
        _publish_support(session, run, flow, at)
    if flow.kind is not Kind.named:
        _tell_everybody(session, parts, run, asked, at)
        forget_participation(session, run.id)
    tell_group(session, parts, run, at)
    run.state = RunState.closed
    run.closed_at = at
    session.add(run)
    # In a chat all questions say the same from now on, whether or not they were answered.
    queue_edits(session, f"run:{run.id}", parts.editing, at)
    log.append(session, at, "medvirk", "run closed", f"run:{run.id}")


def _publish(session: Session, parts: Parts, run: Run, flow: Flow, at: datetime) -> None:
    assert run.id is not None
    partition = partition_of(run)
    assert partition is not None
    if partition.is_too_small:
        return  # nobody was asked, so there is nothing to judge
    submissions = _open_envelopes(session, parts, run, at)
    random.shuffle(submissions)
    from_bucket = Counter(int(one["bucket"]) for one in submissions)
    choices, texts = [], []
    for one in submissions:
        bucket = int(one["bucket"])
        if from_bucket[bucket] < threshold_of(flow).group:
            # They count in larger figures. Kept, so few would be found by who knows from a backup that they answered.
            continue
        chosen, written = split_texts(flow, one["values"])
        if flow.series is not None:  # kept apart, under its hidden number, for as long as the rounds are linked
            chosen.pop(flow.series.field, None)
        choices.append((bucket, chosen))
        texts += [(bucket, field, text) for field, text in written.items()]
    publication = judge(
        partition,
        find_questions(flow),
        [_as_submission(flow, one) for one in submissions],
        threshold_of(flow),
        names=_names(session),
        rng=random,
        linked=link_submissions(session, parts, run, flow, submissions),
    )
    add_opened(session, run.id, choices, texts)
    keep_publication(session, run.id, publication, at)
    keep_for_the_next(session, parts, run, flow, submissions)
    forget_envelopes(session, run.id)


def _publish_support(session: Session, run: Run, flow: Flow, at: datetime) -> None:
    """How many stand behind each theme of the period: counted once, now, and nowhere shown before."""
    assert run.id is not None
    invited = count_asked_by_unit(session, run.id)
    themes = [
        Supported(theme.id or 0, people, invited.get(theme.unit_id, 0))
        for theme, people in count_people_behind(session, run.flow)
    ]
    keep_publication(session, run.id, judge_support(themes, threshold_of(flow)), at)


def _open_envelopes(session: Session, parts: Parts, run: Run, at: datetime) -> list[dict[str, Any]]:
    """What was submitted. Without the key, after a restored backup, it is lost, and the log says so."""
    assert run.id is not None
    sealed = sealed_submissions(session, run.id)
    key = parts.keys.run_key(run.id)
    if key is None:
        if sealed:
            log.append(session, at, "medvirk", "sealed answers lost, key is gone", f"run:{run.id}")
        return []
    submissions = []
    for envelope in sealed:
        try:
            submissions.append(open_sealed(key, envelope))
        except CryptoError:
            log.append(session, at, "medvirk", "envelope could not be opened", f"run:{run.id}")
    return submissions


def _as_submission(flow: Flow, submission: dict[str, Any]) -> Submission:
    chosen, written = split_texts(flow, submission["values"])
    choices = {field: tuple(value) if isinstance(value, list) else value for field, value in chosen.items()}
    return Submission(bucket=int(submission["bucket"]), choices=choices, texts=written)


def _names(session: Session) -> set[str]:
    """Every part of every name, so that texts can be masked."""
    return {part for name in session.exec(select(Person.name).order_by(col(Person.id))) for part in name.split()}


def _tell_everybody(session: Session, parts: Parts, run: Run, asked: list[int], at: datetime) -> None:
    """The result goes to the whole audience, whoever answered: otherwise the outbox would tell."""
    moments = find_working_moments(session, asked, DeliveryKind.result, at, at + RESULT_WITHIN)
    enqueue(session, f"run:{run.id}", DeliveryKind.result, moments, parts.channels)
