"""Groups of which a chat says who is in them: compared with what is kept, by group and workspace. They widen whom a
poll may ask, and give no right: what comes to the members of a group comes to those whom a directory put there."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlmodel import Session, col, delete, select

from storage.inserting import insert_missing
from storage.loading import is_among
from storage.tables import Address, Membership, Person, Unit
from storage.tables.organisation import MembershipKind


@dataclass(frozen=True)
class Gathered:
    """`found`: for each group (by path) how many of its members were let in, and how many were not. `new`: (person,
    group) that come in; `old`: ids of memberships that no longer hold. `before`: how many there were."""

    found: Mapping[str, tuple[int, int]]
    new: tuple[tuple[int, int], ...]
    old: tuple[int, ...]
    before: int

    @property
    def takes_many_away(self) -> bool:
        """More than a tenth of those who are in such groups would be so no more: a group may have been emptied by
        mistake, or was not named this time."""
        return len(self.old) * 10 > self.before


def find_groups(session: Session) -> dict[str, int]:
    """The active groups that the directory knows: path -> id."""
    rows = session.exec(select(Unit.path, Unit.id).where(col(Unit.is_group), col(Unit.active)).order_by(col(Unit.path)))
    return {path: group_id for path, group_id in rows if group_id is not None}


def gather_members(session: Session, channel: str, workspace: str, groups: Mapping[str, Collection[str]]) -> Gathered:
    """Compare what a workspace says, path of a group -> addresses, with what is kept of it. A group that is not named
    has nobody. Nothing is changed; every path must be one of `find_groups`."""
    ids = find_groups(session)
    known = select(Address.value, Address.person_id).join(Person, col(Person.id) == col(Address.person_id))
    people = dict(session.exec(known.where(Address.channel == channel, col(Person.active).is_(True))).all())
    found, wanted = {}, set[tuple[int, int]]()
    for path, addresses in groups.items():
        inside = {people[one] for one in addresses if one in people}
        found[path] = len(inside), len(addresses) - len(inside)
        wanted |= {(person_id, ids[path]) for person_id in inside}
    kept = session.exec(
        select(Membership.id, Membership.person_id, Membership.unit_id).where(
            Membership.kind == MembershipKind.chat, Membership.employer == workspace
        )
    ).all()
    there = {(person_id, group_id) for _, person_id, group_id in kept}
    old = [row_id or 0 for row_id, person_id, group_id in kept if (person_id, group_id) not in wanted]
    return Gathered(found, tuple(sorted(wanted - there)), tuple(old), len(kept))


def keep_groups(session: Session, workspace: str, gathered: Gathered) -> None:
    """Store what was found."""
    session.execute(delete(Membership).where(is_among(session.connection(), col(Membership.id), gathered.old)))
    rows = [
        {"person_id": person_id, "unit_id": group_id, "kind": MembershipKind.chat, "employer": workspace}
        for person_id, group_id in gathered.new
    ]
    insert_missing(session, Membership, rows)


def forget_groups(session: Session, workspace: str) -> None:
    """Nobody is in a group any more because this workspace has said so."""
    said_there = (col(Membership.kind) == MembershipKind.chat) & (col(Membership.employer) == workspace)
    session.execute(delete(Membership).where(said_there))
