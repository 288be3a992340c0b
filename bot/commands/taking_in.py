"""What every command needs that takes in what a directory tells: a place to compare with, and a question where many
people would be taken away."""

import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import date
from typing import TypeVar

import click

from bot.commands.common import has_database, open_store, settings_or_stop
from bot.commands.long_work import LongWork
from bot.counting import count
from bot.directory.leaderless import count_leaderless
from storage.directory.difference import Difference
from storage.directory.records import Organisation
from storage.migrate import upgrade
from storage.store import Store

T = TypeVar("T")


class TakesMany(Exception):
    """More than a tenth would be taken away. The transaction is undone, so that nobody waits for it while somebody
    thinks. `says` ends with what may be wrong; `question` is for whoever sits there, `again` how to go on."""

    def __init__(self, says: str, question: str, again: str) -> None:
        super().__init__(says)
        self.says, self.question, self.again = says, question, again


def deactivates_many(source: str, difference: Difference, doubt: str, again: str) -> TakesMany:
    """That `source` would deactivate many people."""
    says = (
        f"{source} would deactivate {len(difference.gone)} of {difference.active_people_before} "
        f"people, more than a tenth. {doubt}"
    )
    return TakesMany(says, "Deactivate them?", again)


def do_or_ask(work: Callable[[bool], T], watch: LongWork, *, yes: bool) -> T:
    """What `work` gives, which is told whether it may take many away. Where it may not and would, somebody on a
    terminal is asked, and it is done again; elsewhere it stops, and says how to go on."""
    try:
        return work(yes)
    except TakesMany as error:
        watch.end()
        if sys.stdin.isatty():
            click.echo(error.says, err=True)
            if click.confirm(error.question, err=True):
                return work(True)
            raise click.ClickException("Nothing was stored. See who with --dry-run.") from None
        raise click.ClickException(
            f"{error.says} Nothing was stored. See who with --dry-run; if it is right, {error.again} with --yes."
        ) from None


def tell_all(lines: Iterable[str]) -> None:
    """Say each line."""
    for line in lines:
        click.echo(line)


def tell_leaderless(organisation: Organisation, day: date) -> None:
    """Say where people have nobody above them who would read what they say by name."""
    found = count_leaderless(organisation, day)
    if found:
        click.echo("No leader above them, so they are not asked what a leader would read by name:", err=True)
        for path, number in found.items():
            click.echo(f"  {path}: {count(number, 'person', 'people')}", err=True)


@contextmanager
def look_into_store() -> Iterator[Store]:
    """The store to compare with; where there is none, an empty one that is gone afterwards."""
    if has_database(settings_or_stop()):
        with closing(open_store()) as store:
            yield store
    else:
        with passing_store() as empty:
            yield empty


@contextmanager
def passing_store() -> Iterator[Store]:
    """An empty store that is gone afterwards."""
    with (
        tempfile.TemporaryDirectory(prefix="medvirk-empty-") as folder,
        closing(Store(f"sqlite:///{folder}/empty.sqlite3")) as empty,
    ):
        upgrade(empty)
        yield empty
