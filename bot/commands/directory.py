"""Commands about where people are: find those who were let in among the members of a chat."""

import asyncio
from contextlib import closing

import click
from sqlmodel import Session

from bot.channel_settings import SlackSettings
from bot.commands.common import open_store, settings_or_stop
from bot.commands.long_work import LongWork
from bot.counting import count
from storage.chat_addresses import Matched, keep_members, match_members
from storage.natural import SLACK


@click.group()
def directory() -> None:
    """Where people are: find those who were let in among the members of a chat."""


@directory.command("slack")
@click.option("--dry-run", is_flag=True, help="Say what would change, and store nothing.")
@click.option("--yes", is_flag=True, help="Go on even if more than a tenth would be reached by Slack no more.")
def find_in_slack(dry_run: bool, yes: bool) -> None:
    """Find the people who were let in among the members of the Slack workspace, by their mail address.

    Nobody is let in by this: who is in Slack alone is counted and left out, as are guests, bots and closed accounts.
    Whoever is found is written to in Slack from then on, and by mail no more unless Slack reaches them no more.
    """
    settings = settings_or_stop()
    if settings.slack is None:
        raise click.ClickException("Slack is off: set MEDVIRK_SLACK_TOKEN and MEDVIRK_SLACK_SIGNING_SECRET.")
    watch = LongWork()
    try:
        workspace, members = asyncio.run(_read(settings.slack, watch))
    finally:
        watch.end()
    with closing(open_store()) as store:
        with store.reading() as session:
            matched = match_members(session, SLACK, workspace, members)
        if matched.takes_many_away and not yes:
            raise click.ClickException(
                f"{matched.lost} of {matched.before} people would be reached by Slack no more. "
                "Nothing was stored. Is the app in the right workspace? With --yes it goes on."
            )
        if not dry_run:
            with store.writing() as session:
                _store(session, workspace, members)
    ending = " This was a dry run: nothing was stored." if dry_run else ""
    click.echo(f"{_say(matched)}{ending}")


def _store(session: Session, workspace: str, members: list[tuple[str, str]]) -> None:
    keep_members(session, SLACK, workspace, match_members(session, SLACK, workspace, members))


def _say(matched: Matched) -> str:
    return (
        f"{count(len(matched.known), 'person', 'people')} in Slack, {len(matched.new)} of them new or changed; "
        f"{matched.lost} are there no more. {matched.without} with mail are not in Slack; "
        f"{matched.unknown} in Slack were never let in."
    )


async def _read(settings: SlackSettings, watch: LongWork) -> tuple[str, list[tuple[str, str]]]:
    """The workspace, and (address, mail) of its members."""
    from slack_sdk.errors import SlackApiError

    from bot.directory.slack import make_reader, read_members

    client = make_reader(settings)
    members: list[tuple[str, str]] = []
    try:
        watch.begin("Reading the members of the workspace")
        workspace = str((await client.auth_test())["team_id"])
        async for page in read_members(client):
            members += page
    except SlackApiError as error:
        said = error.response.get("error", "")
        raise click.ClickException(
            f"Slack refuses the app ({said}); medvirk doctor slack says what is missing."
        ) from None
    except OSError as error:
        raise click.ClickException(f"Slack cannot be reached ({type(error).__name__}). Nothing was stored.") from None
    return workspace, members
