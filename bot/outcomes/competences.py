"""Competences: what people can and would like to do, by name, to the one leader they were told about."""

from collections.abc import Collection, Mapping
from datetime import date

from sqlmodel import Session

from bot.cards import Choice
from bot.outcomes.contract import Kept
from bot.outcomes.named import keep_named
from flows.fields import Nearest, Value
from flows.model import Flow, Kind
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
        is_offer = any(field in values for field in (roles.get("competence"), roles.get("tasks")))
        return keep_named(session, participation, values, on, is_offer=is_offer)
