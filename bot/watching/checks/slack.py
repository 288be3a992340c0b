"""Checks of Slack: whether the app is let in, may do what it needs, is in the workspace people were found in, and
whether Slack takes every card. What only a real workspace can show is asked there."""

import asyncio
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from sqlmodel import col, func, select

from bot.channel_settings import SlackSettings
from bot.watching.checks.question_cards import every_question_card
from bot.watching.findings import Finding, Ground, look, ok, wrong
from storage.natural import SLACK
from storage.tables import Address

if TYPE_CHECKING:
    from slack_sdk.web.async_client import AsyncWebClient

NEEDED = {
    "chat:write": "to write to people",
    "commands": "for /tema and the shortcut",
    "im:history": "to see whether a message came when Slack's answer was lost",
    "im:write": "to open the conversation with a person",
    "users:read": "to read who is in the workspace",
    "users:read.email": "to find people by their mail address",
}


def check_slack(ground: Ground) -> Iterator[Finding]:
    """Signs in, and lets Slack judge the cards; sends nothing."""
    settings = ground.settings.slack
    if settings is None:
        yield ok(SLACK, "off; set MEDVIRK_SLACK_TOKEN and MEDVIRK_SLACK_SIGNING_SECRET to switch it on")
        return
    try:
        from slack_sdk.errors import SlackApiError
    except ImportError:
        yield wrong(SLACK, "the libraries are missing; install Medvirk with the extra 'slack'")
        return
    try:
        yield from asyncio.run(_sign_in(ground, settings))
    except SlackApiError as error:
        yield wrong(SLACK, f"Slack refuses MEDVIRK_SLACK_TOKEN ({error.response.get('error', '')})")
    except OSError as error:
        yield wrong(SLACK, f"{settings.api_url} cannot be reached ({type(error).__name__})")


async def _sign_in(ground: Ground, settings: SlackSettings) -> list[Finding]:
    from bot.directory.slack import make_reader

    client = make_reader(settings)
    answer = await client.auth_test()
    findings = [ok(SLACK, f"signed in to the workspace {answer.get('team', '')}")]
    granted = _read_scopes(answer.headers)
    if lacking := sorted(NEEDED.keys() - granted) if granted else []:
        what = "; ".join(f"{one}, {NEEDED[one]}" for one in lacking)
        findings.append(wrong(SLACK, f"the app lacks {what}; add it under OAuth & Permissions and install it again"))
    if ground.store is not None:
        findings.append(_look_for_people(ground, str(answer.get("team_id", ""))))
    findings.append(await _judge_cards(ground, client))
    return findings


def _read_scopes(headers: Mapping[str, str]) -> set[str]:
    """What the app was granted, as Slack says beside each answer."""
    said = next((value for name, value in headers.items() if name.lower() == "x-oauth-scopes"), "")
    return {one.strip() for one in said.split(",") if one.strip()}


def _look_for_people(ground: Ground, workspace: str) -> Finding:
    in_slack = select(func.count()).select_from(Address).where(Address.channel == SLACK)
    found = ground.read(lambda session: session.exec(in_slack.where(Address.workspace == workspace)).one())
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
