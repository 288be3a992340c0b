"""Commands about discussions (drøfting): record one, or the choice that none is needed; list them."""

from datetime import datetime

import click
from sqlmodel import select

from bot.commands.common import now, use_parts
from flows.polls import POLL
from storage import log
from storage.discussions import discussions_of, record_discussion
from storage.tables import Membership, Unit


@click.group()
def discussion() -> None:
    """The employer's discussions with the organisations before a flow about staff opens."""


@discussion.command()
@click.argument("flow")
@click.option("--employer", required=True, help="The employer, as in the directory file. Each has a record of its own.")
@click.option("--unit", "path", required=True, help="The unit it holds for, with all below it, by path from the top.")
@click.option("--held-on", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The day, as YYYY-MM-DD.")
@click.option("--invited", required=True, help="Which organisations were invited.")
@click.option("--views", default="", help="Their views, or where the minutes are; disagreement too.")
@click.option("--decision", required=True, help="What the employer decided.")
@click.option("--not-needed", is_flag=True, help="Record the choice that no discussion is needed, with the reason.")
@click.option("--by", "recorded_by", required=True, help="Who records it.")
def record(
    flow: str,
    employer: str,
    path: str,
    held_on: datetime,
    invited: str,
    views: str,
    decision: str,
    not_needed: bool,
    recorded_by: str,
) -> None:
    """Record a discussion about FLOW, or about the polls of groups as "poll". Without one, that employer's people are
    left alone by a flow about staff."""
    with use_parts() as parts:
        known = {*parts.flows, POLL}
        if flow not in known:
            raise click.ClickException(f"There is no flow {flow!r}; there are {', '.join(sorted(known))}.")
        with parts.store.writing() as session:
            unit = session.exec(select(Unit).where(Unit.path == path)).first()
            if unit is None or unit.id is None:
                raise click.ClickException(f"There is no unit {path!r}; write its whole path, with ' / ' between.")
            employers = sorted(set(session.exec(select(Membership.employer))))
            if employer not in employers:
                raise click.ClickException(
                    f"Nobody is employed by {employer!r}; the employers are {', '.join(employers)}."
                )
            if held_on.date() > now().date():
                raise click.ClickException(
                    f"{held_on:%Y-%m-%d} is still to come; record the discussion when it was held."
                )
            record_discussion(
                session,
                flow=flow,
                unit_id=unit.id,
                employer=employer,
                needed=not not_needed,
                held_on=held_on.date(),
                invited=invited,
                views=views,
                decision=decision,
                recorded_by=recorded_by,
                at=now(),
            )
            log.append(session, now(), "administrator", "discussion recorded", f"flow:{flow}")
    click.echo(f"Recorded for {employer}: {flow}, in {path} and all below it.")


@discussion.command("list")
def list_discussions() -> None:
    """List what has been recorded."""
    with use_parts() as parts, parts.store.reading() as session:
        recorded = discussions_of(session)
        if not recorded:
            click.echo("Nothing has been recorded yet; medvirk discussion record does it.")
        for one in recorded:
            what = "discussed" if one.needed else "no discussion needed"
            click.echo(f"{one.held_on}  {one.flow:<24} {one.employer}: {what}. {one.decision}")
