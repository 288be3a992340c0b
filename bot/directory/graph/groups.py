"""Resource groups whose members come from Entra, beside an organisation that comes from a file."""

from collections.abc import Collection
from collections.abc import Mapping as Map
from dataclasses import replace

from bot.directory.graph.mapping import ResourceGroup
from storage.directory.records import MembershipRecord, Organisation, RoleRecord, UnitRecord, walk_path
from storage.tables.organisation import MembershipKind, RoleName

Members = Map[str, Collection[str]]  # group -> the numbers of who is in it


def put_groups(organisation: Organisation, groups: Collection[ResourceGroup], members: Members) -> Organisation:
    """The organisation with these groups and the members that Entra says they have."""
    people = {one.number for one in organisation.people}
    memberships: list[MembershipRecord] = []
    roles: list[RoleRecord] = []
    for group in groups:
        top = next(walk_path(group.path))
        inside = sorted(people.intersection(members[group.group]))
        memberships += [MembershipRecord(one, group.path, MembershipKind.group, top) for one in inside]
        asking = sorted(people.intersection(members[group.coordinators])) if group.coordinators else []
        roles += [RoleRecord(one, group.path, RoleName.group_coordinator) for one in asking]
    return _put(organisation, groups, {one.path for one in groups}, memberships, roles)


def keep_groups(organisation: Organisation, kept: Organisation, groups: Collection[ResourceGroup]) -> Organisation:
    """An organisation from a file, with those groups as they are kept: the file need say nothing about them, and that
    is no reason to take them away."""
    there = {one.path for one in kept.units} & {one.path for one in groups}
    memberships = [one for one in kept.memberships if one.path in there]
    roles = [one for one in kept.roles if _is_of_entra(one, groups)]
    return _put(organisation, groups, there, memberships, roles)


def _put(
    organisation: Organisation,
    groups: Collection[ResourceGroup],
    paths: Collection[str],
    memberships: Collection[MembershipRecord],
    roles: Collection[RoleRecord],
) -> Organisation:
    """What Entra says of `groups` goes before what the organisation says."""
    ours = {one.path for one in groups}
    others = [one for one in organisation.memberships if one.path not in ours]
    other_roles = [one for one in organisation.roles if not _is_of_entra(one, groups)]
    return replace(
        organisation,
        units=_add_units(organisation, paths),
        memberships=(*others, *memberships),
        roles=(*other_roles, *roles),
    )


def _is_of_entra(role: RoleRecord, groups: Collection[ResourceGroup]) -> bool:
    """Coordinators come from Entra only where the mapping names a group of them."""
    named = {one.path for one in groups if one.coordinators}
    return role.path in named and role.name is RoleName.group_coordinator


def _add_units(organisation: Organisation, paths: Collection[str]) -> tuple[UnitRecord, ...]:
    units = {one.path: one for one in organisation.units}
    for path in paths:
        units |= {above: UnitRecord(above) for above in walk_path(path) if above not in units}
        units[path] = UnitRecord(path, is_group=True)
    return tuple(units[path] for path in sorted(units))
