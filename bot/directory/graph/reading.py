"""A reading of Entra: groups first, then the accounts page by page, each kept before the next is asked for."""

import asyncio
import hashlib
import json
from collections.abc import Mapping as Map
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from bot.directory.graph.answers import LinkExpired, may_be_asked
from bot.directory.graph.mapping import EXTENSION, Mapping
from bot.directory.identity import contains_identity_number
from storage.directory.accounts import (
    AccountRow,
    Page,
    begin_again,
    find_cursor,
    forget,
    keep_accounts,
    keep_page,
    known_addresses,
)
from storage.store import Store
from storage.tables import DirectoryCursor

if TYPE_CHECKING:
    from bot.directory.graph.client import GraphClient

MANAGER, REMOVED = "manager@delta", "@removed"
GROUPS_AT_ONCE = 8  # a municipality may have thousands, and each is asked for by itself
ONE_BY_ONE = 50  # accounts that are kept together, where each is asked for by itself


class Watch(Protocol):
    """Is told how far a long piece of work has come."""

    def begin(self, part: str) -> None: ...

    def reach(self, share: float) -> None: ...


@dataclass(frozen=True)
class Groups:
    """Who is in which group, by address; `inside` is who may be let in, None where that is everybody."""

    members: Map[str, frozenset[str]]
    inside: frozenset[str] | None


class Reading:
    """Reads the accounts of one tenant into a store. `with_identity_number` counts those whose number is a national
    identity number: it is never kept."""

    def __init__(self, client: "GraphClient", store: Store, tenant: str, mapping: Mapping, watch: Watch) -> None:
        self._client, self._store, self._tenant, self._mapping, self._watch = client, store, tenant, mapping, watch
        self._select = list(mapping.select)
        self.with_identity_number = 0

    async def read(self, *, is_whole: bool = False) -> Groups:
        """The groups as they are now; the accounts are in the store afterwards. `is_whole`: from the beginning. Raises
        GraphRefuses and GraphAway; the next reading goes on where this one broke off."""
        groups = await self._read_groups()
        self._watch.begin("Reading accounts")
        with self._store.reading() as session:
            cursor = find_cursor(session, self._tenant, self._name_what_is_asked())
            known = known_addresses(session, self._tenant)
        if is_whole and cursor.is_through:
            cursor = begin_again(cursor)
        try:
            cursor = await self._follow(cursor, known, groups)
        except LinkExpired:
            cursor = await self._follow(begin_again(cursor), known, groups)
        await self._read_what_is_missing(cursor, groups)
        return groups

    async def _read_groups(self) -> Groups:
        self._watch.begin("Reading groups")
        asked = self._mapping.groups
        members: dict[str, frozenset[str]] = {}
        same: dict[str, str] = {}  # one text for each address, however many groups have it
        waiting = iter(asked.items())

        async def read_one_after_another() -> None:
            for group, place in waiting:
                names = [self._name(one) async for page in self._client.read_members(group, place) for one in page]
                members[group] = frozenset(same.setdefault(one, one) for one in names)
                self._watch.reach(len(members) / len(asked))

        await asyncio.gather(*(read_one_after_another() for _ in range(GROUPS_AT_ONCE)))
        only = [members[group] for group in self._mapping.only]
        return Groups(members, frozenset().union(*only) if only else None)

    async def _follow(self, cursor: DirectoryCursor, known: set[str], groups: Groups) -> DirectoryCursor:
        while True:
            answer = await self._client.read_changes(self._select, cursor.link)
            page = await self._read_page(answer, cursor, known, groups)
            with self._store.writing() as session:
                cursor = keep_page(session, cursor, page)
            known |= {one.address for one in page.accounts}
            known -= set(page.gone)
            if page.is_end:
                return cursor

    async def _read_page(self, answer: Map[str, Any], cursor: DirectoryCursor, known: set[str], groups: Groups) -> Page:
        # The same account may come more than once: what is told last holds.
        told: dict[str, dict[str, Any]] = {}
        for one in answer.get("value", ()):
            address = self._name(one["id"])
            told[address] = one if REMOVED in one else {**told.get(address, {}), **one}
        accounts: dict[str, AccountRow] = {}
        managers: dict[str, str | None] = {}
        gone: list[str] = []
        whole: set[str] = set()
        for address, one in told.items():
            if MANAGER in one and len(one) == 2:  # nothing but the manager has changed
                managers[address] = self._find_manager(one)
            elif REMOVED in one or not self._is_inside(address, one, groups):
                gone.append(address)
            elif cursor.is_through and address not in known and MANAGER not in one:
                # It was out and is back, so what has not changed since is not told.
                found = await self._client.read_account(one["id"], self._select)
                if found is not None and may_be_asked(found):
                    accounts[address] = self._make_account(address, found)
                    whole.add(address)
            else:
                accounts[address] = self._make_account(address, one)
                whole |= {address} if MANAGER in one else set()
        following, end = answer.get("@odata.nextLink", ""), answer.get("@odata.deltaLink", "")
        return Page(list(accounts.values()), frozenset(whole), managers, gone, following or end, is_end=not following)

    def _is_inside(self, address: str, account: Map[str, Any], groups: Groups) -> bool:
        return may_be_asked(account) and (groups.inside is None or address in groups.inside)

    async def _read_what_is_missing(self, cursor: DirectoryCursor, groups: Groups) -> None:
        """A group may have got or lost members without anything changing in their accounts."""
        if groups.inside is None:
            return
        with self._store.reading() as session:
            known = known_addresses(session, self._tenant)
        found: list[AccountRow] = []
        missing = sorted(groups.inside - known)
        for done, address in enumerate(missing, start=1):
            one = await self._client.read_account(address.partition(":")[2], self._select)
            if one is not None and may_be_asked(one):
                found.append(self._make_account(address, one))
            if len(found) == ONE_BY_ONE or (found and done == len(missing)):
                with self._store.writing() as session:
                    keep_accounts(session, cursor, found)
                found = []
        if outside := known - groups.inside:
            with self._store.writing() as session:
                forget(session, outside)

    def _make_account(self, address: str, said: Map[str, Any]) -> AccountRow:
        number = self._find_number(said)
        if number and contains_identity_number(number):
            self.with_identity_number += 1
            number = None
        return AccountRow(
            address=address,
            number=number,
            name=said.get("displayName") or "",
            mail=said.get("mail"),
            department=said.get("department"),
            manager=self._find_manager(said),
        )

    def _find_number(self, said: Map[str, Any]) -> str | None:
        number = self._mapping.number
        if number.startswith(EXTENSION):
            place = number.removeprefix(EXTENSION)
            return (said.get("onPremisesExtensionAttributes") or {}).get(f"extensionAttribute{place}")
        return said["id"] if number == "object_id" else said.get("employeeId")

    def _find_manager(self, said: Map[str, Any]) -> str | None:
        told = said.get(MANAGER) or ([said["manager"]] if said.get("manager") else [])
        return next((self._name(one["id"]) for one in told if REMOVED not in one), None)

    def _name(self, object_id: str) -> str:
        return f"{self._tenant}:{object_id}".lower()

    def _name_what_is_asked(self) -> str:
        """Where this changes, what was told before is not enough."""
        mapping = self._mapping
        asked = [sorted(mapping.select), mapping.number, sorted(mapping.only)]
        return hashlib.sha256(json.dumps(asked).encode()).hexdigest()[:16]
