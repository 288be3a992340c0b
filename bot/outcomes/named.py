"""Keeping a named answer, whatever it becomes: with its person, for the one reader frozen with the run."""

from collections.abc import Mapping
from datetime import date

from sqlmodel import Session

from bot.offers import find_end
from bot.outcomes.contract import Kept
from flows.fields import Value
from storage.answers import put_named
from storage.tables import Participation, Run


def keep_named(
    session: Session, participation: Participation, values: Mapping[str, Value], on: date, *, is_offer: bool
) -> Kept:
    """Keep the answer in place of the same person's earlier one. `is_offer`: it offers something, not only a no."""
    put_named(
        session,
        participation.run_id,
        participation.person_id,
        participation.unit_id,
        participation.reader_id,
        on,
        values,
        is_offer=is_offer,
        ends_on=find_end(session.get_one(Run, participation.run_id)),
    )
    return Kept("receipt.named", {})
