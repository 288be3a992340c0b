"""What several commands need: the clock, the settings, the store and the parts; failures in words, not traces."""

import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from bot.app import build_parts, close_parts, find_all_flows
from bot.parts import Parts
from bot.settings.product import Settings, SettingsInvalid, is_loopback, read_settings
from storage.erasure import erase_again
from storage.keys import KeyFolder
from storage.migrate import SchemaTooNew, upgrade
from storage.store import Store

UNUSABLE = (SQLAlchemyError, OSError, ImportError)  # what a database or a key folder that cannot be used raises


def now() -> datetime:
    """The moment a command is given: a command is told the time by nobody else."""
    return datetime.now(UTC)


def settings_or_stop() -> Settings:
    """The settings, or an end in words that name the variables to mend."""
    try:
        return read_settings()
    except SettingsInvalid as error:
        raise click.ClickException(f"These settings cannot be used:\n{error}") from None


def open_store(*, is_made: bool = False) -> Store:
    """The store that the settings name, with its tables up to date; the caller closes it. Only where `is_made` one is
    made if there is none."""
    settings = settings_or_stop()
    if not is_made:
        stop_without_database(settings)
    store = connect_store(settings.database_url.get_secret_value())
    _make_ready(store, KeyFolder(settings.keys_dir) if settings.keys_dir.is_dir() else None)
    return store


def connect_store(url: str) -> Store:
    """The store at an address, as it is; the caller closes it."""
    try:
        return Store(url)
    except UNUSABLE as error:
        raise click.ClickException(say_unusable(error)) from None


@contextmanager
def use_parts(settings: Settings | None = None, *, is_start: bool = False) -> Iterator[Parts]:
    """The parts of the installation, closed again at the end.

    Where the product starts (`is_start`), a database is made if there is none, and a flow file that cannot be used
    stops it. Every other command needs a database, and goes on with the flows that can be used.
    """
    chosen = settings or settings_or_stop()
    if not is_start:
        stop_without_database(chosen)
    flows, problems = find_all_flows(chosen)
    if problems:
        told = "\n".join(map(str, problems))
        if is_start:
            raise click.ClickException(f"These flow files must be mended first:\n{told}")
        click.echo(f"Left out, to be mended before Medvirk is started again:\n{told}", err=True)
    try:
        parts = build_parts(chosen, flows)
    except UNUSABLE as error:
        raise click.ClickException(say_unusable(error)) from None
    try:
        _make_ready(parts.store, parts.keys)
        yield parts
    finally:
        close_parts(parts)


def stop_without_database(settings: Settings) -> None:
    """End in words where SQLite's file is not there: opening it would make an empty one, most often in a wrong
    folder, and go on with nobody in it."""
    if not has_database(settings):
        file = make_url(settings.database_url.get_secret_value()).database
        raise click.ClickException(
            f"There is no database at {file}. Set MEDVIRK_DATABASE_URL, or stand in the right folder; "
            "medvirk people import makes a new one."
        )


def has_database(settings: Settings) -> bool:
    """Whether there is a file for SQLite; of a server, that there is one is taken for granted."""
    try:
        address = make_url(settings.database_url.get_secret_value())
    except ArgumentError as error:
        raise click.ClickException(say_unusable(error)) from None
    return address.get_backend_name() != "sqlite" or Path(address.database or "").is_file()


def warn_of_own_address(settings: Settings) -> None:
    """Say that links which are written out lead to this machine alone."""
    if is_loopback(settings.base_url):
        click.echo(
            f"The links lead to {settings.base_url}, which only this machine reaches. Set MEDVIRK_BASE_URL to the "
            "https address people see, and write them anew.",
            err=True,
        )


def stop_if_taken(host: str, port: int) -> None:
    """End in words where something listens on the port already."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise click.ClickException(
                f"Nothing can listen on {host}, port {port} ({error.strerror}). Choose another with --port."
            ) from None


def _make_ready(store: Store, keys: KeyFolder | None) -> None:
    """Run the migrations that are missing, and erase again whom a restored database has brought back: before anything
    else, since the next import would make a new person of whoever is still in the file."""
    try:
        upgrade(store)
        if keys is not None:
            erase_again(store, keys, now())
    except SchemaTooNew as error:
        raise click.ClickException(str(error)) from None
    except UNUSABLE as error:
        raise click.ClickException(say_unusable(error)) from None


def say_unusable(error: Exception) -> str:
    """Why the database or the key folder cannot be used, in words, and where to look."""
    if isinstance(error, ModuleNotFoundError) and (error.name or "").startswith("psycopg"):
        install = f"{sys.executable} -m pip install 'psycopg[binary]>=3.3,<4'"
        return f"PostgreSQL is used by a driver that is not installed here. Install it with\n  {install}"
    if isinstance(error, ModuleNotFoundError) and (error.name or "").partition(".")[0] in ("microsoft_teams", "jwt"):
        return (
            "Teams is on, but Microsoft's libraries are not installed here. make install "
            "LOCK=requirements-microsoft.lock brings them along; or leave MEDVIRK_TEAMS_APP_ID out."
        )
    first_line = str(error).strip().splitlines()[0]
    look = "Look at MEDVIRK_DATABASE_URL and MEDVIRK_KEYS_DIR."
    return f"The database or the key folder cannot be used: {first_line}\n{look}"
