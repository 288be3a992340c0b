"""What a chat calls the people that a directory has let in: matched by mail, kept apart for each workspace."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlmodel import Session, col, delete, func, select

from storage.inserting import insert_missing
from storage.loading import is_among
from storage.natural import MAIL
from storage.tables import Address, Person


@dataclass(frozen=True)
class Matched:
    """`known`: active people whom the chat calls by a name now, by person id; `new` of them are not reached by it yet.
    `old`: ids of addresses that no longer hold; `lost` people among theirs are not in the chat any more. `before`: how
    many addresses there were. `unknown`: members of the chat whom no directory has let in; `without`: active people
    with mail whom the chat does not have."""

    known: Mapping[int, str]
    new: Mapping[int, str]
    old: tuple[int, ...]
    lost: int
    before: int
    unknown: int
    without: int

    @property
    def takes_many_away(self) -> bool:
        """More than a tenth of those who could be reached would not be any more: it may be half a list."""
        return self.lost * 10 > self.before


def match_members(session: Session, channel: str, workspace: str, members: Iterable[tuple[str, str]]) -> Matched:
    """Compare (address, mail) of everybody in a workspace with the active people. Nothing is changed."""
    by_mail = {mail.lower(): address for address, mail in members}
    mails = select(Address.person_id, Address.value).join(Person, col(Person.id) == col(Address.person_id))
    rows = session.exec(mails.where(Address.channel == MAIL, col(Person.active).is_(True))).all()
    known = {person_id: by_mail[mail.lower()] for person_id, mail in rows if mail.lower() in by_mail}
    unknown = len(by_mail) - len(set(known.values()))
    without = len({person_id for person_id, _ in rows}) - len(known)
    return compare_addresses(session, channel, workspace, known, unknown=unknown, without=without)


def compare_addresses(
    session: Session,
    channel: str,
    workspace: str,
    known: Mapping[int, str],
    *,
    unknown: int,
    without: int,
    mends: bool = True,
) -> Matched:
    """Compare what the chat calls people (person id -> address) with what is kept. `mends`: an address that was found
    to reach nobody is tried anew; otherwise it waits until something else says that it may reach somebody again."""
    kept = select(Address.id, Address.person_id, Address.value, Address.unreachable_because)
    before = session.exec(kept.where(Address.channel == channel, Address.workspace == workspace)).all()
    same = {
        person_id
        for _, person_id, value, because in before
        if known.get(person_id) == value and (because is None or not mends)
    }
    return Matched(
        known=known,
        new={one: address for one, address in known.items() if one not in same},
        old=tuple(address_id or 0 for address_id, person_id, _, _ in before if person_id not in same),
        lost=len({person_id for _, person_id, _, _ in before} - known.keys()),
        before=len(before),
        unknown=unknown,
        without=without,
    )


def keep_members(session: Session, channel: str, workspace: str, matched: Matched) -> None:
    """Store what was found: addresses that no longer hold go, and the new ones come."""
    connection = session.connection()
    session.execute(delete(Address).where(is_among(connection, col(Address.id), matched.old)))
    rows = [
        {"person_id": one, "channel": channel, "value": address, "workspace": workspace, "preferred": True}
        for one, address in matched.new.items()
    ]
    insert_missing(session, Address, rows)


def forget_workspace(session: Session, channel: str, workspace: str) -> int:
    """What people are called there goes; how many were called something comes back."""
    there = (col(Address.channel) == channel) & (col(Address.workspace) == workspace)
    count = session.exec(select(func.count()).select_from(Address).where(there)).one()
    session.execute(delete(Address).where(there))
    return count
