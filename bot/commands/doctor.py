"""The command that looks after everything for whoever runs the house: `doctor`."""

import json
import logging
import sys
from collections.abc import Iterator, Sequence

import click

from bot.commands.common import now
from bot.settings.product import SettingsInvalid, read_settings
from bot.watching.findings import Check, Finding, Ground, Verdict, wrong
from bot.watching.logs import describe

WIDTH = 15


@click.command()
@click.argument("groups", metavar="[GROUP]...", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="One JSON array, for a machine.")
def doctor(groups: Sequence[str], as_json: bool) -> None:
    """Look whether everything is as it should be, and say what to do where it is not.

    Each line is ok, look (it works, or cannot be seen from here) or wrong. Ends with 1 where anything is wrong.
    Nothing is changed and nothing is sent; no secret and no person is named.

    GROUP, to look at some things only: settings, machine, database, address, mail, sms, slack, teams, entra, flows,
    people, running.
    """
    from bot.watching.checks import GROUPS  # only here: the server has no need of all that these need

    unknown = [one for one in groups if one not in GROUPS]
    if unknown:
        raise click.BadParameter(f"there is no group {unknown[0]!r}; there are {', '.join(GROUPS)}.")
    logging.getLogger("medvirk").addHandler(logging.NullHandler())  # what is found is said once, as a finding
    findings = list(_examine([check for name in groups or GROUPS for check in GROUPS[name]]))
    if as_json:
        click.echo(json.dumps([vars(one) for one in findings], ensure_ascii=False, indent=1))
    else:
        for one in findings:
            click.echo(f"{one.verdict:<6} {one.about:<{WIDTH}} {one.says}")
    if any(one.verdict is Verdict.wrong for one in findings):
        sys.exit(1)


def _examine(checks: Sequence[Check]) -> Iterator[Finding]:
    from bot.watching.checks.database import open_existing

    try:
        settings = read_settings()
    except SettingsInvalid as error:
        yield from (wrong("settings", line) for line in str(error).splitlines())
        return
    store, _ = open_existing(settings.database_url.get_secret_value())
    ground = Ground(settings, now(), store)
    try:
        for check in checks:
            yield from _try(check, ground)
    finally:
        if store is not None:
            store.close()


def _try(check: Check, ground: Ground) -> Iterator[Finding]:
    """One check that breaks keeps no other from being made."""
    try:
        yield from check(ground)
    except Exception as error:
        about = check.__name__.removeprefix("check_").replace("_", " ")
        yield wrong(about, f"could not be looked at ({describe(error)[0]['kind']})")
