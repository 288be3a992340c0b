"""The command that lets user groups of Slack be the audience of a poll: `directory slack-groups`."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import closing

import click

from bot.channel_settings import SlackSettings
from bot.commands.asking_slack import asking_slack
from bot.commands.common import now, open_store, settings_or_stop
from bot.commands.directory import choose_workspaces
from bot.commands.long_work import LongWork
from bot.counting import count
from storage import log
from storage.chat_groups import Gathered, find_groups, gather_members, keep_groups
from storage.natural import SLACK


@click.command("slack-groups")
@click.option(
    "--group",
    "chosen",
    multiple=True,
    metavar="@HANDLE=PATH",
    help="A user group of Slack, and the group in Medvirk that its members belong to. May be given several times.",
)
@click.option("--dry-run", is_flag=True, help="Say what would change, and store nothing.")
@click.option("--yes", is_flag=True, help="Go on even if more than a tenth would belong there no more.")
@click.option("--workspace", "only", metavar="T…", help="The workspace, where the app is in several.")
def find_groups_in_slack(chosen: tuple[str, ...], dry_run: bool, yes: bool, only: str | None) -> None:
    """Let the members of Slack's user groups be asked as a group.

    \b
    medvirk directory slack-groups --group "@demens=Solvik kommune / Ressursgruppe demens"

    A poll may then choose the group as its audience. The group itself, and who coordinates it, come from the file of
    people. Nobody is let in by this: who was not found by directory slack is counted and left out. Being in a user
    group gives no right; what comes to the members of a resource group comes to those whom the file names. All groups
    are named each time: whoever is in none of them any more belongs there no more.
    """
    settings = settings_or_stop()
    if settings.slack is None:
        raise click.ClickException("Slack is off: set MEDVIRK_SLACK_TOKEN and MEDVIRK_SLACK_SIGNING_SECRET.")
    pairs = [_read_pair(one) for one in chosen]
    with closing(open_store()) as store:
        workspaces = choose_workspaces(store, settings, settings.slack, only)
        if len(workspaces) > 1:
            raise click.ClickException("The app is in several workspaces: say which with --workspace, one at a time.")
        with store.reading() as session:
            _check_paths([path for _, path in pairs], sorted(find_groups(session)))
        watch, handles = LongWork(), [handle for handle, _ in pairs]
        try:
            workspace, members = asyncio.run(_read(settings.slack, workspaces[0].token, handles, watch))
        finally:
            watch.end()
        groups: dict[str, set[str]] = {}
        for handle, path in pairs:
            groups.setdefault(path, set()).update(members[handle])
        with store.reading() as session:
            gathered = gather_members(session, SLACK, workspace, groups)
        if gathered.takes_many_away and not yes:
            raise click.ClickException(
                f"{len(gathered.old)} of {gathered.before} would belong to their group no more. Nothing was stored. "
                "Is every group named with --group? With --yes it goes on."
            )
        if not dry_run:
            with store.writing() as session:
                again = gather_members(session, SLACK, workspace, groups)
                keep_groups(session, workspace, again)
                log.append(session, now(), "medvirk", "groups read from a chat", f"people:{len(again.new)}")
    for line in _say(gathered):
        click.echo(line)
    if dry_run:
        click.echo("This was a dry run: nothing was stored.")


def _read_pair(text: str) -> tuple[str, str]:
    handle, _, path = text.partition("=")
    handle, path = handle.strip().removeprefix("@"), path.strip()
    if not handle or not path:
        raise click.ClickException(f"«{text}» names no group; write @HANDLE=PATH, as in «@demens=Solvik / Demens».")
    return handle, path


def _check_paths(paths: Sequence[str], known: Sequence[str]) -> None:
    for path in paths:
        if path not in known:
            there = "; ".join(known) if known else "none yet; the file of people makes them"
            raise click.ClickException(f"«{path}» is no group in Medvirk. Groups: {there}.")


def _say(gathered: Gathered) -> Sequence[str]:
    said = [
        f"{path}: {count(inside, 'person', 'people')}; {outside} in Slack were never let in or not found there."
        for path, (inside, outside) in gathered.found.items()
    ]
    return [*said, f"{len(gathered.new)} come in, {len(gathered.old)} go."]


async def _read(
    settings: SlackSettings, token: str, handles: Sequence[str], watch: LongWork
) -> tuple[str, Mapping[str, set[str]]]:
    """The workspace, and the addresses of the members by handle."""
    from bot.directory.slack import make_reader
    from bot.directory.slack_groups import UnknownHandle, read_groups

    client = make_reader(settings, token)
    with asking_slack():
        watch.begin("Reading the user groups of the workspace")
        workspace = str((await client.auth_test())["team_id"])
        try:
            return workspace, await read_groups(client, workspace, handles)
        except UnknownHandle as error:
            there = ", ".join(f"@{one}" for one in error.known) or "none"
            raise click.ClickException(f"Slack has no user group @{error.handle}. It has: {there}.") from None
