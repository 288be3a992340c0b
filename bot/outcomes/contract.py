"""What an outcome is: a file that says what becomes of answers that need not wait for the gate."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from sqlmodel import Session

from bot.cards import Choice
from flows.fields import Nearest, Value
from flows.model import Kind
from storage.asked import Asked, Asking


@dataclass(frozen=True)
class Kept:
    """What was kept, for the receipt: the key of a sentence in the catalogue, and what it needs. `is_stored`: whether
    the person's own words were kept, to be shown again there. `theme_id`: the theme that the person can take back."""

    key: str
    with_words: Mapping[str, object]
    is_stored: bool = True
    theme_id: int | None = None


class Outcome(Protocol):
    """`kinds`: the kinds of flow it can serve. `roles`: the fields a flow must name for it, by role;
    `more_roles`: those it may name."""

    @property
    def kinds(self) -> Collection[Kind]: ...

    @property
    def roles(self) -> Collection[str]: ...

    @property
    def more_roles(self) -> Collection[str]: ...

    def find_choices(
        self,
        session: Session,
        asked: Asked,
        field: Nearest,
        values: Mapping[str, Value],
        with_own: bool,
    ) -> list[Choice]:
        """What a field of the kind `nearest` offers this person now, with what they have said themselves or without."""
        ...

    def keep(
        self,
        session: Session,
        run: Asking,
        asked: Asked,
        values: Mapping[str, Value],
        on: date,
    ) -> Kept:
        """Keep a submission of a flow whose answers are not sealed, in the writer's transaction."""
        ...
