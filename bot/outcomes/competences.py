"""Competences: what people can and would like to do, by name, to the one leader they were told about."""

from collections.abc import Collection, Mapping
from datetime import date

from sqlmodel import Session

from bot.cards import Choice
from bot.outcomes.contract import Kept
from flows.fields import Nearest, Value
from flows.model import Flow, Kind
from storage.answers import put_named
from storage.tables import Participation


class Competences:
    kinds: Collection[Kind] = (Kind.named,)
    roles: Collection[str] = ()

    def find_choices(
        self, session: Session, flow: Flow, participation: Participation, field: Nearest, values: Mapping[str, Value]
    ) -> list[Choice]:
        return []

    def keep(
        self, session: Session, flow: Flow, participation: Participation, values: Mapping[str, Value], on: date
    ) -> Kept:
        """Keep the answer with the person, for the reader frozen with the run."""
        roles = flow.outcome.fields
        put_named(
            session,
            participation.run_id,
            participation.person_id,
            participation.unit_id,
            participation.reader_id,
            on,
            values,
            is_offer=any(field in values for field in (roles.get("competence"), roles.get("tasks"))),
        )
        return Kept("receipt.named", {})
