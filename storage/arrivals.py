"""Arrivals: who comes by a personal link, or from an address that a chat has proven. Each page and each deed begins
with this, so it is one question."""

import hmac
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Select, Table, bindparam, select
from sqlmodel import Session

from storage.directory.natural import table_of
from storage.links import FORM_OF_ID, Purpose, hash_secret
from storage.tables import Address, Link, Person

LINK, PERSON, ADDRESS, OWN_PAGE = table_of(Link), table_of(Person), table_of(Address), table_of(Link).alias("own_page")


class Arrival(NamedTuple):
    """Whoever comes. `home_link` is the id of the link to their own page; None where there is none that is live."""

    person_id: int
    language: str
    is_active: bool
    home_link: str | None


class LinkArrival(NamedTuple):
    """Who comes by a link, and to what; whether or not it has expired or was revoked."""

    arrival: Arrival
    purpose: Purpose
    target: int
    expires_at: datetime
    revoked_at: datetime | None


def _arriving_by(table: Table) -> Select[tuple[int, str, bool, str | None]]:
    is_own_page = (OWN_PAGE.c.person_id == PERSON.c.id) & (OWN_PAGE.c.purpose == Purpose.home.value)
    is_live = OWN_PAGE.c.revoked_at.is_(None) & (OWN_PAGE.c.expires_at > bindparam("at", type_=LINK.c.expires_at.type))
    comes = table.join(PERSON, PERSON.c.id == table.c.person_id)
    whole = comes.outerjoin(OWN_PAGE, is_own_page & (OWN_PAGE.c.target == 0) & is_live)
    return select(PERSON.c.id, PERSON.c.language, PERSON.c.active, OWN_PAGE.c.id).select_from(whole)


# Building a statement anew takes several times as long as running it.
BY_LINK = (
    _arriving_by(LINK)
    .add_columns(LINK.c.purpose, LINK.c.target, LINK.c.expires_at, LINK.c.revoked_at, LINK.c.secret_hash)
    .where(LINK.c.id == bindparam("link"))
)
BY_ADDRESS = _arriving_by(ADDRESS).where(
    ADDRESS.c.channel == bindparam("by"), ADDRESS.c.value == bindparam("called"), PERSON.c.active.is_(True)
)


def find_by_link(session: Session, link_id: str, secret: str, at: datetime) -> LinkArrival | None:
    """Who comes by the link with this id, if the secret is the right one. What has not the form of an id is not asked
    for: PostgreSQL answers a null byte with an error."""
    if not FORM_OF_ID.fullmatch(link_id):
        return None
    row = session.connection().execute(BY_LINK, {"link": link_id, "at": at}).first()
    if row is None or not hmac.compare_digest(row.secret_hash, hash_secret(secret)):
        return None
    return LinkArrival(Arrival._make(row[:4]), Purpose(row.purpose), row.target, row.expires_at, row.revoked_at)


def find_by_address(session: Session, channel: str, value: str, at: datetime) -> Arrival | None:
    """The active person whom a chat calls this."""
    row = session.connection().execute(BY_ADDRESS, {"by": channel, "called": value, "at": at}).first()
    return Arrival._make(row) if row else None
