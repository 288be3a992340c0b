"""The command that shows the settings as commands and the product read them: `settings`."""

import os

import click
from pydantic import SecretStr
from sqlalchemy import make_url

from bot.commands.common import settings_or_stop
from bot.settings.file import NAMED_BY, PLACES, read_variables
from bot.settings.product import values_of


@click.command("settings")
def show_settings() -> None:
    """Show every setting, and where it comes from. Secrets are not shown."""
    settings = settings_or_stop()
    places = " or ".join(map(str, PLACES))
    click.echo(f"Read from {settings.file}." if settings.file else f"There is no {places}, and no {NAMED_BY}.")
    written = {name.upper() for name in read_variables(settings.file)}
    here = {name.upper() for name in os.environ}
    for name, value in values_of(settings).items():
        origin = "environment" if name in here else "file" if name in written else ""
        click.echo(f"{name:<30} {_show(name, value):<40} {origin}".rstrip())


def _show(name: str, value: object) -> str:
    if name == "MEDVIRK_DATABASE_URL" and isinstance(value, SecretStr):
        return make_url(value.get_secret_value()).render_as_string()  # without its password
    if isinstance(value, SecretStr):
        return "(set)" if value.get_secret_value() else ""
    if isinstance(value, tuple):
        return ":".join(map(str, value))
    return "" if value is None else str(value)
