"""Slips: a personal link on paper, with a code to type beside it; a new one makes the old one useless."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel import Session, col, select

from storage.addresses import people_reached
from storage.codes import hash_typed_code, make_slip_code
from storage.directory.natural import WEB
from storage.links import Purpose, ensure_link, find_link_for, is_live
from storage.people import home_memberships, people_by_id
from storage.tables import Link, Person, Role
from storage.tables.organisation import RoleName
from storage.units import units_below, units_by_parent


def make_slip_link(
    session: Session, link_key: bytes, code_key: bytes, person_id: int, at: datetime, expires_at: datetime
) -> tuple[str, str]:
    """A new link and code for a slip: (path, code). The person's earlier slips are revoked, link and code, and no
    other way to the person's page is. The code is known only here and on the paper."""
    earlier = session.exec(select(Link).where(Link.person_id == person_id, Link.purpose == Purpose.paper)).all()
    for link in earlier:
        link.revoked_at = link.revoked_at or at
        session.add(link)
    number = max((link.target for link in earlier), default=0) + 1
    path = ensure_link(session, link_key, person_id, Purpose.paper, number, expires_at)
    made = find_link_for(session, person_id, Purpose.paper, number)
    assert made is not None, "the link was made just now"
    code = make_slip_code()
    made.code_hash = _hash(code_key, code)
    session.add(made)
    session.flush()
    return path, code


def find_slip_link(session: Session, code_key: bytes, code: str) -> Link | None:
    """The link that goes with a typed code, whether or not it is live."""
    return session.exec(select(Link).where(Link.code_hash == _hash(code_key, code))).first()


def has_live_slip(session: Session, person_id: int, at: datetime) -> bool:
    links = session.exec(select(Link).where(Link.person_id == person_id, Link.purpose == Purpose.paper))
    return any(is_live(link, at) for link in links)


def count_slips(session: Session, people: Sequence[Person]) -> int:
    """How many slips were ever made for these people; it grows with each printing."""
    ids = {one.id for one in people}
    return sum(one in ids for one in session.exec(select(Link.person_id).where(Link.purpose == Purpose.paper)))


def units_led_from(session: Session, unit_id: int) -> set[int]:
    """The unit, and those below it whose nearest leader is this unit's: where another leads, another hands out."""
    parents = units_by_parent(session)
    led = select(Role.unit_id).join(Person, col(Person.id) == col(Role.person_id))
    with_leader = set(session.exec(led.where(Role.name == RoleName.leader.value, col(Person.active)))) - {unit_id}
    return {one for one in units_below(session).get(unit_id, set()) if _is_led_from(one, unit_id, parents, with_leader)}


def people_in(session: Session, unit_ids: set[int], on: date) -> list[Person]:
    """The active people with their home in one of these units on that day, by name."""
    ids = [home.person_id for home in home_memberships(session, on) if home.unit_id in unit_ids]
    return sorted(people_by_id(session, ids).values(), key=lambda person: (person.name, person.id))


def people_with_another_way(session: Session, channels: set[str]) -> set[int]:
    """Everybody whom a channel in use reaches that comes to the person; the web page waits until they come."""
    return people_reached(session, channels - {WEB})


def _is_led_from(unit_id: int, top_id: int, parents: dict[int, int | None], with_leader: set[int]) -> bool:
    here: int | None = unit_id
    while here is not None and here != top_id:
        if here in with_leader:
            return False
        here = parents.get(here)
    return here == top_id


def _hash(code_key: bytes, code: str) -> str:
    return hash_typed_code(code_key, "slip", code)
