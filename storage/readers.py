"""Readers of named answers: the leaders who are nearest to a person, as the roles are now."""

from collections.abc import Mapping

from sqlmodel import Session, col, select

from storage.people import Home
from storage.tables import Role
from storage.tables.organisation import RoleName
from storage.units import units_by_parent


def nearest_leaders(session: Session, homes: Mapping[int, Home]) -> dict[int, list[int]]:
    """For each person the leaders of the nearest unit upwards that has one who is not the person, by id. Whoever has
    nobody above is left out."""
    parents = units_by_parent(session)
    leaders: dict[int, list[int]] = {}
    for unit_id, person_id in session.exec(
        select(Role.unit_id, Role.person_id).where(Role.name == RoleName.leader).order_by(col(Role.person_id))
    ):
        leaders.setdefault(unit_id, []).append(person_id)
    nearest: dict[int, list[int]] = {}
    for person_id, home in homes.items():
        unit: int | None = home.unit_id
        while unit is not None:
            others = [one for one in leaders.get(unit, []) if one != person_id]
            if others:
                nearest[person_id] = others
                break
            unit = parents.get(unit)
    return nearest
