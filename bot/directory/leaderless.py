"""People without a leader above them: what they say by name could be read by nobody, so they are not asked."""

from collections import Counter
from datetime import date

from storage.directory.records import Organisation, walk_path
from storage.tables.organisation import MembershipKind, RoleName


def count_leaderless(organisation: Organisation, day: date) -> dict[str, int]:
    """For each unit how many have their home there and nobody else as leader, there or in a unit above."""
    leaders: dict[str, set[str]] = {}
    for role in organisation.roles:
        if role.name is RoleName.leader and role.covers(day):
            leaders.setdefault(role.path, set()).add(role.number)
    counts: Counter[str] = Counter()
    for one in organisation.memberships:
        if one.kind is MembershipKind.home and one.covers(day):
            above = set().union(*(leaders.get(path, ()) for path in walk_path(one.path)))
            counts[one.path] += not above - {one.number}
    return {path: number for path, number in sorted(counts.items()) if number}
