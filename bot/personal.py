"""A copy of everything that is stored about one person, as JSON: for the person, or on the person's request."""

import json
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from bot.parts import Parts
from bot.words import Words
from flows.fields import WithOptions
from flows.model import Flow
from storage.personal import rows_about
from storage.runs import flow_of
from storage.tables import Answer, Person, Run

COPY_NAME = "medvirk.json"
NOT_FOUND = ("stored.cannot_sealed", "stored.cannot_themes", "stored.cannot_figures")


def write_copy(session: Session, parts: Parts, person_id: int, at: datetime, words: Words) -> str:
    """All of it: who the person is, every row that belongs to them by the table it lies in, and in words what cannot be
    found by design. Moments are in UTC."""
    person = session.get_one(Person, person_id)
    kept: dict[str, Any] = dict(rows_about(session, person_id))
    if answers := _read_answers(session, person_id, words.language):
        kept["answer"] = answers
    document = {
        "organisation": parts.settings.organisation,
        "made_at": at,
        "person": person.model_dump(exclude={"id"}, exclude_none=True),
        "stored": kept,
        "cannot_be_found": [words(key) for key in NOT_FOUND],
    }
    return json.dumps(document, ensure_ascii=False, indent=2, default=_write_time)


def _read_answers(session: Session, person_id: int, language: str) -> list[dict[str, Any]]:
    """The answers given by name, with questions and choices in words, as they were asked."""
    answers = select(Answer, Run).join(Run, col(Run.id) == col(Answer.run_id)).where(Answer.person_id == person_id)
    found = []
    for answer, run in session.exec(answers.order_by(col(Answer.given_on))):
        flow, reader = flow_of(run), session.get(Person, answer.reader_id or 0)
        found.append(
            {
                "asked": flow.title.to(language),
                "given_on": answer.given_on,
                "ends_on": answer.ends_on,
                "promised_to": reader.name if reader else None,
                "said": _say(flow, answer.values, language),
            }
        )
    return found


def _say(flow: Flow, values: dict[str, Any], language: str) -> dict[str, Any]:
    said = {}
    for field in (one for step in flow.steps for one in step.fields if one.id in values):
        labels = {one.id: one.to(language) for one in field.options} if isinstance(field, WithOptions) else {}
        value = values[field.id]
        is_list = isinstance(value, list)
        chosen = [labels.get(str(one), one) for one in (value if is_list else [value])]
        said[field.label.to(language)] = chosen if is_list else chosen[0]
    return said


def _write_time(value: Any) -> str:
    return str(value.isoformat())
