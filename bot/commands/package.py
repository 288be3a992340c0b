"""The command that makes the app for Teams out of deploy/teams: `teams package`."""

from pathlib import Path
from urllib.parse import urlsplit

import click

from bot.commands.common import settings_or_stop
from bot.settings.product import Settings

ABOUT = "Your organisation's page about it, with https://; Teams leads there."
FOLDER = Path(__file__).parents[2] / "deploy" / "teams"


def check_page(context: click.Context, option: click.Parameter, url: str | None) -> str | None:
    """An address that Teams takes; or an end in words."""
    if url is not None and not (url.startswith("https://") and urlsplit(url).hostname):
        raise click.BadParameter("write the whole address of a page, with https://")
    return url


@click.command()
@click.option("--out", metavar="FILE", default="medvirk-teams.zip", show_default=True, help="- writes it out instead.")
@click.option("--about", callback=check_page, metavar="URL", required=True, help=ABOUT)
@click.option("--privacy", callback=check_page, metavar="URL", help="The one about privacy, where it is another.")
@click.option("--terms", callback=check_page, metavar="URL", help="The one with the terms of use, where it is another.")
@click.option(
    "--registration",
    metavar="ID",
    help="Only where an app in Entra installs Medvirk for people by Graph: its client id (MEDVIRK_GRAPH_CLIENT_ID).",
)
def package(out: str, about: str, privacy: str | None, terms: str | None, registration: str | None) -> None:
    """Make the zip that is uploaded to Teams, with your app id, organisation and domain in it, and look it over.

    Needed: MEDVIRK_TEAMS_APP_ID and MEDVIRK_BASE_URL. It holds no secret. After a change, raise `version` in
    deploy/teams/manifest.json before you make and upload it again.
    """
    from bot.channels.teams.elements import cut
    from bot.channels.teams.manifest import LONGEST_DEVELOPER
    from bot.channels.teams.package import Facts, PackageInvalid, make_package

    settings = settings_or_stop()
    app, domain = _find_app(settings)
    facts = Facts(
        app=app,
        organisation=cut(settings.organisation, LONGEST_DEVELOPER),
        domain=domain,
        about=about,
        privacy=privacy or about,
        terms=terms or about,
        registration=registration or "",
    )
    try:
        made = make_package(FOLDER, facts)
    except PackageInvalid as error:
        raise click.ClickException(f"Teams would not take it, so nothing was written:\n{error}") from None
    try:
        with click.open_file(out, "wb") as file:
            file.write(made)
    except OSError as error:
        raise click.ClickException(f"{out} cannot be written ({error.strerror}).") from None
    told = f"The app {app} for {settings.organisation}, at {domain}. deploy/teams.md says where it goes."
    click.echo(told if out == "-" else f"{out}: {told}", err=out == "-")


def _find_app(settings: Settings) -> tuple[str, str]:
    """The app's id and the domain, or an end in words that name what is not set."""
    missing = []
    if settings.teams is None:
        missing.append("MEDVIRK_TEAMS_APP_ID: write the id of the bot; deploy/teams.md says where it comes from")
    if not settings.is_secure:
        missing.append("MEDVIRK_BASE_URL: write https://… and your domain; Teams reaches nothing else")
    elif urlsplit(settings.base_url).port not in (None, 443):
        missing.append("MEDVIRK_BASE_URL: leave the port out; Teams calls 443 only")
    if settings.teams is None or missing:
        raise click.ClickException("These settings are missing:\n" + "\n".join(missing))
    return settings.teams.app_id, urlsplit(settings.base_url).hostname or ""
