"""The accounts of a directory that tells only what has changed: kept page by page, so that a reading that breaks off is
gone on with."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, delete, select, update
from sqlmodel import Session, col

from storage.directory.natural import TEAMS, table_of
from storage.inserting import insert_into
from storage.store import Store
from storage.tables import Account, Address, DirectoryCursor, Person

TOLD = ("number", "name", "mail", "department", "round")
AT_ONCE = 5_000


class AccountRow(NamedTuple):
    """An account as it was last told."""

    address: str
    number: str | None
    name: str
    mail: str | None
    department: str | None
    manager: str | None


@dataclass(frozen=True)
class Page:
    """What one page told. `manager` in `accounts` counts where the address is in `managers_told` too, or else stays as
    it was; `managers` are those of whom nothing else was told. `link` leads on; `is_end`: to what changes later."""

    accounts: Sequence[AccountRow]
    managers_told: frozenset[str]
    managers: Mapping[str, str | None]
    gone: Sequence[str]
    link: str
    is_end: bool


class ReadElsewhere(Exception):
    """Somebody else reads the same directory at the same time."""


def find_cursor(session: Session, name: str, asked: str) -> DirectoryCursor:
    """How far the directory has been read; at the beginning where something else is asked than the last time."""
    kept = session.get(DirectoryCursor, name)
    if kept is None or kept.asked != asked:
        return DirectoryCursor(name=name, asked=asked, round=kept.round + 1 if kept else 1)
    return DirectoryCursor(**kept.model_dump())


def begin_again(cursor: DirectoryCursor) -> DirectoryCursor:
    """The cursor at the beginning of a new round."""
    return DirectoryCursor(name=cursor.name, asked=cursor.asked, round=cursor.round + 1)


def keep_page(session: Session, before: DirectoryCursor, page: Page) -> DirectoryCursor:
    """Store what a page told, and where it leads: both or nothing. Raises ReadElsewhere where the page that was read
    is no longer the next one."""
    kept = session.get(DirectoryCursor, before.name)
    # At the beginning of a round the kept link is that of the round before.
    if kept is not None and before.link and (kept.round, kept.link) != (before.round, before.link):
        raise ReadElsewhere
    is_through = before.is_through or page.is_end
    after = DirectoryCursor(
        name=before.name, link=page.link, is_through=is_through, asked=before.asked, round=before.round
    )
    _keep(session, page, before.round)
    forget(session, page.gone)
    if page.is_end:
        _forget_others(session, before)
    session.merge(after)
    return after


def keep_accounts(session: Session, cursor: DirectoryCursor, accounts: Sequence[AccountRow]) -> None:
    """Store accounts that were read one by one, whole."""
    everybody = frozenset(one.address for one in accounts)
    _keep(session, Page(accounts, everybody, {}, (), "", is_end=False), cursor.round)


def load_accounts(session: Session, name: str) -> Iterator[AccountRow]:
    """Every account of the directory, in the order of the addresses."""
    account = table_of(Account).c
    query = select(*(account[field] for field in AccountRow._fields)).where(_is_of(name)).order_by(account.address)
    rows = session.connection().execute(query.execution_options(yield_per=AT_ONCE))
    return (AccountRow._make(row) for row in rows)


def known_addresses(session: Session, name: str) -> set[str]:
    """The addresses of all accounts of the directory."""
    return set(session.connection().scalars(select(table_of(Account).c.address).where(_is_of(name))))


def forget(session: Session, addresses: Collection[str]) -> None:
    """These accounts are there no more, or are not asked."""
    if addresses:
        account = table_of(Account)
        statement = delete(account).where(account.c.address == bindparam("gone"))
        session.connection().execute(statement, [{"gone": one} for one in addresses])


def tie_to_people(session: Session, name: str, owners: Mapping[str, int]) -> None:
    """Say whose the accounts are, by address; of those that are not among `owners`, whoever has the number, also where
    they are no longer active. What belongs to a person is told and erased with them."""
    account, person = table_of(Account), table_of(Person)
    by_number = account.outerjoin(person, person.c.number == account.c.number)
    query = select(account.c.address, account.c.person_id, person.c.id).select_from(by_number).where(_is_of(name))
    changed = [
        {"of": address, "owner": owner}
        for address, before, same_number in session.connection().execute(query)
        if (owner := owners.get(address, same_number)) != before
    ]
    if changed:
        statement = update(account).where(account.c.address == bindparam("of")).values(person_id=bindparam("owner"))
        session.connection().execute(statement, changed)


def without_app(session: Session) -> list[str]:
    """The addresses in Teams of active people for whom the app was not seen to be installed."""
    query = (
        select(col(Account.address))
        .join(Person, col(Person.id) == col(Account.person_id))
        .join(Address, (col(Address.value) == col(Account.address)) & (col(Address.channel) == TEAMS))
        .where(col(Person.active).is_(True), col(Account.installed_at).is_(None))
        .order_by(col(Account.address))
    )
    return list(session.connection().scalars(query))


def mark_installed(session: Session, address: str, at: datetime) -> None:
    """The app is there: whatever was known to hinder it, doesn't."""
    session.execute(update(Account).where(col(Account.address) == address).values(installed_at=at))
    reached = update(Address).where(col(Address.channel) == TEAMS, col(Address.value) == address)
    session.execute(reached.values(unreachable_because=None))


def copy_directory(source: Store, target: Store, name: str) -> None:
    """What was read of a directory, into a store of its own where it can be read on without changing anything. Nothing
    there refers to a person."""
    account = table_of(Account)
    with source.reading() as reading, target.writing() as writing:
        query = select(account).where(_is_of(name)).execution_options(yield_per=AT_ONCE)
        rows = reading.connection().execute(query)
        for part in rows.mappings().partitions():
            writing.connection().execute(account.insert(), [{**row, "person_id": None} for row in part])
        kept = reading.get(DirectoryCursor, name)
        if kept is not None:
            writing.merge(DirectoryCursor(**kept.model_dump()))


def _keep(session: Session, page: Page, round_: int) -> None:
    account, connection = table_of(Account), session.connection()
    for is_told, fields in ((True, (*TOLD, "manager")), (False, TOLD)):
        rows: list[dict[str, Any]] = [
            {**one._asdict(), "round": round_}
            for one in page.accounts
            if (one.address in page.managers_told) == is_told
        ]
        if rows:
            into: Any = insert_into(account, connection.dialect.name)
            anew = {field: into.excluded[field] for field in fields}
            connection.execute(into.on_conflict_do_update(index_elements=["address"], set_=anew), rows)
    if page.managers:
        statement = update(account).where(account.c.address == bindparam("of")).values(manager=bindparam("by"))
        connection.execute(statement, [{"of": one, "by": by} for one, by in page.managers.items()])


def _forget_others(session: Session, cursor: DirectoryCursor) -> None:
    """Who did not come in a reading from the beginning is there no more."""
    account = table_of(Account)
    session.execute(delete(account).where(account.c.round != cursor.round, _is_of(cursor.name)))


def _is_of(name: str) -> Any:
    return table_of(Account).c.address.startswith(f"{name}:", autoescape=True)
