"""Commands about one person: everything that is stored about them as a file, and erasing it."""

from contextlib import nullcontext
from functools import partial
from pathlib import Path

import click
from sqlmodel import Session

from bot.commands.common import now, use_parts
from bot.commands.files import Write, new_file
from bot.counting import count
from bot.parts import Parts
from bot.personal import NOT_FOUND, write_copy
from bot.words import words_in
from storage import log
from storage.copies import count_copies
from storage.erasure import count_mentions, erase, when_erased
from storage.personal import count_about, person_by_number
from storage.tables import Person


@click.group()
def person() -> None:
    """One person's rights: see all that is stored about them, and have it erased."""


@person.command("export")
@click.argument("number")
@click.argument("file", metavar="[FILE.json]", required=False, type=click.Path(dir_okay=False, path_type=Path))
def export_person(number: str, file: Path | None) -> None:
    """Write everything that is stored about the person with NUMBER as JSON, to FILE or here.

    People can take the same out themselves, on their own page. What cannot be found by design is said in it. That it
    was written stands in the log. Hand it to the person alone, then delete it.
    """
    with nullcontext(partial(click.echo, nl=False)) if file is None else new_file(file) as write, use_parts() as parts:
        parts.writer.do_now(lambda session: _export(session, parts, number, write))
    if file is not None:
        click.echo(f"Everything about {number} is in {file}. Hand it to the person alone, then delete it.")


@person.command("erase")
@click.argument("number")
@click.option("--yes", is_flag=True, help="Erase without asking once more.")
def erase_person(number: str, yes: bool) -> None:
    """Erase everything about the person with NUMBER. It cannot be undone.

    It stands in the log, without number or name, and is remembered, so that a restored backup is erased again. Take
    the person out of the directory file too: the next import makes a new person, who has said and chosen nothing, of
    whoever still stands there.
    """
    with use_parts() as parts:
        with parts.store.reading() as session:
            who = _name(session, parts, number)
        click.echo(who)
        if not yes:
            click.confirm("Erase all of it? It cannot be undone", abort=True)
        mentions, copies = parts.writer.do_now(lambda session: _erase(session, parts, number))
        parts.store.write_anew()
    click.echo("Erased. What cannot be found by design:")
    for key in NOT_FOUND:
        click.echo(f"  {words_in('en')(key)}")
    if copies:
        said = count(copies, "answer or suggestion was", "answers or suggestions were")
        click.echo(f"{said} sent in Teams: Microsoft 365 keeps that as the organisation's records. Erase it there too.")
    if mentions:
        texts = count(mentions, "text")
        click.echo(f"The name still stands in {texts} of suggestions, decisions or discussions, which are not theirs.")
    click.echo("Whoever still stands in the directory file becomes a new person at the next import.")
    click.echo("Backups made before now still hold the person; restoring one erases them again.")


def _export(session: Session, parts: Parts, number: str, write: Write) -> None:
    found = _find(session, parts, number)
    assert found.id is not None
    log.append(session, now(), "administrator", "personal data exported", f"person:{found.id}")
    write(write_copy(session, parts, found.id, now(), words_in(found.language)) + "\n")


def _name(session: Session, parts: Parts, number: str) -> str:
    found = _find(session, parts, number)
    rows = sum(count_about(session, found.id or 0).values())
    about = count(rows, "row")
    return (
        f"{found.name}, number {found.number}: all that is stored about them goes ({about} beside their own), and "
        "their links end. What was published stays, since it names nobody; what they decided as a leader stays too, "
        "as decided by nobody."
    )


def _erase(session: Session, parts: Parts, number: str) -> tuple[int, int]:
    """What is left elsewhere: how many texts name the person, and how much lies at a chat's platform too."""
    found = _find(session, parts, number)
    name, copies = found.name, count_copies(session, found.id or 0)
    erase(session, found, parts.keys, now())
    return count_mentions(session, name), copies


def _find(session: Session, parts: Parts, number: str) -> Person:
    found = person_by_number(session, number)
    if found is not None:
        return found
    erased_at = when_erased(session, parts.keys, number)
    if erased_at is not None:
        raise click.ClickException(f"Whoever had the number {number!r} was erased on {erased_at:%Y-%m-%d}.")
    raise click.ClickException(
        f"There is nobody with the number {number!r}. Write it as the directory file does, in the column number."
    )
