"""Who is in the user groups of a Slack workspace."""

import asyncio
from collections.abc import Collection, Mapping
from typing import NamedTuple

from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.slack.reading import name_address

SECONDS_BETWEEN = 3  # Slack allows twenty of these calls a minute


class Groups(NamedTuple):
    """The active user groups of a workspace by their handles, and the addresses of the members of those asked for."""

    workspace: str
    known: Collection[str]
    members: Mapping[str, set[str]]


async def read_groups(client: AsyncWebClient, workspace: str, handles: Collection[str]) -> Groups:
    """Of those handles that there are. Raises SlackApiError."""
    groups = (await client.usergroups_list()).get("usergroups") or []
    ids = {str(one["handle"]): str(one["id"]) for one in groups if one.get("handle") and not one.get("date_delete")}
    found = {}
    for number, handle in enumerate(one for one in handles if one in ids):
        if number:
            await asyncio.sleep(SECONDS_BETWEEN)
        answer = await client.usergroups_users_list(usergroup=ids[handle])
        found[handle] = {name_address(workspace, str(one)) for one in answer.get("users") or []}
    return Groups(workspace, sorted(ids), found)
