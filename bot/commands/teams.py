"""Commands about Teams: install the app for people. Its package is made by bot.commands.package."""

from collections import Counter
from collections.abc import Sequence
from contextlib import closing

import click

from bot.commands.common import now, open_store
from bot.commands.entra import ask_graph, graph_or_stop
from bot.commands.long_work import LongWork
from bot.counting import count
from bot.directory.graph.answers import Installed
from bot.outbox.pacing import Pacer, Rate
from bot.settings.graph import GraphSettings
from storage.addresses import mark_unreachable
from storage.directory.accounts import mark_installed, without_app
from storage.directory.natural import TEAMS
from storage.store import Store

INSTALL = "install"
PER_SECOND = 4  # https://learn.microsoft.com/graph/throttling-limits#microsoft-teams-service-limits
AGAIN = "For whom it was installed is kept; give the command again to go on from there."
BECAUSE = {"refused": "Teams does not let the app be installed for the person", "unknown": "has no account with Teams"}


@click.group()
def teams() -> None:
    """Microsoft Teams: make the app's package, and install the app for people."""


@teams.command("install")
@click.option("--dry-run", is_flag=True, help="Say for how many it would be installed, and do nothing.")
def install(dry_run: bool) -> None:
    """Install the app in Teams for everybody whom medvirk directory sync has found there.

    Needed: MEDVIRK_GRAPH_TEAMS_APP, and the permission that deploy/entra.md names. Whoever has it already is left as
    they are. Where it cannot be installed for a person, the reason is kept, and they get mail or their own page.
    """
    graph = graph_or_stop()
    if not graph.teams_app:
        raise click.ClickException(
            "MEDVIRK_GRAPH_TEAMS_APP: write the id that the app has in your tenant's own catalogue (Teams admin "
            "center, Manage apps, Medvirk, App ID)."
        )
    watch = LongWork()
    with closing(open_store()) as store:
        with store.reading() as session:
            addresses = without_app(session)
        if dry_run:
            click.echo(f"It would be installed for {count(len(addresses), 'person', 'people')}.")
            return
        try:
            done = ask_graph(lambda: _install(graph, store, addresses, watch), AGAIN)
        finally:
            watch.end()
    _say(done)


async def _install(graph: GraphSettings, store: Store, addresses: Sequence[str], watch: LongWork) -> Counter[Installed]:
    """Everybody is refused where a policy keeps the app out altogether: that is nothing about a single person. So
    refusals are marked only once somebody was not refused."""
    from bot.directory.graph.client import graph_client

    pacer = Pacer({INSTALL: Rate(PER_SECOND)})
    done: Counter[Installed] = Counter()
    refused: list[str] = []
    watch.begin("Installing")
    async with graph_client(graph) as client:
        for place, address in enumerate(addresses, start=1):
            await pacer.wait(INSTALL)
            answer = await client.install_app(address.partition(":")[2], graph.teams_app)
            done[answer] += 1
            if answer is Installed.refused:
                refused.append(address)
            elif answer is Installed.unknown:
                _mark(store, [address], answer)
            else:
                with store.writing() as session:
                    mark_installed(session, address, now())
            if refused and done.total() > done[Installed.refused]:
                _mark(store, refused, Installed.refused)
                refused = []
            watch.reach(place / len(addresses))
    return done


def _mark(store: Store, addresses: Sequence[str], why: Installed) -> None:
    with store.writing() as session:
        for address in addresses:
            mark_unreachable(session, TEAMS, address, BECAUSE[why])


def _say(done: Counter[Installed]) -> None:
    if done[Installed.refused] and done[Installed.refused] == done.total():
        raise click.ClickException(
            f"Teams refused all {done.total()}: it is not about single people, so nobody was marked. Is the app "
            "allowed in the tenant (Teams admin center, Manage apps), and is it this app's own registration that asks?"
        )
    click.echo(
        f"Installed for {count(done[Installed.yes], 'person', 'people')}; {done[Installed.already]} had it already. "
        f"{done[Installed.refused]} were refused, {done[Installed.unknown]} have no account with Teams; these get mail "
        "or their own page."
    )
