"""Indicators: sealed answers that become figures when the run closes. Nothing is kept before."""

from collections.abc import Collection, Mapping
from datetime import date

from sqlmodel import Session

from bot.cards import Choice
from bot.outcomes.contract import Kept
from flows.fields import Nearest, Value
from flows.model import Flow, Kind
from storage.tables import Participation


class Indicators:
    kinds: Collection[Kind] = (Kind.anonymous, Kind.confidential)
    roles: Collection[str] = ()

    def find_choices(
        self, session: Session, flow: Flow, participation: Participation, field: Nearest, values: Mapping[str, Value]
    ) -> list[Choice]:
        return []

    def keep(
        self, session: Session, flow: Flow, participation: Participation, values: Mapping[str, Value], on: date
    ) -> Kept:
        raise AssertionError("a sealed answer is kept in an envelope, never by an outcome")
