"""Whose the accounts are, where people come from a file: found by the number, or else by mail."""

from collections.abc import Iterable

from bot.directory.graph.organisation import choose_accounts, read_mail
from storage.accounts import AccountRow
from storage.records import PersonRecord


def find_owners(accounts: Iterable[AccountRow], people: Iterable[PersonRecord]) -> dict[str, str]:
    """Address in Teams -> number of the person, each person once."""
    everybody = list(accounts)
    chosen, _ = choose_accounts(everybody)
    by_mail = {mail: one for one in everybody if (mail := read_mail(one.mail))}
    owners: dict[str, str] = {}
    rest: list[PersonRecord] = []
    for person in people:
        account = chosen.get(person.number)
        if account is None:
            rest.append(person)
        else:
            owners[account.address] = person.number
    for person in rest:
        account = by_mail.get(person.mail or "")
        if account is not None:
            owners.setdefault(account.address, person.number)
    return owners
