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
from storage.tables import Participation, Run


class Named:
    """An outcome whose open answers have a name. What is sealed is kept in envelopes and never comes here."""

    kinds: Collection[Kind] = (Kind.named,)
    roles: Collection[str] = ()
    more_roles: Collection[str] = ()

    def find_choices(
        self,
        session: Session,
        flow: Flow,
        participation: Participation,
        field: Nearest,
        values: Mapping[str, Value],
        with_own: bool,
    ) -> list[Choice]:
        return []

    def keep(
        self,
        session: Session,
        run: Run,
        flow: Flow,
        participation: Participation,
        values: Mapping[str, Value],
        on: date,
    ) -> Kept:
        """Keep the answer in place of the same person's earlier one."""
        assert flow.kind is Kind.named, "a sealed answer is kept in an envelope, never by an outcome"
        put_named(
            session,
            participation.run_id,
            participation.person_id,
            participation.unit_id,
            participation.reader_id,
            on,
            values,
            is_offer=self.is_offer(flow, values),
            ends_on=find_end(run),
        )
        return Kept("receipt.named", {})

    def is_offer(self, flow: Flow, values: Mapping[str, Value]) -> bool:
        """Whether the answer offers something that may live on after its run."""
        return False
