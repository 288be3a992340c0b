"""Installing the app in a workspace: from a link that we have signed for it, over Slack's own page, and back.

Who has no such link gets no further, and who has one can install in that workspace alone: people are found by their
mail among a workspace's members, so a stranger's workspace would be a way to somebody else's questions.
"""

import logging
from collections.abc import Awaitable, Callable
from urllib.parse import urljoin

import aiohttp
from slack_bolt import BoltResponse
from slack_bolt.adapter.starlette.async_handler import to_async_bolt_request, to_starlette_response
from slack_bolt.error import BoltError
from slack_bolt.oauth.async_callback_options import AsyncCallbackOptions, AsyncFailureArgs, AsyncSuccessArgs
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore
from slack_sdk.web.async_client import AsyncWebClient
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.channels.slack.invitations import INSTALL, INVITE, STATE, STATE_LIVES, name_workspace, read, sign
from bot.channels.slack.scopes import SCOPES
from bot.door import Clock, Door
from bot.pages.serving import Pages
from bot.settings.channels import SlackSettings
from bot.trouble import Trouble

BACK = "/slack/oauth_redirect"

Handler = Callable[[AsyncBoltRequest], Awaitable[BoltResponse]]

log = logging.getLogger("medvirk.slack")


class NotInstalled(BoltError):
    """The workspace has said yes, and we have not."""

    def __init__(self, why: Trouble) -> None:
        super().__init__(why.key)
        self.why = why


class SignedStates(AsyncOAuthStateStore):
    """States without a table. That one comes back once only is the browser's to keep: Bolt compares it with a cookie,
    which goes when it has come; and Slack gives a token once for each code."""

    def __init__(self, key: bytes, clock: Clock) -> None:
        self._key, self._clock = key, clock

    async def async_issue(self, *args: object, **kwargs: object) -> str:
        return sign(self._key, STATE, str(args[0]), self._clock() + STATE_LIVES)

    async def async_consume(self, state: str) -> bool:
        return self.find_workspace(state) is not None

    def find_workspace(self, state: str) -> str | None:
        """The one for which it was begun."""
        return read(self._key, STATE, state, self._clock())


class InvitedFlow(AsyncOAuthFlow):
    """Bolt's way to a token, for the workspace that was invited, and no other."""

    def __init__(self, states: SignedStates, client: AsyncWebClient, settings: AsyncOAuthSettings) -> None:
        super().__init__(client=client, logger=log, settings=settings)
        self._states = states

    async def issue_new_state(self, request: AsyncBoltRequest) -> str:
        return await self._states.async_issue(request.context["workspace"])

    async def store_installation(self, request: AsyncBoltRequest, installation: Installation) -> None:
        """Raises NotInstalled; what Slack has given us is given back then."""
        if objection := await self._find_objection(request, installation):
            log.warning("an installation was refused: %s", objection.key)
            try:
                await self.client.auth_revoke(token=installation.bot_token)
            except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError) as error:
                log.warning("and what Slack gave for it could not be given back (%s)", type(error).__name__)
            raise NotInstalled(objection)
        await super().store_installation(request, installation)

    async def _find_objection(self, request: AsyncBoltRequest, installation: Installation) -> Trouble | None:
        """What stands against it; None where nothing does."""
        if installation.is_enterprise_install or not installation.team_id:
            return Trouble("slack_whole_enterprise", 403)
        if installation.bot_refresh_token:
            return Trouble("slack_rotates", 403)
        known = await self.settings.installation_store.async_find_bot(enterprise_id=None, team_id=installation.team_id)
        if known is not None:  # chosen by mistake, maybe; to give back what Slack gave would put us out of it
            return None
        invited = self._states.find_workspace(request.query["state"][0])
        try:
            url = str((await self.client.auth_test(token=installation.bot_token)).get("url", ""))
        except SlackApiError:
            return Trouble("slack_not_installed", 502)
        is_invited = invited in (installation.team_id, name_workspace(url))
        return None if is_invited else Trouble("slack_other_workspace", 403)


def make_install_routes(
    settings: SlackSettings, client: AsyncWebClient, store: AsyncInstallationStore, key: bytes, door: Door
) -> list[BaseRoute]:
    """Where an invitation leads to, and where Slack sends the browser back to."""
    base_url = door.parts.settings.base_url
    pages, states = Pages(door, is_secure=door.parts.settings.is_secure), SignedStates(key, door.clock)

    async def succeed(args: AsyncSuccessArgs) -> BoltResponse:
        name = args.installation.team_name or args.installation.team_id
        return _answer(Trouble("slack_installed", 200, with_words={"name": name}), args.request)

    async def fail(args: AsyncFailureArgs) -> BoltResponse:
        if isinstance(args.error, NotInstalled):
            return _answer(args.error.why, args.request)
        log.warning("an installation was broken off: %s", _name_reason(args.reason))
        return _answer(Trouble("slack_not_installed", args.suggested_status_code), args.request)

    def _answer(trouble: Trouble, asked: AsyncBoltRequest) -> BoltResponse:
        page = pages.explain(trouble, asked.context["browser"])
        cookie = flow.settings.state_utils.build_set_cookie_for_deletion()
        headers = {"Content-Type": "text/html; charset=utf-8", "Set-Cookie": [cookie]}
        return BoltResponse(status=page.status_code, body=bytes(page.body).decode(), headers=headers)

    flow = InvitedFlow(
        states,
        client,
        AsyncOAuthSettings(
            client_id=settings.client_id,
            client_secret=settings.client_secret.get_secret_value(),
            scopes=list(SCOPES),
            user_scopes=(),
            redirect_uri=f"{base_url}{BACK}",
            install_page_rendering_enabled=False,  # Slack's own page says what is asked for
            authorization_url=urljoin(settings.api_url, "/oauth/v2/authorize"),
            callback_options=AsyncCallbackOptions(succeed, fail),
            installation_store=store,
            installation_store_bot_only=True,
            state_store=states,
            state_expiration_seconds=int(STATE_LIVES.total_seconds()),
            logger=log,
        ),
    )

    async def begin(request: Request) -> Response:
        workspace = read(key, INVITE, request.path_params["invitation"], door.clock())
        if workspace is None:
            return pages.explain(Trouble("slack_not_invited", 403), request)
        asked = to_async_bolt_request(request, b"", {"workspace": workspace, "browser": request})
        return to_starlette_response(await flow.handle_installation(asked))

    async def come_back(request: Request) -> Response:
        told = to_async_bolt_request(request, b"", {"browser": request})
        return to_starlette_response(await flow.handle_callback(told))

    return [Route(f"{INSTALL}/{{invitation}}", begin), Route(BACK, come_back)]


def _name_reason(reason: str) -> str:
    """As far as it is a word: it may come from the address."""
    return reason if reason.isascii() and reason.replace("_", "").isalnum() and len(reason) < 40 else "unknown"
