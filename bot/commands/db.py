"""Commands about the database: bring it to this release, look it over, back it up, restore it, move it."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

import click
from sqlalchemy import make_url

from bot.commands.common import UNUSABLE, connect_store, now, say_unusable, settings_or_stop
from storage.backup.carrying import NotTheSame
from storage.backup.file import BackupDamaged
from storage.backup.making import NothingThere, back_up
from storage.backup.moving import NotUpgraded, StillInUse
from storage.backup.moving import move as move_rows
from storage.backup.restoring import Restored, SecretLost
from storage.backup.restoring import restore as restore_backup
from storage.checking import check as look_over
from storage.erasure import erase_again, erasures_of
from storage.keys import KeyFolder
from storage.migrate import NotEmpty, SchemaTooNew
from storage.migrate import upgrade as run_missing
from storage.store import Store

TOLD_EVERY = 100_000
IN_WORDS = (BackupDamaged, NothingThere, NotEmpty, SchemaTooNew)  # errors that are written for whoever reads them


@click.group()
def db() -> None:
    """The database: bring it to this release, look it over, back it up, restore it, move it."""


@db.command()
def upgrade() -> None:
    """Bring the database to this release's tables; make it where there is none.

    `serve` and every other command do the same when they start, where something is missing. The release before goes on
    working on the new tables, so that one replica after the other can be replaced. Take a backup first.
    """
    with _use_store(is_made=True) as store, _in_words():
        before, after = run_missing(store)
        again = erase_again(store, _keys(), now())
    click.echo(f"The database is at {after} already." if before == after else f"From {before or 'nothing'} to {after}.")
    if again:
        click.echo(f"People erased before, who were back in a restored database: {again}. They are erased again.")


@db.command()
def check() -> None:
    """Look the database over, while the product runs or not. Ends with 1 where something is wrong.

    Every line says what is so, and where it is wrong, what to do. Nothing is changed.
    """
    wrong = 0
    with _use_store() as store, _in_words():
        for finding in look_over(store, _keys()):
            wrong += bool(finding.to_do)
            click.echo(
                f"WRONG  {finding.says}\n       To do: {finding.to_do}." if finding.to_do else f"ok     {finding.says}"
            )
    if wrong:
        raise click.exceptions.Exit(1)


@db.command()
@click.argument("file", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Write every row to FILE, as they are at one moment, while the product runs.

    FILE is gzip'd JSON lines, the same from SQLite and PostgreSQL, and can be restored into either. It holds everything
    the database holds, so keep it as carefully, and not where the key folder's backup lies. No private key is in it.
    """
    with _use_store() as store, _in_words():
        try:
            rows = back_up(store, _keys(), file, now(), tell=_tell)
        except FileExistsError:
            raise click.ClickException(f"{file} exists already; nothing was written. Name a new file.") from None
        except OSError as error:
            raise click.ClickException(
                f"{file} could not be written: {error.strerror or error}. Nothing is left of it."
            ) from None
    click.echo(f"{file}: {rows:,} rows, {file.stat().st_size / 1e6:,.1f} MB.")


@db.command()
@click.argument("file", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--erased-in", metavar="URL", help="The database of until now, where it can be read: what was erased in it."
)
@click.option("--erasures-lost", is_flag=True, help="The server's secret is lost for good: erase nobody again.")
def restore(file: Path, erased_in: str | None, erasures_lost: bool) -> None:
    """Restore the backup FILE into the empty database that MEDVIRK_DATABASE_URL names.

    Of this release or an older one; it is upgraded then. All or nothing. Whoever was erased after the backup was made
    is erased again before anybody sees the database: the list beside the keys says who. Sealed answers of open rounds
    need their key in the key folder; where it is gone they are lost, and it is said for which.
    """
    erasures: dict[str, datetime] | None = None if erasures_lost else {}
    with _use_store(is_made=True) as store, _in_words():
        if erased_in and erasures is not None:
            with closing(connect_store(_existing(erased_in))) as until_now, until_now.reading() as session:
                erasures = erasures_of(session)
        try:
            done = restore_backup(store, _keys(), file, now(), erasures=erasures, tell=_tell)
        except SecretLost:
            raise click.ClickException(
                "The key folder is not the one of this backup: nobody who was erased since could be found in it. Put "
                f"server-erasures.key and erasures.txt back into {settings_or_stop().keys_dir} first. Where they are "
                "lost for good, --erasures-lost restores without, and you erase again by hand. Nothing was restored."
            ) from None
        except NotTheSame as error:
            raise click.ClickException(f"{error} Nothing was restored; try again.") from None
    click.echo("\n".join(_say_restored(done)))


@db.command()
@click.argument("url", metavar="URL")
def move(url: str) -> None:
    """Copy the database that MEDVIRK_DATABASE_URL names into the empty one at URL, and compare every row.

    From SQLite to PostgreSQL or back. Stop the product first; it is noticed where it runs. The old database is only
    read. Nothing is left in the new one unless every table is the same. Then set MEDVIRK_DATABASE_URL to URL.
    A password is better kept in ~/.pgpass than written here, where others on the machine may see it.
    """
    with _use_store() as store, _in_words():
        if make_url(url) == store.url:
            raise click.ClickException("That is the database it is in already.")
        with closing(connect_store(url)) as target:
            try:
                brought = move_rows(store, target, now(), tell=_tell)
            except StillInUse as error:
                raise click.ClickException(
                    f"The database is in use ({error}). Stop the product, and whoever else looks in. Nothing was moved."
                ) from None
            except NotUpgraded:
                raise click.ClickException("Run medvirk db upgrade first. Nothing was moved.") from None
            except NotTheSame as error:
                raise click.ClickException(f"{error} Nothing was moved; try again.") from None
            name = target.url.render_as_string()
    for one in brought:
        click.echo(f"{one.shape.name:<20} {one.total:>10,}  {one.sha256[:16]}")
    click.echo(f"Every row is the same in {name}. Set MEDVIRK_DATABASE_URL to it; the old one is as it was.")


@contextmanager
def _use_store(*, is_made: bool = False) -> Iterator[Store]:
    """The store that the settings name, as it is; `is_made`: also where there is no file yet."""
    url = settings_or_stop().database_url.get_secret_value()
    with closing(connect_store(url if is_made else _existing(url))) as store:
        yield store


def _existing(url: str) -> str:
    """Stop where SQLite's file is not there: opening it would make an empty one."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite" and not Path(address.database or "").is_file():
        raise click.ClickException(f"There is no database at {address.database}. Look at MEDVIRK_DATABASE_URL.")
    return url


@contextmanager
def _in_words() -> Iterator[None]:
    """Errors in words, not traces."""
    try:
        yield
    except IN_WORDS as error:
        raise click.ClickException(str(error)) from None
    except UNUSABLE as error:
        raise click.ClickException(say_unusable(error)) from None


def _keys() -> KeyFolder:
    return KeyFolder(settings_or_stop().keys_dir)


def _tell(table: str, done: int, total: int) -> None:
    if done == total or done % TOLD_EVERY == 0:
        click.echo(f"  {table}: {done:,} of {total:,}", err=True)


def _say_restored(done: Restored) -> Iterator[str]:
    made_at = f"{done.made_at:%Y-%m-%d %H:%M} UTC"
    yield f"Restored: {done.rows:,} rows, as they were at {made_at}, with the tables of {done.revision}."
    yield f"Erased again, since it was done after the backup: {done.erased_again}."
    for number in done.runs_without_key:
        yield f"The key of run {number} is gone: its sealed answers are lost. To end it: medvirk run cancel {number}"
    for number in done.series_without_key:
        yield f"The key of the series of course {number} is gone: its next rounds are not linked."
    if done.held_back:  # on the own pages, as all that is uncertain
        yield f"{done.held_back} messages may have left already: they stand on the own pages, and are not sent again."
