"""Commands about the app in Slack's workspaces: how it comes into several, where it is, and where it is forgotten."""

from contextlib import closing

import click

from bot.channels.slack.invitations import INSTALL, INVITATION_LIVES, INVITE, name_workspace, sign
from bot.commands.common import now, open_store, settings_or_stop, warn_of_own_address
from storage import log as the_log
from storage.directory.chat_addresses import forget_workspace
from storage.directory.chat_groups import forget_groups
from storage.directory.natural import SLACK
from storage.installations import forget as forget_installation
from storage.installations import installations
from storage.keys import KeyFolder


@click.group()
def slack() -> None:
    """The app in Slack's workspaces: let it into several, see where it is, and forget where it is no more."""


@slack.command("install-link")
@click.argument("workspace")
def write_install_link(workspace: str) -> None:
    """Print a link by which the app can be installed in WORKSPACE, and nowhere else, for one hour.

    WORKSPACE is its address, such as solvik.slack.com, or its id, such as T0123ABCD. Give the link to somebody who may
    install apps there. It is no secret, but do not hand it to strangers.
    """
    settings = settings_or_stop()
    if settings.slack is None or not settings.slack.is_for_several:
        raise click.ClickException(
            "The app is for one workspace, by MEDVIRK_SLACK_TOKEN. For several, set MEDVIRK_SLACK_CLIENT_ID and "
            "MEDVIRK_SLACK_CLIENT_SECRET in its place."
        )
    named = name_workspace(workspace)
    if not named:
        raise click.BadParameter(f"{workspace!r} is no workspace; write its address, such as solvik.slack.com.")
    warn_of_own_address(settings)
    key = KeyFolder(settings.keys_dir).server_secret("invitations")
    until = now() + INVITATION_LIVES
    click.echo(f"{settings.base_url}{INSTALL}/{sign(key, INVITE, named, until)}")


@slack.command("list")
def show_workspaces() -> None:
    """Show where the app is installed, and where it was put out."""
    settings = settings_or_stop()
    with closing(open_store()) as store, store.reading() as session:
        found = installations(session, SLACK)
    for one in found:
        gone = f", out since {one.gone_at:%Y-%m-%d %H:%M} UTC: {one.gone_because}" if one.gone_at else ""
        click.echo(f"{one.workspace}  {one.name}, installed {one.installed_at:%Y-%m-%d %H:%M} UTC{gone}")
    if not found:
        is_for_several = settings.slack is not None and settings.slack.is_for_several
        way_in = "slack install-link WORKSPACE" if is_for_several else "directory slack"
        click.echo(f"The app is not known to be anywhere yet: medvirk {way_in}.")


@slack.command("forget")
@click.argument("workspace", metavar="T…")
def forget(workspace: str) -> None:
    """Forget the workspace with this id: what was kept to write there, what people are called there, and in which
    user groups they were.

    People go on getting everything by mail or on their pages. Take the app out of the workspace in Slack too.
    """
    with closing(open_store()) as store, store.writing() as session:
        if not forget_installation(session, SLACK, workspace):
            raise click.ClickException(f"The app is not in a workspace {workspace}; medvirk slack list shows where.")
        gone = forget_workspace(session, SLACK, workspace)
        forget_groups(session, workspace)
        the_log.append(session, now(), "administrator", "workspace forgotten", f"{SLACK}:{workspace}")
    click.echo(f"Forgotten, with the addresses of {gone} people.")
