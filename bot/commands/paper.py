"""The commands that write paper: slips with a way to each person's page, and posters with a code."""

from contextlib import nullcontext
from pathlib import Path

import click
from sqlmodel import Session, select

from bot.commands.common import now, use_parts, warn_of_own_address
from bot.commands.files import Write, new_file
from bot.conversations.slips import make_sheet
from bot.pages.paper import render_poster_file, render_sheet_file
from bot.paper.sheets import PosterPage, without_scheme
from bot.paper.slips import make_slips
from bot.parts import Parts
from bot.scheduling import HORIZON
from bot.words import words_in
from flows.model import Flow
from flows.schedule import find_next, local_day
from flows.text import LANGUAGES
from storage import log
from storage.codes import fold_code
from storage.posters import find_poster, make_poster, open_run_for, revoke_posters
from storage.slips import people_in, people_with_another_way
from storage.tables import Unit
from storage.units import units_below

FILE = click.Path(dir_okay=False, path_type=Path)
LANGUAGE = click.Choice([*LANGUAGES, "all"])


@click.command("slips")
@click.argument("unit")
@click.argument("file", metavar="FILE.html", type=FILE)
@click.option("--all", "for_all", is_flag=True, help="Also for those whom mail or chat reaches.")
@click.option("--lang", type=click.Choice(LANGUAGES), default="nb", show_default=True, help="Of what is said to you.")
def write_slips(unit: str, file: Path, for_all: bool, lang: str) -> None:
    """Write slips for the people in UNIT and below it, whom neither mail nor chat reaches, to FILE.html.

    Each slip has a name, a code to scan and one to type; both open that person's own page. Whoever holds a slip can
    answer as that person: hand each over in person, then delete the file and shred what nobody collects. New slips
    replace the earlier ones. That slips were made stands in the log.
    """
    words = words_in(lang)

    def work(session: Session, parts: Parts) -> None:
        found = _find_unit(session, unit)
        people = people_in(session, units_below(session)[found.id or 0], local_day(now(), parts.settings.zone))
        if not for_all:
            reached = people_with_another_way(session, set(parts.channels))
            people = [one for one in people if one.id not in reached]
        if not people:
            more = "" if for_all else " whom neither mail nor chat reaches; --all makes slips for everybody"
            raise click.ClickException(f"There is nobody in {unit!r}{more}.")
        slips = make_slips(session, parts, people, found.id or 0, "administrator", now())
        write(render_sheet_file(make_sheet(words("slips.title", unit=found.name), slips, words)))

    with new_file(file) as write, use_parts() as parts:
        parts.writer.do_now(lambda session: work(session, parts))
        warn_of_own_address(parts.settings)
    click.echo(f"The slips are in {file}. Open it in a browser and print it; then delete it.")


@click.command()
@click.argument("flow")
@click.argument("unit")
@click.argument("file", metavar="[FILE.html]", type=FILE, required=False)
@click.option("--lang", type=LANGUAGE, default="nb", show_default=True, help="One page, or one in each language.")
@click.option("--revoke", is_flag=True, help="First make earlier posters of FLOW in UNIT useless.")
def poster(flow: str, unit: str, file: Path | None, lang: str, revoke: bool) -> None:
    """Write a poster for the open flow FLOW in UNIT to FILE.html: whoever reads it may suggest something.

    It works while a round of FLOW is open. Its code is shown only on the poster. Hang it where colleagues come:
    whoever scans it can read up to three suggestions of the unit that are like their own.
    """
    if file is None and not revoke:
        raise click.UsageError("Name the FILE.html to write, or say --revoke.")
    with nullcontext() if file is None else new_file(file) as write, use_parts() as parts:
        chosen = parts.flows.get(flow)
        if chosen is None or not chosen.open:
            ready = ", ".join(sorted(name for name, one in parts.flows.items() if one.open)) or "none"
            raise click.ClickException(f"{flow!r} is no flow with open: true; those with it: {ready}.")
        revoked, rests = parts.writer.do_now(
            lambda session: _make_posters(session, parts, chosen, unit, lang, revoke, write)
        )
        if file is not None:
            warn_of_own_address(parts.settings)
    if file is not None:
        click.echo(f"The poster is in {file}. Open it in a browser and print it.{rests}")
    if revoke:
        click.echo(f"Earlier posters of {flow} in {unit} that no longer work: {revoked}.")


def _make_posters(
    session: Session, parts: Parts, flow: Flow, path: str, lang: str, revoke: bool, write: Write | None
) -> tuple[int, str]:
    """How many posters were revoked, and what to know of the new one, which `write` takes, if there is to be one."""
    unit = _find_unit(session, path)
    assert unit.id is not None
    revoked = 0
    if revoke:
        revoked = revoke_posters(session, flow.name, unit.id, now())
        log.append(session, now(), "administrator", "posters revoked", f"unit:{unit.id}")
    if write is None:
        return revoked, ""
    key = parts.keys.server_secret("posters")
    code = make_poster(session, key, flow.name, unit.id, now())
    log.append(session, now(), "administrator", "poster made", f"unit:{unit.id}")
    languages = LANGUAGES if lang == "all" else (lang,)
    write(render_poster_file([describe_poster(parts, flow, unit.name, code, one) for one in languages]))
    made = find_poster(session, key, code)
    is_open = made is not None and open_run_for(session, made, now()) is not None
    return revoked, "" if is_open else _say_resting(flow, unit.zone or parts.settings.zone)


def _say_resting(flow: Flow, zone: str) -> str:
    """That nobody can suggest by it yet, and from when on they can."""
    coming = find_next(flow.schedule, zone, now(), now() + HORIZON)
    wakes = f"the next one opens on {coming.local_date}" if coming else f"open one with medvirk run open {flow.name}"
    return f" It rests until there is a round: none of {flow.name} is open there now; {wakes}."


def describe_poster(parts: Parts, flow: Flow, unit_name: str, code: str, language: str) -> PosterPage:
    """The words of a poster. In the address the code stands in letters that every keyboard has."""
    words = words_in(language)
    _, field = flow.find_field(flow.outcome.fields["suggestion"])
    url = parts.url(f"/p/{'-'.join(fold_code(part) for part in code.split('-')).lower()}")
    return PosterPage(
        language=language,
        organisation=parts.settings.organisation,
        question=field.label.to(language),
        purpose=flow.purpose.to(language),
        scan=words("poster.scan"),
        or_write=words("poster.or_write"),
        url=url,
        address=without_scheme(url),
        promise=words("poster.promise", unit=unit_name),
        warning=words("promise.text_warning"),
        minute=words("poster.minute"),
        picture=words("slips.picture"),
    )


def _find_unit(session: Session, path: str) -> Unit:
    unit = session.exec(select(Unit).where(Unit.path == path)).first()
    if unit is None:
        raise click.ClickException(f"There is no unit {path!r}; write its whole path, with ' / ' between.")
    return unit
