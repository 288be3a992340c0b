"""An organisation from accounts, groups and the mapping; what Entra does not know stays as it is kept."""

from collections import Counter
from collections.abc import Collection, Iterable
from collections.abc import Mapping as Map
from dataclasses import dataclass, field, replace
from typing import NamedTuple, TypeVar

from bot.directory import values
from bot.directory.graph.groups import put_groups
from bot.directory.graph.leaders import find_leaders
from bot.directory.graph.mapping import Mapping, UnitSource
from storage.directory.accounts import AccountRow
from storage.directory.records import MembershipRecord, Organisation, PersonRecord, RoleRecord, UnitRecord, walk_path
from storage.tables.organisation import MembershipKind, RoleName

WITHOUT_NUMBER = "without the number"
WITHOUT_NAME = "without a name that can be used"
SAME_NUMBER = "with a number that several accounts have"
SAME_MAIL = "with a mail that several accounts have"
IN_NO_UNIT = "in no unit of the mapping file"

R = TypeVar("R", MembershipRecord, RoleRecord)


@dataclass
class Found:
    """`owners`: the address in Teams of everybody who comes in -> number. `left_out`: how many accounts did not, by
    the reason; `tied`: units where several people could be the leader; `held`: how many stay as they were, since
    several accounts have their number; `without_mail`: how many come in without theirs, since several have it."""

    organisation: Organisation
    owners: dict[str, str]
    left_out: Counter[str] = field(default_factory=Counter)
    tied: list[str] = field(default_factory=list)
    held: int = 0
    without_mail: int = 0


class Choice(NamedTuple):
    """`chosen`: number -> account; `shared`: number -> how many have it, where it cannot be told whose it is;
    `without`: how many have none."""

    chosen: dict[str, AccountRow]
    shared: dict[str, int]
    without: int


def make_organisation(
    accounts: Iterable[AccountRow],
    members: Map[str, frozenset[str]],
    mapping: Mapping,
    kept: Organisation,
    known: Map[str, str],
) -> Found:
    """`members`: group -> addresses. `known`: address in Teams -> number, as it is kept. `kept`: the organisation
    until now; from it come employers, hours, leave, mobile numbers, preferred channels, and the roles that the
    mapping says nothing about."""
    chosen, shared, without = choose_accounts(accounts, known)
    left_out = +Counter({WITHOUT_NUMBER: without, SAME_NUMBER: sum(shared.values())})
    before = {one.number: one for one in kept.people}
    homes_before = {one.number: one for one in kept.memberships if one.kind is MembershipKind.home}
    sources = _Sources(members, mapping)
    people: list[PersonRecord] = []
    memberships: list[MembershipRecord] = []
    owners: dict[str, str] = {}
    held = shared.keys() & before.keys()
    mails = Counter(mail for one in chosen.values() if (mail := read_mail(one.mail)))
    mails.update(mail for number in held if (mail := before[number].mail))
    for number, account in chosen.items():
        own = _find_units(number, sources.of(account), homes_before.get(number))
        person = _make_person(number, account, before.get(number), mapping, mails)
        if person is None or not own:
            left_out[WITHOUT_NAME if person is None else IN_NO_UNIT] += 1
            continue
        people.append(person)
        memberships += own
        owners[account.address] = number
    by_number = {group: [owners[one] for one in found if one in owners] for group, found in members.items()}
    paths = {above for source in mapping.units for above in walk_path(source.path)}
    paths |= {above for role in mapping.roles for above in walk_path(role.path)} - mapping.group_paths
    leaders, tied = _lead(memberships, chosen, owners, paths, kept) if mapping.leaders == "manager" else ({}, [])
    organisation = Organisation(
        units=tuple(UnitRecord(path) for path in sorted(paths)),
        people=tuple(people),
        memberships=tuple(memberships),
        roles=tuple(_find_roles(mapping, kept, leaders, by_number, paths | mapping.group_paths)),
    )
    organisation = _hold(put_groups(organisation, mapping.resource_groups, by_number), kept, held)
    without_mail = sum(one.mail is None and read_mail(chosen[one.number].mail) is not None for one in people)
    return Found(organisation, owners, left_out, tied, len(held), without_mail)


def choose_accounts(accounts: Iterable[AccountRow], known: Map[str, str]) -> Choice:
    """Of several accounts with one number it is the one that is `known` as the person's (address -> number); or else
    the one with mail, since the other may be one for administrators."""
    without = 0
    by_number: dict[str, list[AccountRow]] = {}
    for one in accounts:
        number = _clean(one.number)
        if number is None:
            without += 1
        else:
            by_number.setdefault(number, []).append(one)
    chosen: dict[str, AccountRow] = {}
    shared: dict[str, int] = {}
    for number, own in by_number.items():
        usual = own if len(own) == 1 else find_known(own, number, known) or [one for one in own if one.mail]
        if len(usual) == 1:
            chosen[number] = usual[0]
        else:
            shared[number] = len(own)
    return Choice(chosen, shared, without)


def find_known(accounts: Iterable[AccountRow], number: str, known: Map[str, str]) -> list[AccountRow]:
    """Those that are known as this person's."""
    return [one for one in accounts if known.get(one.address) == number]


def _hold(organisation: Organisation, kept: Organisation, numbers: Collection[str]) -> Organisation:
    """With these people as they are kept: that another account has got their number takes nobody away."""
    paths = {one.path for one in organisation.units}
    return replace(
        organisation,
        people=(*organisation.people, *(one for one in kept.people if one.number in numbers)),
        memberships=(*organisation.memberships, *_keep(kept.memberships, numbers, paths)),
        roles=tuple(dict.fromkeys((*organisation.roles, *_keep(kept.roles, numbers, paths)))),
    )


def _keep(records: Iterable[R], numbers: Collection[str], paths: Collection[str]) -> Iterable[R]:
    return [one for one in records if one.number in numbers and one.path in paths]


def _make_person(
    number: str, account: AccountRow, before: PersonRecord | None, mapping: Mapping, mails: Map[str, int]
) -> PersonRecord | None:
    """`mails`: how many have each. One that several have reaches whom it reached before, or nobody."""
    name = _clean(account.name)
    if name is None:
        return None
    mail = read_mail(account.mail)
    if mail and mails[mail] > 1 and (before is None or before.mail != mail):
        mail = None
    person = before or PersonRecord(number, name, language=mapping.language)
    preferred = person.preferred if person.preferred != "mail" or mail else None
    return replace(person, name=name, mail=mail, preferred=preferred)


def read_mail(text: str | None) -> str | None:
    """A mail address as it is kept, or None."""
    try:
        return values.read_mail(values.clean(text)) if text else None
    except ValueError:
        return None


def _clean(text: str | None) -> str | None:
    try:
        return values.clean(text or "") or None
    except ValueError:
        return None


class _Sources:
    """Which units of the mapping an account is in, in the order of the file."""

    def __init__(self, members: Map[str, frozenset[str]], mapping: Mapping) -> None:
        self._by_address: dict[str, list[int]] = {}
        self._by_department: dict[str, list[int]] = {}
        self._units = mapping.units
        for place, source in enumerate(mapping.units):
            for address in members[source.group] if source.group else ():
                self._by_address.setdefault(address, []).append(place)
            if source.department:
                self._by_department.setdefault(source.department.casefold(), []).append(place)

    def of(self, account: AccountRow) -> list[UnitSource]:
        department = (account.department or "").strip().casefold()
        places = {*self._by_address.get(account.address, ()), *self._by_department.get(department, ())}
        return [self._units[place] for place in sorted(places)]


def _find_units(number: str, sources: list[UnitSource], before: MembershipRecord | None) -> list[MembershipRecord]:
    """Where a person belongs. Whoever is in a group within a group is in both, so of two units one above the other it
    is the lower. The home is what it was, or else the first in the mapping."""
    found: dict[str, UnitSource] = {}
    for source in sources:
        found.setdefault(source.path, source)
    above = {way for path in found for way in walk_path(path) if way != path}
    lowest = [path for path in found if path not in above]
    home = before.path if before and before.path in lowest else next(iter(lowest), None)
    return [
        MembershipRecord(
            number,
            path,
            MembershipKind.home if path == home else MembershipKind.other,
            found[path].employer or (before.employer if before else next(walk_path(path))),
        )
        for path in lowest
    ]


def _lead(
    memberships: Iterable[MembershipRecord],
    chosen: Map[str, AccountRow],
    owners: Map[str, str],
    units: Iterable[str],
    kept: Organisation,
) -> tuple[dict[str, str], list[str]]:
    homes: dict[str, list[str]] = {}
    for one in memberships:
        if one.kind is MembershipKind.home:
            homes.setdefault(one.path, []).append(one.number)
    managers = {
        number: owners[account.manager]
        for number, account in chosen.items()
        if account.address in owners and account.manager is not None and account.manager in owners
    }
    now: dict[str, set[str]] = {}
    for role in kept.roles:
        if role.name is RoleName.leader:
            now.setdefault(role.path, set()).add(role.number)
    return find_leaders(homes, managers, set(units), now)


def _find_roles(
    mapping: Mapping,
    kept: Organisation,
    leaders: Map[str, str],
    by_number: Map[str, Iterable[str]],
    paths: Collection[str],
) -> Iterable[RoleRecord]:
    told = {one.role for one in mapping.roles} | ({RoleName.leader} if mapping.leaders == "manager" else set())
    roles = [one for one in kept.roles if one.name not in told and one.path in paths]
    roles += [RoleRecord(number, path, RoleName.leader) for path, number in leaders.items()]
    for one in mapping.roles:
        roles += [RoleRecord(number, one.path, one.role) for number in sorted(by_number[one.group])]
    return dict.fromkeys(roles)
