"""What a chat calls the people that a directory has let in: matched by mail, kept apart for each workspace; and where
it reaches them, as it tells itself."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import bindparam
from sqlmodel import Session, col, delete, func, select, update

from storage.directory.natural import MAIL, ChatProfile, table_of
from storage.inserting import insert_missing
from storage.loading import is_among
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


def numbers_by_address(session: Session, channel: str, workspace: str) -> dict[str, str]:
    """Whose number is known at each address in a workspace, also of those who are no longer active."""
    kept = select(Address.value, Person.number).join(Person, col(Person.id) == col(Address.person_id))
    return dict(session.exec(kept.where(Address.channel == channel, Address.workspace == workspace)).all())


def keep_members(session: Session, channel: str, workspace: str, matched: Matched) -> None:
    """Store what was found: addresses that no longer hold go, and the new ones come."""
    connection = session.connection()
    session.execute(delete(Address).where(is_among(connection, col(Address.id), matched.old)))
    rows = [
        {"person_id": one, "channel": channel, "value": address, "workspace": workspace, "preferred": True}
        for one, address in matched.new.items()
    ]
    insert_missing(session, Address, rows)


def keep_profiles(session: Session, channel: str, workspace: str, told: Mapping[str, ChatProfile]) -> None:
    """Remember what a chat tells of those it calls by these addresses, in the place of what it told before. An import
    takes it up where the directory tells nothing itself."""
    address = table_of(Address)
    there = (address.c.channel == channel) & (address.c.workspace == workspace)
    at = update(address).where(there, address.c.value == bindparam("at"))
    rows = [{"at": value, "language": one.language, "zone": one.zone} for value, one in told.items()]
    if rows:
        session.connection().execute(at, rows)


def forget_workspace(session: Session, channel: str, workspace: str) -> int:
    """What people are called there goes; how many were called something comes back."""
    there = (col(Address.channel) == channel) & (col(Address.workspace) == workspace)
    count = session.exec(select(func.count()).select_from(Address).where(there)).one()
    session.execute(delete(Address).where(there))
    return count


class Place(NamedTuple):
    """Where a chat reaches somebody: its conversation with them, empty where none is known yet, and the address at
    which the chat is spoken to, empty where it has told none."""

    conversation: str
    service_url: str


def place_of(session: Session, channel: str, value: str) -> Place:
    """Where this address is reached; where it has told nothing, by what others of its workspace have told last."""
    own = session.exec(select(Address).where(Address.channel == channel, Address.value == value)).first()
    if own is None or own.service_url:
        return Place((own and own.conversation) or "", (own and own.service_url) or "")
    others = select(Address.service_url).where(Address.channel == channel, Address.workspace == own.workspace)
    told = others.where(col(Address.service_url).is_not(None)).order_by(col(Address.id).desc())
    return Place(own.conversation or "", session.exec(told).first() or "")


def is_at(session: Session, channel: str, value: str, place: Place) -> bool:
    """Whether this address is known to be reached there."""
    own = session.exec(select(Address).where(Address.channel == channel, Address.value == value)).first()
    if own is None or own.unreachable_because is not None:
        return False
    return (own.conversation, own.service_url) == place


def keep_place(session: Session, channel: str, value: str, place: Place) -> bool:
    """The chat has told where it reaches this address; so it does. False where the address is nobody's."""
    own = session.exec(select(Address).where(Address.channel == channel, Address.value == value)).first()
    if own is None:
        return False
    own.conversation, own.service_url, own.unreachable_because = *place, None
    session.add(own)
    return True


def add_address(session: Session, channel: str, workspace: str, value: str, mails: Collection[str]) -> bool:
    """Somebody has come by themselves, and the chat tells their mail: the one active person with that mail is reached
    at this address from now on. Whoever has an address in this workspace keeps it: only a directory changes that."""
    wanted = {one.lower() for one in mails if one}
    found = select(Person.id).join(Address).where(Address.channel == MAIL, col(Person.active).is_(True))
    people = set(session.exec(found.where(func.lower(Address.value).in_(wanted))).all())
    if len(people) != 1:
        return False
    person_id = people.pop() or 0
    has_one = select(Address.id).where(Address.person_id == person_id, Address.channel == channel)
    if session.exec(has_one.where(Address.workspace == workspace)).first() is not None:
        return False
    session.add(Address(person_id=person_id, channel=channel, value=value, workspace=workspace, preferred=True))
    session.flush()
    return True
