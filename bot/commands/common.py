"""What several commands need: the clock, the settings, the store and the parts; failures in words, not traces."""

import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import click
from sqlalchemy.exc import SQLAlchemyError

from bot.app import build_parts, close_parts
from bot.parts import Parts
from bot.settings import Settings, SettingsInvalid, read_settings
from flows.loading import FlowsInvalid
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


def open_store() -> Store:
    """The store that the settings name, with its tables up to date; the caller closes it."""
    settings = settings_or_stop()
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
def use_parts(settings: Settings | None = None) -> Iterator[Parts]:
    """The parts of the installation, closed again at the end. A flow file that cannot be used stops the command."""
    try:
        parts = build_parts(settings or settings_or_stop())
    except FlowsInvalid as error:
        raise click.ClickException(f"These flow files must be mended first:\n{error}") from None
    except UNUSABLE as error:
        raise click.ClickException(say_unusable(error)) from None
    try:
        _make_ready(parts.store, parts.keys)
        yield parts
    finally:
        close_parts(parts)


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
    first_line = str(error).strip().splitlines()[0]
    look = "Look at MEDVIRK_DATABASE_URL and MEDVIRK_KEYS_DIR."
    return f"The database or the key folder cannot be used: {first_line}\n{look}"
