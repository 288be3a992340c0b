"""The command that lets user groups of Slack be the audience of a poll: `directory slack-groups`."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING

import click

from bot.commands.asking_slack import (
    asking_slack,
    attempt,
    choose_workspaces,
    in_each,
    only_one,
    slack_settings_or_stop,
    token_of,
)
from bot.commands.common import now, open_store
from bot.commands.long_work import LongWork
from bot.counting import count
from bot.installations.workspaces import Workspace
from bot.settings.channels import SlackSettings
from storage import log
from storage.directory.chat_groups import Gathered, find_groups, gather_members, keep_groups
from storage.directory.natural import SLACK
from storage.store import Store

if TYPE_CHECKING:
    from bot.directory.slack_groups import Groups


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
@only_one
def find_groups_in_slack(chosen: tuple[str, ...], dry_run: bool, yes: bool, only: str | None) -> None:
    """Let the members of Slack's user groups be asked as a group.

    \b
    medvirk directory slack-groups --group "@demens=Solvik kommune / Ressursgruppe demens"

    A poll may then choose the group as its audience. The group itself, and who coordinates it, come from the file of
    people. Nobody is let in by this: who was not found by directory slack is counted and left out. Being in a user
    group gives no right; what comes to the members of a resource group comes to those whom the file names. All groups
    are named each time: whoever is in none of them any more belongs there no more.

    Where the app is installed in several workspaces, a user group is looked for in all of them, and those who are in it
    in any belong to the group; with --workspace, what the others have said stays. One that fails stops no other; the
    command ends with 1 then.
    """
    settings, slack = slack_settings_or_stop()
    pairs = [_read_pair(one) for one in chosen]
    with closing(open_store()) as store:
        workspaces = choose_workspaces(store, settings, slack, only)
        with store.reading() as session:
            _check_paths([path for _, path in pairs], sorted(find_groups(session)))
        handles = [handle for handle, _ in pairs]
        read = [attempt(partial(_read, slack, one, handles)) for one in workspaces]
        _check_handles(handles, read)
        in_each(workspaces, [partial(_keep, store, pairs, one, dry_run, yes) for one in read])


def _keep(
    store: Store, pairs: Sequence[tuple[str, str]], read: Callable[[], "Groups"], dry_run: bool, yes: bool
) -> Sequence[str]:
    """Store who is in the groups by one workspace, and say so."""
    workspace, _, members = read()
    groups: dict[str, set[str]] = {}
    for handle, path in pairs:
        groups.setdefault(path, set()).update(members.get(handle, ()))
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
    lacking = [f"There is no user group @{one}." for one, _ in pairs if one not in members]
    return [*lacking, *_say(gathered), *(["This was a dry run: nothing was stored."] if dry_run else [])]


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


def _check_handles(handles: Sequence[str], read: Sequence[Callable[[], "Groups"]]) -> None:
    """Each is in one workspace at least, as far as all have said which they have."""
    try:
        known = sorted({handle for one in read for handle in one().known})
    except click.ClickException:  # told of where its turn comes
        return
    for handle in handles:
        if handle not in known:
            there = ", ".join(f"@{one}" for one in known) or "none"
            raise click.ClickException(f"Slack has no user group @{handle}. It has: {there}.")


def _read(slack: SlackSettings, one: Workspace, handles: Sequence[str]) -> "Groups":
    from bot.directory.slack import make_reader
    from bot.directory.slack_groups import read_groups

    client, watch = make_reader(slack, token_of(one)), LongWork()

    async def ask() -> "Groups":
        watch.begin("Reading the user groups of the workspace")
        return await read_groups(client, str((await client.auth_test())["team_id"]), handles)

    try:
        with asking_slack():
            return asyncio.run(ask())
    finally:
        watch.end()
