"""Reactions: what a course was worth. From its participants figures, when a wave closes; from leaders by name."""

from collections.abc import Collection, Mapping
from datetime import date

from sqlmodel import Session

from bot.cards import Choice
from bot.outcomes.contract import Kept
from bot.outcomes.named import keep_named
from flows.fields import Nearest, Value
from flows.model import Flow, Kind
from storage.tables import Participation


class Reactions:
    """`outcome.fields` may name the `barrier`: a choice of what stopped people, whose headline is what can stop."""

    kinds: Collection[Kind] = (Kind.confidential, Kind.anonymous, Kind.named)
    roles: Collection[str] = ()

    def find_choices(
        self, session: Session, flow: Flow, participation: Participation, field: Nearest, values: Mapping[str, Value]
    ) -> list[Choice]:
        return []

    def keep(
        self, session: Session, flow: Flow, participation: Participation, values: Mapping[str, Value], on: date
    ) -> Kept:
        """Keep a leader's answer for the leader above. Participants' answers are sealed and never come here."""
        assert flow.kind is Kind.named, "a sealed answer is kept in an envelope, never by an outcome"
        return keep_named(session, participation, values, on, is_offer=False)
