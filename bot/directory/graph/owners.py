"""Whose the accounts are, where people come from a file: found by the number, or else by mail."""

from collections import Counter
from collections.abc import Iterable, Mapping

from bot.directory.graph.organisation import SAME_MAIL, SAME_NUMBER, choose_accounts, find_known, read_mail
from storage.directory.accounts import AccountRow
from storage.directory.records import PersonRecord


def find_owners(
    accounts: Iterable[AccountRow], people: Iterable[PersonRecord], known: Mapping[str, str]
) -> tuple[dict[str, str], Counter[str]]:
    """Address in Teams -> number of the person, each person once; and how many accounts were left out by the reason,
    since several have what somebody would be found by and none is `known` (address -> number) as theirs."""
    everybody = list(accounts)
    chosen, shared, _ = choose_accounts(everybody, known)
    by_mail: dict[str, list[AccountRow]] = {}
    for one in everybody:
        if mail := read_mail(one.mail):
            by_mail.setdefault(mail, []).append(one)
    owners: dict[str, str] = {}
    left_out: Counter[str] = Counter()
    rest: list[PersonRecord] = []
    for person in people:
        account = chosen.get(person.number)
        if account is not None:
            owners[account.address] = person.number
        elif person.number in shared:
            left_out[SAME_NUMBER] += shared[person.number]
        else:
            rest.append(person)
    for person in rest:
        own = by_mail.get(person.mail or "", [])
        found = own if len(own) == 1 else find_known(own, person.number, known)
        if len(found) == 1:
            owners.setdefault(found[0].address, person.number)
        else:
            left_out.update({SAME_MAIL: len(own)} if own else {})
    return owners, left_out
