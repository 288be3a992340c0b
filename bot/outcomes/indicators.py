"""Indicators: sealed answers that become figures when the run closes; in a small unit, named ones for the leader."""

from collections.abc import Collection, Mapping
from datetime import date

from sqlmodel import Session

from bot.cards import Choice
from bot.outcomes.contract import Kept
from bot.outcomes.named import keep_named
from flows.fields import Nearest, Value
from flows.model import Flow, Kind
from storage.tables import Participation


class Indicators:
    kinds: Collection[Kind] = (Kind.anonymous,)
    roles: Collection[str] = ()

    def find_choices(
        self, session: Session, flow: Flow, participation: Participation, field: Nearest, values: Mapping[str, Value]
    ) -> list[Choice]:
        return []

    def keep(
        self, session: Session, flow: Flow, participation: Participation, values: Mapping[str, Value], on: date
    ) -> Kept:
        """Keep the answer of somebody in a small unit, who is asked by name where the flow says `if_small: named`.
        Sealed answers never come here: they are kept in envelopes."""
        assert flow.kind is Kind.named, "a sealed answer is kept in an envelope, never by an outcome"
        return keep_named(session, participation, values, on, is_offer=False)
