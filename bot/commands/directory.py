"""Commands about directories: find those who were let in among the members of a chat."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING

import click

from bot.commands.asking_slack import (
    asking_slack,
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
from storage.directory.chat_addresses import Matched, keep_members, keep_profiles, match_members
from storage.directory.natural import SLACK, ChatProfile
from storage.installations import let_in
from storage.store import Store

if TYPE_CHECKING:  # Slack's library is loaded where it is needed
    from bot.directory.slack import Member


@click.group()
def directory() -> None:
    """Where people come from and where they are: Entra, and the members of a chat."""


@directory.command("slack")
@click.option("--dry-run", is_flag=True, help="Say what would change, and store nothing.")
@click.option("--yes", is_flag=True, help="Go on even if more than a tenth would be reached by Slack no more.")
@click.option(
    "--languages",
    "takes_told",
    is_flag=True,
    help="Take people's language and time zone from Slack too, where the directory tells none; without it, what was "
    "taken before is forgotten. Look with --dry-run first: many have Slack in English and would rather be asked in "
    "Norwegian.",
)
@only_one
def find_in_slack(dry_run: bool, yes: bool, takes_told: bool, only: str | None) -> None:
    """Find the people who were let in among the members of the Slack workspace, by their mail address.

    Nobody is let in by this: who is in Slack alone is counted and left out, as are guests, bots and closed accounts.
    Whoever is found is written to in Slack from then on, and by mail no more unless Slack reaches them no more.

    Where the app is installed in several workspaces, each is stored when it has been read. One that fails stops no
    other; the command ends with 1 then. One that had put the app out and lets it in again is written to again.
    """
    settings, slack = slack_settings_or_stop()
    with closing(open_store()) as store:
        workspaces = choose_workspaces(store, settings, slack, only)
        in_each(workspaces, [partial(_look_into, store, slack, one, dry_run, yes, takes_told) for one in workspaces])


def _look_into(
    store: Store, slack: SlackSettings, one: Workspace, dry_run: bool, yes: bool, takes_told: bool
) -> Sequence[str]:
    """Read one workspace and store what was found, and say so."""
    token, watch = token_of(one), LongWork()
    try:
        workspace, name, members = asyncio.run(_read(slack, token, watch))
    finally:
        watch.end()
    mails = [(one.address, one.mail) for one in members]
    with store.reading() as session:
        matched = match_members(session, SLACK, workspace, mails)
    found = set(matched.known.values())
    profiles = {one.address: ChatProfile(one.language, one.zone) for one in members if one.address in found}
    kept = profiles if takes_told else dict.fromkeys(profiles, ChatProfile())
    said = [_say(matched), *([_say_profiles(profiles)] if takes_told else [])]
    if matched.takes_many_away and not yes:
        raise click.ClickException(
            f"{matched.lost} of {matched.before} people would be reached by Slack no more. "
            "Nothing was stored. Is the app in the right workspace? With --yes it goes on."
        )
    if dry_run:
        return [*said, "This was a dry run: nothing was stored."]
    with store.writing() as session:
        keep_members(session, SLACK, workspace, match_members(session, SLACK, workspace, mails))
        keep_profiles(session, SLACK, workspace, kept)
        let_in(session, SLACK, workspace, name, now())
    return said


def _say_profiles(profiles: Mapping[str, ChatProfile]) -> str:
    """How many have which language and zone there: what the next import takes up."""
    languages = Counter(one.language or "another language" for one in profiles.values())
    zones = Counter(one.zone or "an unknown zone" for one in profiles.values())
    counted = ", ".join(f"{number} {what}" for what, number in (languages + zones).most_common())
    return f"As they have it in Slack: {counted}. The next import takes it up for those of whom it tells none itself."


def _say(matched: Matched) -> str:
    return (
        f"{count(len(matched.known), 'person', 'people')} in Slack, {len(matched.new)} of them new or changed; "
        f"{matched.lost} are there no more. {matched.without} with mail are not in Slack; "
        f"{matched.unknown} in Slack were never let in."
    )


async def _read(settings: SlackSettings, token: str, watch: LongWork) -> "tuple[str, str, list[Member]]":
    """The workspace and its name, and its members."""
    from bot.directory.slack import make_reader, read_members

    client = make_reader(settings, token)
    members: list[Member] = []
    with asking_slack():
        watch.begin("Reading the members of the workspace")
        said = await client.auth_test()
        async for page in read_members(client):
            members += page
    return str(said["team_id"]), str(said.get("team") or said["team_id"]), members
