"""Who is in the user groups of a Slack workspace."""

import asyncio
from collections.abc import Collection, Mapping

from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.slack.reading import name_address

SECONDS_BETWEEN = 3  # Slack allows twenty of these calls a minute


class UnknownHandle(Exception):
    """No active user group is called that; `known` are those there are."""

    def __init__(self, handle: str, known: Collection[str]) -> None:
        super().__init__(handle)
        self.handle, self.known = handle, known


async def read_groups(client: AsyncWebClient, workspace: str, handles: Collection[str]) -> Mapping[str, set[str]]:
    """The addresses of the members, by the handle. Raises UnknownHandle before anything else is read, and
    SlackApiError."""
    groups = (await client.usergroups_list()).get("usergroups") or []
    ids = {str(one["handle"]): str(one["id"]) for one in groups if one.get("handle") and not one.get("date_delete")}
    for handle in handles:
        if handle not in ids:
            raise UnknownHandle(handle, sorted(ids))
    found = {}
    for number, handle in enumerate(handles):
        if number:
            await asyncio.sleep(SECONDS_BETWEEN)
        answer = await client.usergroups_users_list(usergroup=ids[handle])
        found[handle] = {name_address(workspace, str(one)) for one in answer.get("users") or []}
    return found
