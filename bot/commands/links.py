"""The command that writes out everybody's personal link, to hand out where no other channel reaches people."""

import csv
import io
from pathlib import Path

import click
from sqlmodel import Session, col, select

from bot.commands.common import now, use_parts, warn_of_own_address
from bot.commands.files import new_file
from bot.counting import count
from bot.messages.links import way_to_home
from bot.parts import Parts
from storage import log
from storage.links import revoke_links
from storage.tables import Person

FORMULA_BEGINS = ("=", "+", "-", "@", "\t", "\r")


@click.command("links")
@click.argument("file", metavar="FILE.csv", type=click.Path(dir_okay=False, path_type=Path))
def write_links(file: Path) -> None:
    """Write each person's own page, as number, name and link, to FILE.csv.

    Whoever holds a link can act as that person: hand each to its owner alone, then delete the file. That links were
    written out stands in the log.
    """
    with new_file(file) as write, use_parts() as parts:

        def work(session: Session) -> int:
            rows = _make_links(session, parts)
            if not rows:
                raise click.ClickException("There is nobody yet: import people first, with medvirk people import.")
            write(_tabulate(rows))
            return len(rows)

        number = parts.writer.do_now(work)
        warn_of_own_address(parts.settings)
    click.echo(f"{count(number, 'link')} in {file}. Hand each to its owner alone, then delete the file.")


def _tabulate(rows: list[tuple[str, str, str]]) -> str:
    text = io.StringIO("\ufeff", newline="")  # the mark tells Excel that it is UTF-8
    text.seek(0, io.SEEK_END)
    csv.writer(text, delimiter=";").writerows([("number", "name", "link"), *_defuse(rows)])
    return text.getvalue()


def _defuse(rows: list[tuple[str, str, str]]) -> list[tuple[str, ...]]:
    """A name such as =HYPERLINK(…) would be worked out by a spreadsheet, and could send the link beside it away."""
    return [tuple(f"'{cell}" if cell.startswith(FORMULA_BEGINS) else cell for cell in row) for row in rows]


@click.command("revoke")
@click.argument("number")
def revoke(number: str) -> None:
    """Make all links of the person with NUMBER useless, after a lost phone, say. New messages carry new ones."""
    with use_parts() as parts:
        revoked = parts.writer.do_now(lambda session: _revoke(session, number))
    if revoked is None:
        raise click.ClickException(f"There is nobody with the number {number!r}.")
    works = "works" if revoked == 1 else "work"
    click.echo(f"{count(revoked, 'link')} of {number} no longer {works}.")


def _revoke(session: Session, number: str) -> int | None:
    person = session.exec(select(Person).where(Person.number == number)).first()
    if person is None or person.id is None:
        return None
    log.append(session, now(), "administrator", "personal links revoked", f"person:{person.id}")
    return revoke_links(session, person.id, now())


def _make_links(session: Session, parts: Parts) -> list[tuple[str, str, str]]:
    people = session.exec(select(Person).where(col(Person.active).is_(True)).order_by(col(Person.name))).all()
    if people:
        log.append(session, now(), "administrator", "personal links written out", f"people:{len(people)}")
    return [(person.number, person.name, way_to_home(session, parts, person, now()).url) for person in people]
