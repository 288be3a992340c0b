"""Answers: sealed ones in, opened ones out, named ones with their person."""

import secrets
from collections.abc import Collection, Mapping
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Insert, bindparam
from sqlmodel import Session, col, delete, select

from storage.asked import Asked
from storage.directory.natural import table_of
from storage.inserting import insert_into, missing_into
from storage.offers import live, standing_of
from storage.tables import Answer, Envelope, FreeText

# Building a statement anew takes several times as long as running it.
IS_OF_PERSON = (col(Answer.run_id) == bindparam("run")) & (col(Answer.person_id) == bindparam("person"))
OF_PERSON = select(Answer).where(IS_OF_PERSON)
WITHDRAW = delete(table_of(Answer)).where(IS_OF_PERSON).returning(col(Answer.has_copy))
DELETE_ENVELOPE = delete(table_of(Envelope)).where(
    col(Envelope.run_id) == bindparam("run"), col(Envelope.code_hash) == bindparam("code")
)


def add_envelope(session: Session, run_id: int, code_hash: str, sealed: bytes) -> bool:
    """Keep a sealed submission; False where another one has the same code, so that a new code can be made."""
    connection = session.connection()
    row = {"run_id": run_id, "code_hash": code_hash, "sealed": sealed}
    return bool(connection.execute(_keep_envelope(connection.dialect.name), row).rowcount)


@cache
def _keep_envelope(dialect: str) -> Insert:
    return missing_into(table_of(Envelope), dialect)


def delete_envelope(session: Session, run_id: int, code_hash: str) -> bool:
    """Delete the submission with this code unread; False where there is none."""
    return bool(session.connection().execute(DELETE_ENVELOPE, {"run": run_id, "code": code_hash}).rowcount)


def sealed_submissions(session: Session, run_id: int) -> list[bytes]:
    return list(session.exec(select(Envelope.sealed).where(Envelope.run_id == run_id)))


def forget_envelopes(session: Session, run_id: int) -> None:
    session.exec(delete(Envelope).where(col(Envelope.run_id) == run_id))


def add_opened(
    session: Session,
    run_id: int,
    choices: Collection[tuple[int, Mapping[str, Any]]],
    texts: Collection[tuple[int, str, str]],
) -> None:
    """Write opened answers, (bucket, values), and free texts, (bucket, field, text), each under a new random key and
    in the order of those keys, so that neither place nor number tells which came when, or what belongs together."""
    answers = [
        Answer(id=secrets.token_hex(16), run_id=run_id, unit_id=bucket, values=dict(values))
        for bucket, values in choices
    ]
    free = [
        FreeText(id=secrets.token_hex(16), run_id=run_id, unit_id=bucket, field=field, text=text)
        for bucket, field, text in texts
    ]
    for one in sorted(answers, key=lambda answer: answer.id):
        session.add(one)
    session.flush()
    for another in sorted(free, key=lambda text: text.id):
        session.add(another)
    session.flush()


def put_named(
    session: Session, asked: Asked, given_on: date, values: Mapping[str, Any], *, is_offer: bool, ends_on: date
) -> None:
    """Keep a named answer until the day `ends_on`, in place of the same person's earlier one in this run."""
    row = {
        "id": secrets.token_hex(16),
        "run_id": asked.run_id,
        "person_id": asked.person_id,
        "unit_id": asked.unit_id,
        "reader_id": asked.reader_id,
        "given_on": given_on,
        "ends_on": ends_on,
        "values": dict(values),
        "is_offer": is_offer,
        "consent_refused": False,
    }
    connection = session.connection()
    connection.execute(_keep_answer(connection.dialect.name), row)


@cache
def _keep_answer(dialect: str) -> Insert:
    into = insert_into(table_of(Answer), dialect)
    changed = {"values": into.excluded["values"], "is_offer": into.excluded.is_offer}
    return into.on_conflict_do_update(index_elements=["run_id", "person_id"], set_=changed)


def named_answer(session: Session, run_id: int, person_id: int) -> Answer | None:
    return session.exec(OF_PERSON, params={"run": run_id, "person": person_id}).first()


def withdraw_named(session: Session, run_id: int, person_id: int) -> bool | None:
    """Delete a named answer, and say whether a chat has kept a copy of it; None where there is none."""
    return session.connection().execute(WITHDRAW, {"run": run_id, "person": person_id}).scalar()


def forget_answers(session: Session, run_id: int) -> None:
    """Delete what was answered by name in a run."""
    session.exec(delete(Answer).where(col(Answer.run_id) == run_id))


def named_answers_for(session: Session, reader_id: int, on: date) -> list[Answer]:
    """The named answers that this leader may see on that day, newest round first, by person: those promised to this
    leader or shown after the person's yes, of people who have this leader now, and that have not ended."""
    promised = session.exec(
        select(Answer)
        .where(Answer.reader_id == reader_id, live(on))
        .order_by(col(Answer.run_id).desc(), col(Answer.person_id))
    ).all()
    return [one.answer for one in standing_of(session, promised, on) if one.reader_id == reader_id]
