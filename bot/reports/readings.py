"""From a run to what one unit's readers may see of it: loading, no counting."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from bot.reports.figures import Reading
from flows.partition import Partition
from storage.publications import publications_of
from storage.runs import flow_of, partition_of
from storage.tables import Run, Unit

ROUNDS_COMPARED = 3  # earlier rounds beside this one: enough to see a direction, few enough for one line


def load_reading(session: Session, run: Run, unit_id: int, earlier_ids: Sequence[int]) -> Reading | None:
    """The run's publication for readers of a unit, with those of earlier runs, oldest first; None where nobody there
    was asked, or nothing is published."""
    partition = partition_of(run)
    scope = partition.scope_of(unit_id) if partition else None
    published = publications_of(session, [one for one in (run.id, *earlier_ids) if one is not None])
    if partition is None or scope is None or run.id not in published:
        return None
    earlier = tuple(
        published[one]
        for one in earlier_ids
        if one in published and _has_the_same_units(session, one, partition, unit_id)
    )
    names = select(Unit.id, Unit.name).where(col(Unit.id).in_(scope.units))
    unit_names = {one: name for one, name in session.exec(names) if one is not None}
    return Reading(flow_of(run), published[run.id], scope, unit_names, earlier)


def _has_the_same_units(session: Session, before_id: int, now: Partition, unit_id: int) -> bool:
    """A trend compares the same units only: where buckets were drawn otherwise, there is no figure from last time."""
    run = session.get(Run, before_id)
    before = partition_of(run) if run else None
    old, new = before.scope_of(unit_id) if before else None, now.scope_of(unit_id)
    return old is not None and new is not None and (old.id, old.units) == (new.id, new.units)
