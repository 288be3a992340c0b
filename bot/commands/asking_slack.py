"""Commands that ask Slack: in which workspaces, and what goes wrong there told as the command's own error."""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import NoReturn, TypeVar

import click

from bot.commands.common import settings_or_stop
from bot.installations.workspaces import Workspace, find_workspaces
from bot.settings.channels import SlackSettings
from bot.settings.product import Settings
from storage.keys import KeyFolder
from storage.store import Store

T = TypeVar("T")

only_one = click.option(
    "--workspace", "only", metavar="T…", help="Only this one of several, such as one that failed before."
)


def slack_settings_or_stop() -> tuple[Settings, SlackSettings]:
    settings = settings_or_stop()
    if settings.slack is None:
        raise click.ClickException("Slack is off: set MEDVIRK_SLACK_TOKEN and MEDVIRK_SLACK_SIGNING_SECRET.")
    return settings, settings.slack


def choose_workspaces(store: Store, settings: Settings, slack: SlackSettings, only: str | None) -> list[Workspace]:
    with store.reading() as session:
        found = find_workspaces(session, slack, KeyFolder(settings.keys_dir))
    if only is not None:
        found = [one for one in found if one.installed is not None and one.installed.workspace == only]
    if not found:
        what = f"in a workspace {only}" if only else "anywhere"
        raise click.ClickException(f"The app is not installed {what}; medvirk slack list shows where it is.")
    return found


def in_each(workspaces: Iterable[Workspace], works: Iterable[Callable[[], Sequence[str]]]) -> None:
    """In one workspace after another do its work, and say line by line what came of it. One that fails stops no other;
    the command ends with 1 then."""
    failed = False
    for one, work in zip(workspaces, works, strict=True):
        name = f"{one.installed.name} ({one.installed.workspace}): " if one.installed is not None else ""
        try:
            for line in work():
                click.echo(f"{name}{line}")
        except click.ClickException as error:
            click.echo(f"Error: {name}{error.message}", err=True)
            failed = True
    if failed:
        sys.exit(1)


def attempt(work: Callable[[], T]) -> Callable[[], T]:
    """Do it now; what comes back gives what came of it, as often as it is asked, also where that is a failure."""
    try:
        done = work()
    except click.ClickException as error:
        return partial(_fail, error)
    return lambda: done


def _fail(error: click.ClickException) -> NoReturn:
    raise error


def token_of(workspace: Workspace) -> str:
    if not workspace.token:
        raise click.ClickException("nothing opens it any more; install the app there again: medvirk slack install-link")
    return workspace.token


@contextmanager
def asking_slack() -> Iterator[None]:
    from slack_sdk.errors import SlackApiError

    try:
        yield
    except SlackApiError as error:
        said = error.response.get("error", "")
        raise click.ClickException(
            f"Slack refuses the app ({said}); medvirk doctor slack says what is missing."
        ) from None
    except OSError as error:
        raise click.ClickException(f"Slack cannot be reached ({type(error).__name__}). Nothing was stored.") from None
