"""Commands about mail: take in what bounced, and try whether mail leaves."""

import asyncio
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import click

from bot.app import make_mail_channel
from bot.cards import Card, Say
from bot.channels.contract import DeliveryError
from bot.channels.mail.bounces import LARGEST
from bot.commands.common import now, settings_or_stop, stop_without_database, use_parts
from bot.directory.values import read_mail
from bot.outbox.bounces import receive_bounce
from bot.outbox.pacing import at_will
from storage.keys import KeyFolder

TRY_AGAIN_LATER = 75  # EX_TEMPFAIL (sysexits.h): the mail server keeps the bounce and pipes it again
TRIED = 0  # no delivery has this id, so a bounce of a trial is passed over


class TryAgainLater(click.ClickException):
    exit_code = TRY_AGAIN_LATER


@click.group()
def mail() -> None:
    """Mail: take in what bounced, and try whether mail leaves."""


@mail.command()
@click.argument("file", metavar="FILE|FOLDER|-", type=click.Path(exists=True, allow_dash=True, path_type=Path))
def bounce(file: Path) -> None:
    """Take in a mail that came back: from a FILE, all of a FOLDER or Maildir, or from standard input (-).

    Let the mail server pipe what comes to MEDVIRK_MAIL_SENDER into `medvirk mail bounce -`. Replies and out-of-office
    answers are passed over. Ends with 0 where the mail was taken in or passed over, and with 75 (try again later)
    where the database cannot be used now.
    """
    try:
        with use_parts() as parts:
            for content in _read(file):
                click.echo(parts.writer.do_now(partial(receive_bounce, parts=parts, content=content, at=now())))
    except click.ClickException as error:
        raise TryAgainLater(error.message) from None


@mail.command("try")
@click.argument("address")
def try_address(address: str) -> None:
    """Send a short mail to ADDRESS, and say in words what the mail server answers."""
    try:
        address = read_mail(address)
    except ValueError as problem:
        raise click.UsageError(f"{address!r} {problem}.") from None
    settings = settings_or_stop()
    if settings.mail is None:
        raise click.ClickException("Mail is off: set MEDVIRK_MAIL_HOST and MEDVIRK_MAIL_SENDER.")
    stop_without_database(settings)
    channel = make_mail_channel(settings.mail, settings.organisation, KeyFolder(settings.keys_dir))
    card = Card("Medvirk", (Say("This is a trial. Mail from Medvirk arrives."),), "en")
    try:
        asyncio.run(channel.send(address, card, TRIED, reference="", pace=at_will))
    except DeliveryError as error:
        raise click.ClickException(f"Not sent: {error}.") from None
    click.echo("The mail server has taken it.")


def _read(file: Path) -> Iterator[bytes]:
    if str(file) == "-":
        yield sys.stdin.buffer.read(LARGEST)
    elif file.is_dir():
        is_maildir = (file / "new").is_dir()
        folders = [file / "new", file / "cur"] if is_maildir else [file]
        found = (one for folder in folders if folder.is_dir() for one in sorted(folder.iterdir()))
        yield from (one.read_bytes()[:LARGEST] for one in found if one.is_file())
    else:
        yield file.read_bytes()[:LARGEST]
