"""Themes: what people want to learn about, shown to the unit without a name; the nearest existing ones come first."""

from collections.abc import Collection, Mapping
from datetime import date

from sqlmodel import Session

from bot.cards import Choice
from bot.outcomes.contract import Kept
from flows.fields import Nearest, Value
from flows.model import Flow, Kind
from flows.themes import Candidate, find_nearest
from storage.tables import Participation, Run, Unit
from storage.themes import is_author, suggest, support, themes_behind, waiting_themes

NEAREST_SHOWN = 3


class Themes:
    kinds: Collection[Kind] = (Kind.contribution,)
    roles: Collection[str] = ("suggestion", "nearest")
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
        """The nearest themes that wait in the person's own unit: those colleagues can read anyway."""
        own, _ = ([], []) if with_own else themes_behind(session, participation.person_id)
        return find_like(session, participation.unit_id, str(values.get(field.of, "")), {one.id for one in own})

    def keep(
        self,
        session: Session,
        run: Run,
        flow: Flow,
        participation: Participation,
        values: Mapping[str, Value],
        on: date,
    ) -> Kept:
        """Stand behind the theme that was chosen among the nearest, or store the person's own words."""
        chosen = str(values.get(flow.outcome.fields["nearest"], ""))
        waiting = {str(one.id): one for one in waiting_themes(session, [participation.unit_id])}
        theme = waiting.get(chosen)
        if theme is not None:
            support(session, theme, participation.person_id)
            return Kept("receipt.supported", {"text": theme.text}, is_stored=False)
        text = str(values[flow.outcome.fields["suggestion"]])
        person_id, unit = participation.person_id, session.get(Unit, participation.unit_id)
        theme = suggest(session, participation.run_id, participation.unit_id, person_id, text, on)
        own = theme.id if is_author(session, theme, person_id) else None
        return Kept("receipt.contribution", {"unit": unit.name if unit else ""}, theme_id=own)


def find_like(session: Session, unit_id: int, text: str, without: Collection[int | None] = ()) -> list[Choice]:
    """The themes that wait in the unit and are most like what somebody wrote; `without` some."""
    waiting = [theme for theme in waiting_themes(session, [unit_id]) if theme.id not in without]
    candidates = [Candidate(theme.id, theme.text) for theme in waiting if theme.id is not None]
    return [Choice(str(one.id), one.text) for one in find_nearest(text, candidates, most=NEAREST_SHOWN)]
