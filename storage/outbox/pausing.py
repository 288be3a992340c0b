"""Pausing: what belongs to a paused run is held back, and everybody who looks for what may leave asks here."""

from sqlalchemy import ColumnElement, String, cast, literal
from sqlmodel import col, select

from storage.tables import Delivery, Run
from storage.tables.asking import RunState


def is_held_back() -> ColumnElement[bool]:
    """Within a statement: is a delivery about a run that is open and paused? A run that has closed holds nothing
    back, so its results leave. Only open runs are looked at, by their index: they are few."""
    about = literal("run:") + cast(col(Run.id), String)
    paused = select(about).where(Run.state == RunState.open, col(Run.paused_at).is_not(None))
    return col(Delivery.about).in_(paused)
