"""Checks of Slack: whether the app is let in, may do what it needs, is in the workspace people were found in, and
whether Slack takes every card. What only a real workspace can show is asked there."""

import asyncio
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from sqlmodel import col, func, select

from bot.channels.slack.scopes import SCOPES
from bot.installations.workspaces import find_workspaces
from bot.settings.channels import SlackSettings
from bot.watching.checks.question_cards import every_question_card
from bot.watching.findings import Finding, Ground, look, ok, wrong
from storage.directory.natural import SLACK
from storage.installations import installations
from storage.keys import KeyFolder
from storage.tables import Address, Installation

if TYPE_CHECKING:
    from slack_sdk.web.async_client import AsyncWebClient


def check_slack(ground: Ground) -> Iterator[Finding]:
    """Signs in, and lets Slack judge the cards; sends nothing."""
    settings = ground.settings.slack
    if settings is None:
        yield ok(SLACK, "off; set MEDVIRK_SLACK_TOKEN and MEDVIRK_SLACK_SIGNING_SECRET to switch it on")
        return
    try:
        import slack_sdk  # noqa: F401  without it nothing of this can be looked at
    except ImportError:
        yield wrong(SLACK, "the libraries are missing; install Medvirk with the extra 'slack'")
        return
    if not settings.is_for_several:
        if ground.store is not None:
            yield from _look_whether_out(ground)
        yield from _look_into(ground, settings, settings.token.get_secret_value(), "MEDVIRK_SLACK_TOKEN", judge=True)
        return
    if not ground.settings.is_secure:
        yield look(SLACK, "Slack sends nobody back to an address without https: write one in MEDVIRK_BASE_URL")
    if ground.store is None:
        return
    yield from _look_into_several(ground, settings)


def _look_whether_out(ground: Ground) -> Iterator[Finding]:
    """Where the token stands in the settings: whether we are let in no more."""
    for row in ground.read(lambda session: installations(session, SLACK)):
        if row.gone_at is not None:
            yield _say_out(
                row,
                "Install the app again under Install App, write its token into MEDVIRK_SLACK_TOKEN, restart serve and "
                "run medvirk directory slack",
            )


def _say_out(row: Installation, to_do: str) -> Finding:
    return wrong(
        SLACK,
        f"{row.name} ({row.workspace}): out since {row.gone_at:%Y-%m-%d %H:%M} UTC ({row.gone_because}); people there "
        f"get mail or their page. {to_do}; or, if it was meant, medvirk slack forget {row.workspace}",
    )


def _look_into_several(ground: Ground, settings: SlackSettings) -> Iterator[Finding]:
    """Each workspace in its turn; the cards are the same in all, and judged in the first that lets us in."""
    folder = ground.settings.keys_dir
    keys = KeyFolder(folder) if folder.is_dir() else None
    workspaces = ground.read(lambda session: find_workspaces(session, settings, keys))
    if not workspaces:
        yield look(SLACK, "installed nowhere yet; medvirk slack install-link WORKSPACE gives the way in")
    judged = False
    for one in workspaces:
        row = one.installed
        assert row is not None, "in several workspaces each is installed"
        name = f"{row.name} ({row.workspace})"
        again = f"Install the app again with medvirk slack install-link {row.workspace}"
        if row.gone_at is not None:
            yield _say_out(row, again)
        elif not one.token:
            yield wrong(SLACK, f"{name}: its token was sealed with another key folder's secret. {again}")
        else:
            yield from _look_into(ground, settings, one.token, f"the token of {name}", judge=not judged)
            judged = True


def _look_into(ground: Ground, settings: SlackSettings, token: str, called: str, *, judge: bool) -> Iterator[Finding]:
    """One workspace; `called` is what its token is called."""
    from slack_sdk.errors import SlackApiError

    try:
        yield from asyncio.run(_sign_in(ground, settings, token, judge=judge))
    except SlackApiError as error:
        yield wrong(SLACK, f"Slack refuses {called} ({error.response.get('error', '')})")
    except OSError as error:
        yield wrong(SLACK, f"{settings.api_url} cannot be reached ({type(error).__name__})")


async def _sign_in(ground: Ground, settings: SlackSettings, token: str, *, judge: bool) -> list[Finding]:
    from bot.directory.slack import make_reader

    client = make_reader(settings, token)
    answer = await client.auth_test()
    findings = [ok(SLACK, f"signed in to the workspace {answer.get('team', '')}")]
    granted = _read_scopes(answer.headers)
    if lacking := sorted(SCOPES.keys() - granted) if granted else []:
        what = "; ".join(f"{one}, {SCOPES[one]}" for one in lacking)
        findings.append(wrong(SLACK, f"the app lacks {what}; add it under OAuth & Permissions and install it again"))
    if ground.store is not None:
        findings.append(_look_for_people(ground, str(answer.get("team_id", ""))))
    if judge:
        findings.append(await _judge_cards(ground, client))
    return findings


def _read_scopes(headers: Mapping[str, str]) -> set[str]:
    """What the app was granted, as Slack says beside each answer."""
    said = next((value for name, value in headers.items() if name.lower() == "x-oauth-scopes"), "")
    return {one.strip() for one in said.split(",") if one.strip()}


def _look_for_people(ground: Ground, workspace: str) -> Finding:
    in_slack = select(func.count()).select_from(Address)
    in_slack = in_slack.where(Address.channel == SLACK, Address.workspace == workspace)
    found = ground.read(lambda session: session.exec(in_slack).one())
    lost = ground.read(
        lambda session: session.exec(in_slack.where(col(Address.unreachable_because).is_not(None))).one()
    )
    if not found:
        return look(SLACK, "nobody has been found there yet; medvirk directory slack looks for them")
    if lost:
        return look(
            SLACK, f"{found} people have been found there; {lost} cannot be written to, and get mail or their page"
        )
    return ok(SLACK, f"{found} people have been found there")


async def _judge_cards(ground: Ground, client: "AsyncWebClient") -> Finding:
    """Every card of every flow in every language, judged by Slack itself where it offers that."""
    from slack_sdk.errors import SlackApiError

    from bot.channels.slack.views import make_modal
    from bot.channels.slack.words import labels_in

    judged = 0
    for one in every_question_card(ground.settings):
        view = make_modal([one.card], "run:0", labels_in(one.card.language))
        try:
            await client.api_call("blocks.validate", json={"blocks": view["blocks"]})
        except SlackApiError as error:
            if error.response.get("error") == "unknown_method":
                return look(SLACK, "Slack offers no way to have cards judged; the tests have judged them")
            return wrong(SLACK, f"Slack refuses {one.where} ({error.response.get('error', '')})")
        judged += 1
    return ok(SLACK, f"Slack takes all {judged} cards")
