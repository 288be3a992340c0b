"""Themes: what people want to learn about, shown to the unit without a name; the nearest existing ones come first."""

from collections.abc import Collection, Mapping
from datetime import date

from sqlmodel import Session

from bot.cards import Choice
from bot.outcomes.contract import Kept
from flows.fields import Nearest, Value
from flows.model import Kind
from flows.themes import Candidate, find_nearest
from storage.asked import Asked, Asking
from storage.tables import Unit
from storage.themes import is_author, suggest, support, themes_behind, waiting_themes

NEAREST_SHOWN = 3


class Themes:
    kinds: Collection[Kind] = (Kind.contribution,)
    roles: Collection[str] = ("suggestion", "nearest")
    more_roles: Collection[str] = ()

    def find_choices(
        self,
        session: Session,
        asked: Asked,
        field: Nearest,
        values: Mapping[str, Value],
        with_own: bool,
    ) -> list[Choice]:
        """The nearest themes that wait in the person's own unit: those colleagues can read anyway."""
        own, _ = ([], []) if with_own else themes_behind(session, asked.person_id)
        return find_like(session, asked.unit_id, str(values.get(field.of, "")), {one.id for one in own})

    def keep(
        self,
        session: Session,
        run: Asking,
        asked: Asked,
        values: Mapping[str, Value],
        on: date,
    ) -> Kept:
        """Stand behind the theme that was chosen among the nearest, or store the person's own words."""
        chosen = str(values.get(run.flow.outcome.fields["nearest"], ""))
        waiting = {str(one.id): one for one in waiting_themes(session, [asked.unit_id])}
        theme = waiting.get(chosen)
        if theme is not None:
            support(session, theme, asked.person_id)
            return Kept("receipt.supported", {"text": theme.text}, is_stored=False)
        text = str(values[run.flow.outcome.fields["suggestion"]])
        person_id, unit = asked.person_id, session.get(Unit, asked.unit_id)
        theme = suggest(session, asked.run_id, asked.unit_id, person_id, text, on)
        own = theme.id if is_author(session, theme, person_id) else None
        return Kept("receipt.contribution", {"unit": unit.name if unit else ""}, theme_id=own)


def find_like(session: Session, unit_id: int, text: str, without: Collection[int | None] = ()) -> list[Choice]:
    """The themes that wait in the unit and are most like what somebody wrote; `without` some."""
    waiting = [theme for theme in waiting_themes(session, [unit_id]) if theme.id not in without]
    candidates = [Candidate(theme.id, theme.text) for theme in waiting if theme.id is not None]
    return [Choice(str(one.id), one.text) for one in find_nearest(text, candidates, most=NEAREST_SHOWN)]
