"""The command that reads people, groups and addresses from Entra: `directory sync`."""

from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date

import click
from sqlmodel import Session, col, select

from bot.commands.common import now, open_store, settings_or_stop
from bot.commands.entra import ask_graph, graph_or_stop, mapping_or_stop
from bot.commands.long_work import LongWork
from bot.commands.taking_in import (
    TakesMany,
    deactivates_many,
    do_or_ask,
    look_into_store,
    passing_store,
    tell_all,
    tell_leaderless,
)
from bot.counting import count
from bot.directory.graph.groups import put_groups
from bot.directory.graph.mapping import Mapping
from bot.directory.graph.organisation import make_organisation
from bot.directory.graph.owners import find_owners
from bot.directory.graph.reading import Groups, Reading
from bot.directory.words import describe, describe_roles, summarise
from bot.settings.graph import GraphSettings
from flows.schedule import read_local
from storage.directory import storing as directory
from storage.directory.accounts import copy_directory, load_accounts, tie_to_people
from storage.directory.chat_addresses import Matched, compare_addresses, keep_members, numbers_by_address
from storage.directory.difference import Difference, find_difference
from storage.directory.kept import load_organisation
from storage.directory.natural import TEAMS
from storage.directory.records import Organisation
from storage.store import Store
from storage.tables import Person

AGAIN = "What was read is kept; give the command again to go on from there."
DOUBT = "Is the mapping right, and does the app see everybody?"


@dataclass(frozen=True)
class Told:
    """What the accounts and groups make of the organisation. `owners`: address in Teams -> number."""

    organisation: Organisation | None  # None where nothing of it comes from Entra
    owners: dict[str, str]
    accounts: int
    left_out: Counter[str]
    tied: list[str] = field(default_factory=list)
    held: int = 0
    without_mail: int = 0


@dataclass(frozen=True)
class Outcome:
    told: Told
    difference: Difference | None
    matched: Matched


@click.command("sync")
@click.option("--dry-run", is_flag=True, help="Say what would change, person by person, and store nothing.")
@click.option("--yes", is_flag=True, help="Go on even if more than a tenth would be deactivated or reached no more.")
@click.option("--whole", is_flag=True, help="Read every account, and not only those that have changed.")
def sync(dry_run: bool, yes: bool, whole: bool) -> None:
    """Read from Entra who works here or how people are reached in Teams, as the mapping file says.

    Where people come from a file, nobody comes in or leaves by this: people are found by number or mail, and resource
    groups get their members. Where people come from Entra (people: entra in the mapping), those whose account is
    closed or gone are deactivated, never deleted. Guests are left out.

    The first reading takes all accounts; later ones only what has changed. One that breaks off is gone on with.
    """
    graph = graph_or_stop()
    mapping = mapping_or_stop(graph)
    watch = LongWork()
    try:
        outcome, unwanted = _look(graph, mapping, watch, whole) if dry_run else _sync(graph, mapping, watch, whole, yes)
    finally:
        watch.end()
    _say(outcome, unwanted, mapping)
    if dry_run:
        click.echo("This was a dry run: nothing was stored.")


def _sync(graph: GraphSettings, mapping: Mapping, watch: LongWork, whole: bool, yes: bool) -> tuple[Outcome, int]:
    with closing(open_store(is_made=mapping.is_source)) as store:
        groups, unwanted = _read(graph, store, mapping, watch, whole)

        def work(may_take_many: bool) -> Outcome:
            watch.begin("Comparing")
            with store.writing() as session:
                told = _tell(session, session, graph.tenant_id, mapping, groups)
                return _store(session, graph.tenant_id, told, watch, may_take_many=may_take_many)

        return do_or_ask(work, watch, yes=yes), unwanted


def _look(graph: GraphSettings, mapping: Mapping, watch: LongWork, whole: bool) -> tuple[Outcome, int]:
    """The same, with the reading in a store that is gone afterwards."""
    with look_into_store() as store, passing_store() as passing:
        copy_directory(store, passing, graph.tenant_id)
        groups, unwanted = _read(graph, passing, mapping, watch, whole)
        watch.begin("Comparing")
        with store.reading() as session, passing.reading() as accounts:
            told = _tell(session, accounts, graph.tenant_id, mapping, groups)
            difference = find_difference(session, told.organisation, _today()) if told.organisation else None
            matched = _match(session, graph.tenant_id, told)
    watch.end()
    tell_all(describe(difference) if difference else ())
    return Outcome(told, difference, matched), unwanted


def _read(graph: GraphSettings, store: Store, mapping: Mapping, watch: LongWork, whole: bool) -> tuple[Groups, int]:
    """Who is in which group, and how many accounts had a national identity number as theirs."""
    from bot.directory.graph.client import graph_client

    async def read() -> tuple[Groups, int]:
        async with graph_client(graph) as client:
            reading = Reading(client, store, graph.tenant_id, mapping, watch)
            return await reading.read(is_whole=whole), reading.with_identity_number

    return ask_graph(read, AGAIN)


def _tell(session: Session, accounts: Session, tenant: str, mapping: Mapping, groups: Groups) -> Told:
    everybody = list(load_accounts(accounts, tenant))
    kept, known = load_organisation(session), numbers_by_address(session, TEAMS, tenant)
    if mapping.is_source:
        found = make_organisation(everybody, groups.members, mapping, kept, known)
        told = found.organisation, found.owners, len(everybody), found.left_out, found.tied
        return Told(*told, held=found.held, without_mail=found.without_mail)
    owners, left_out = find_owners(everybody, kept.people, known)
    organisation = None
    if mapping.resource_groups:
        numbers = {group: {owners[one] for one in found if one in owners} for group, found in groups.members.items()}
        organisation = put_groups(kept, mapping.resource_groups, numbers)
    return Told(organisation, owners, len(everybody), left_out)


def _store(session: Session, tenant: str, told: Told, watch: LongWork, *, may_take_many: bool) -> Outcome:
    difference = find_difference(session, told.organisation, _today()) if told.organisation else None
    if difference is not None:
        if difference.takes_many_away and not may_take_many:
            raise deactivates_many("Entra", difference, DOUBT, "give it again")
        if not difference.is_empty:
            watch.begin("Storing")
        directory.apply(session, difference, now())
    matched = _match(session, tenant, told)
    if matched.takes_many_away and not may_take_many and not (difference and difference.gone):
        says = f"{matched.lost} of {matched.before} people would be reached by Teams no more. {DOUBT}"
        raise TakesMany(says, "Go on?", "give it again")
    keep_members(session, TEAMS, tenant, matched)
    tie_to_people(session, tenant, {address: person_id for person_id, address in matched.known.items()})
    return Outcome(told, difference, matched)


def _match(session: Session, tenant: str, told: Told) -> Matched:
    active = dict(session.exec(select(Person.number, Person.id).where(col(Person.active).is_(True))).all())
    known = {id_: address for address, number in told.owners.items() if (id_ := active.get(number))}
    unknown, without = told.accounts - len(known), len(active) - len(known)
    # Whom Teams does not reach is marked by Teams and by the installing of the app, not by there being an account.
    return compare_addresses(session, TEAMS, tenant, known, unknown=unknown, without=without, mends=False)


def _say(outcome: Outcome, unwanted: int, mapping: Mapping) -> None:
    told, matched, difference = outcome.told, outcome.matched, outcome.difference
    tell_all(describe_roles(difference) if difference else ())
    if mapping.is_source and difference is not None and not difference.is_empty and told.organisation:
        tell_leaderless(told.organisation, _today())
    for path in told.tied:
        click.echo(f"{path}: several people are manager of as many there, so nobody was made its leader", err=True)
    for why, number in sorted(told.left_out.items()):
        click.echo(f"Left out: {count(number, 'account')} {why}", err=True)
    if told.held:
        says = "stays as it was" if told.held == 1 else "stay as they were"
        click.echo(f"{count(told.held, 'person', 'people')} {says}, since several accounts have the number", err=True)
    if told.without_mail:
        people = count(told.without_mail, "person has", "people have")
        click.echo(f"{people} a mail that several accounts have, so it is not used for them", err=True)
    if unwanted:
        click.echo(
            f"{count(unwanted, 'account')} had a national identity number in {mapping.number}; it was not kept. "
            "Choose another attribute.",
            err=True,
        )
    click.echo(f"Entra: {summarise(difference)}." if difference else "Entra: people and units come from elsewhere.")
    reached, same = len(told.owners), len(matched.known) - len(matched.new)
    click.echo(
        f"{count(reached, 'person', 'people')} in Teams, {reached - same} of them new or changed; "
        f"{matched.lost} are there no more. {count(told.accounts - reached, 'account')} are nobody's here."
    )
    if matched.without and not mapping.is_source:
        click.echo(f"{count(matched.without, 'person has', 'people have')} no account that was found.")


def _today() -> date:
    return read_local(now(), settings_or_stop().zone).date()
