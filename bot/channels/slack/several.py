"""The app in several workspaces: what it writes with in each is kept by whoever put the parts together."""

from typing import Any

from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore


class Several(AsyncAuthorize):
    """`store` is where tokens are kept; `key` is what invitations are signed with. As what the library asks for each
    request, it answers from the store; the library's own way would ask Slack about the token every time."""

    def __init__(self, store: AsyncInstallationStore, key: bytes) -> None:
        self.store, self.key = store, key

    async def __call__(
        self, *, enterprise_id: str | None, team_id: str | None, **_others: Any
    ) -> AuthorizeResult | None:
        bot = await self.store.async_find_bot(enterprise_id=None, team_id=team_id)
        if bot is None:
            return None
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_token=bot.bot_token,
            bot_id=bot.bot_id,
            bot_user_id=bot.bot_user_id,
            bot_scopes=bot.bot_scopes,
        )

    async def find_token(self, workspace: str) -> str | None:
        """What the app writes with in a workspace now; None where it is not in it."""
        bot = await self.store.async_find_bot(enterprise_id=None, team_id=workspace)
        return bot.bot_token if bot is not None else None
