"""Readers of named answers: the leaders who are nearest to a person, as the roles are now."""

from collections.abc import Mapping
from functools import cache

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
    everybody_leading = {one for several in leaders.values() for one in several}

    @cache  # those who lead nobody have the same leaders as all others in their unit
    def find(unit_id: int, apart_from: int | None) -> list[int]:
        unit: int | None = unit_id
        while unit is not None:
            others = [one for one in leaders.get(unit, []) if one != apart_from]
            if others:
                return others
            unit = parents.get(unit)
        return []

    found = {one: find(home.unit_id, one if one in everybody_leading else None) for one, home in homes.items()}
    return {one: nearest for one, nearest in found.items() if nearest}
