"""What is said by name, whatever it becomes: kept with its person, for the one reader frozen with the run."""

from collections.abc import Collection, Mapping
from datetime import date

from sqlmodel import Session

from bot.cards import Choice
from bot.offers import find_end
from bot.outcomes.contract import Kept
from flows.fields import Nearest, Value
from flows.model import Flow, Kind
from storage.answers import put_named
from storage.asked import Asked, Asking


class Named:
    """An outcome whose open answers have a name. What is sealed is kept in envelopes and never comes here."""

    kinds: Collection[Kind] = (Kind.named,)
    roles: Collection[str] = ()
    more_roles: Collection[str] = ()

    def find_choices(
        self,
        session: Session,
        asked: Asked,
        field: Nearest,
        values: Mapping[str, Value],
        with_own: bool,
    ) -> list[Choice]:
        return []

    def keep(
        self,
        session: Session,
        run: Asking,
        asked: Asked,
        values: Mapping[str, Value],
        on: date,
    ) -> Kept:
        """Keep the answer in place of the same person's earlier one."""
        assert run.flow.kind is Kind.named, "a sealed answer is kept in an envelope, never by an outcome"
        is_offer, ends_on = self.is_offer(run.flow, values), find_end(run, run.flow)
        put_named(session, asked, on, values, is_offer=is_offer, ends_on=ends_on)
        return Kept("receipt.named", {})

    def is_offer(self, flow: Flow, values: Mapping[str, Value]) -> bool:
        """Whether the answer offers something that may live on after its run."""
        return False
