"""Questions about the tree of units, and its closure."""

from sqlalchemy import Connection, delete, insert, select
from sqlmodel import Session

from storage.directory.natural import table_of
from storage.tables.organisation import Unit, UnitBelow


def units_by_parent(session: Session) -> dict[int, int | None]:
    """Each active unit's id -> the id of the unit above it, None at the top."""
    unit = table_of(Unit).c
    rows = session.connection().execute(select(unit.id, unit.parent_id).where(unit.active))
    return dict(rows.all())


def rebuild_units_below(connection: Connection) -> None:
    """Make the closure anew from the parents: each unit with itself (depth 0) and with each unit above it.

    Units that are no longer active stay in it, so what was published about them keeps its readers.
    """
    unit, below = table_of(Unit).c, table_of(UnitBelow)
    parents = dict(connection.execute(select(unit.id, unit.parent_id)).all())
    rows = []
    for unit_id in parents:
        above_id, depth = unit_id, 0
        while above_id is not None:
            rows.append({"above_id": above_id, "below_id": unit_id, "depth": depth})
            above_id, depth = parents[above_id], depth + 1
    connection.execute(delete(below))
    if rows:
        connection.execute(insert(below), rows)


def units_below(session: Session) -> dict[int, set[int]]:
    """Each unit's id -> the ids of itself and everything below it."""
    below = table_of(UnitBelow).c
    found: dict[int, set[int]] = {}
    for above_id, below_id in session.connection().execute(select(below.above_id, below.below_id)):
        found.setdefault(above_id, set()).add(below_id)
    return found
