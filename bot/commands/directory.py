"""Commands about directories: find those who were let in among the members of a chat."""

import asyncio
import sys
from contextlib import closing

import click

from bot.channel_settings import SlackSettings
from bot.commands.asking_slack import asking_slack
from bot.commands.common import now, open_store, settings_or_stop
from bot.commands.long_work import LongWork
from bot.counting import count
from bot.settings import Settings
from bot.workspaces import Workspace, find_workspaces
from storage.chat_addresses import Matched, keep_members, match_members
from storage.installations import let_in
from storage.keys import KeyFolder
from storage.natural import SLACK
from storage.store import Store


@click.group()
def directory() -> None:
    """Where people come from and where they are: Entra, and the members of a chat."""


@directory.command("slack")
@click.option("--dry-run", is_flag=True, help="Say what would change, and store nothing.")
@click.option("--yes", is_flag=True, help="Go on even if more than a tenth would be reached by Slack no more.")
@click.option("--workspace", "only", metavar="T…", help="Only this one of several, such as one that failed before.")
def find_in_slack(dry_run: bool, yes: bool, only: str | None) -> None:
    """Find the people who were let in among the members of the Slack workspace, by their mail address.

    Nobody is let in by this: who is in Slack alone is counted and left out, as are guests, bots and closed accounts.
    Whoever is found is written to in Slack from then on, and by mail no more unless Slack reaches them no more.

    Where the app is installed in several workspaces, each is stored when it has been read. One that fails stops no
    other; the command ends with 1 then. One that had put the app out and lets it in again is written to again.
    """
    settings = settings_or_stop()
    if settings.slack is None:
        raise click.ClickException("Slack is off: set MEDVIRK_SLACK_TOKEN and MEDVIRK_SLACK_SIGNING_SECRET.")
    with closing(open_store()) as store:
        workspaces = choose_workspaces(store, settings, settings.slack, only)
        failed = [one for one in workspaces if not _find_in(store, settings.slack, one, dry_run, yes)]
    if failed:
        sys.exit(1)


def choose_workspaces(store: Store, settings: Settings, slack: SlackSettings, only: str | None) -> list[Workspace]:
    with store.reading() as session:
        found = find_workspaces(session, slack, KeyFolder(settings.keys_dir))
    if only is not None:
        found = [one for one in found if one.installed is not None and one.installed.workspace == only]
    if not found:
        what = f"in a workspace {only}" if only else "anywhere"
        raise click.ClickException(f"The app is not installed {what}; medvirk slack list shows where it is.")
    return found


def _find_in(store: Store, slack: SlackSettings, one: Workspace, dry_run: bool, yes: bool) -> bool:
    """Read one workspace and store what was found. False, and why on the terminal, where that failed."""
    name = f"{one.installed.name} ({one.installed.workspace}): " if one.installed is not None else ""
    try:
        click.echo(f"{name}{_look_into(store, slack, one, dry_run, yes)}")
    except click.ClickException as error:
        click.echo(f"Error: {name}{error.message}", err=True)
        return False
    return True


def _look_into(store: Store, slack: SlackSettings, one: Workspace, dry_run: bool, yes: bool) -> str:
    if not one.token:
        raise click.ClickException("nothing opens it any more; install the app there again: medvirk slack install-link")
    watch = LongWork()
    try:
        workspace, name, members = asyncio.run(_read(slack, one.token, watch))
    finally:
        watch.end()
    with store.reading() as session:
        matched = match_members(session, SLACK, workspace, members)
    if matched.takes_many_away and not yes:
        raise click.ClickException(
            f"{matched.lost} of {matched.before} people would be reached by Slack no more. "
            "Nothing was stored. Is the app in the right workspace? With --yes it goes on."
        )
    if dry_run:
        return f"{_say(matched)} This was a dry run: nothing was stored."
    with store.writing() as session:
        keep_members(session, SLACK, workspace, match_members(session, SLACK, workspace, members))
        let_in(session, SLACK, workspace, name, now())
    return _say(matched)


def _say(matched: Matched) -> str:
    return (
        f"{count(len(matched.known), 'person', 'people')} in Slack, {len(matched.new)} of them new or changed; "
        f"{matched.lost} are there no more. {matched.without} with mail are not in Slack; "
        f"{matched.unknown} in Slack were never let in."
    )


async def _read(settings: SlackSettings, token: str, watch: LongWork) -> tuple[str, str, list[tuple[str, str]]]:
    """The workspace and its name, and (address, mail) of its members."""
    from bot.directory.slack import make_reader, read_members

    client = make_reader(settings, token)
    members: list[tuple[str, str]] = []
    with asking_slack():
        watch.begin("Reading the members of the workspace")
        said = await client.auth_test()
        async for page in read_members(client):
            members += page
    return str(said["team_id"]), str(said.get("team") or said["team_id"]), members
