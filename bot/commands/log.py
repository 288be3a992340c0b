"""Commands about the audit log: read it, and see whether anything in it was changed."""

import click

from bot.commands.common import use_parts
from flows.schedule import read_local
from storage.log import entries_of, find_break

SHORTEST_MARK = 12


@click.group()
def log() -> None:
    """The audit log: who opened what, what was run, changed and deleted."""


@log.command("list")
@click.option("--most", default=50, show_default=True, help="How many of the newest entries.")
def list_entries(most: int) -> None:
    """List the newest entries. People stand there as opaque ids."""
    with use_parts() as parts, parts.store.reading() as session:
        for entry in entries_of(session)[-most:]:
            when = f"{read_local(entry.at, parts.settings.zone):%Y-%m-%d %H:%M %Z}"
            click.echo(f"{entry.number:>6}  {when}  {entry.actor:<14} {entry.action:<32} {entry.object}")


@log.command()
@click.option("--mark", default="", help="The log's mark in a representative's digest: is it still in the log?")
def check(mark: str) -> None:
    """Check that no entry was changed or taken away since it was written."""
    with use_parts() as parts, parts.store.reading() as session:
        entries = entries_of(session)
    broken = find_break(entries)
    if broken is not None:
        raise click.ClickException(f"The log is broken at entry {broken}: it or one before was changed or removed.")
    if mark and len(mark) < SHORTEST_MARK:
        raise click.ClickException(f"The mark has {SHORTEST_MARK} signs; copy all of it from the digest.")
    if mark and not any(entry.hash.startswith(mark.lower()) for entry in entries):
        raise click.ClickException(f"No entry has the mark {mark}: the log was cut or written anew since that digest.")
    found = f" The mark {mark} is among them." if mark else ""
    click.echo(f"{len(entries)} entries, each following from the one before.{found}")
