"""What is asked of Microsoft Graph, by Microsoft's own library: the one place that needs it.

The library's builders, sign-in, retries and errors are used, but not its models: to make a user of one costs 8 ms, and
50,000 seven minutes. What an answer says is read as the JSON it is.
"""

import json
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import httpx
from kiota_abstractions.api_error import APIError
from kiota_abstractions.authentication import AccessTokenProvider, AllowedHostsValidator
from kiota_abstractions.authentication.base_bearer_token_authentication_provider import (
    BaseBearerTokenAuthenticationProvider,
)
from kiota_abstractions.base_request_configuration import RequestConfiguration
from kiota_abstractions.method import Method
from kiota_abstractions.request_information import RequestInformation
from kiota_http.kiota_client_factory import KiotaClientFactory
from kiota_http.middleware.options import RetryHandlerOption
from msgraph.generated.groups.item.transitive_members.transitive_members_request_builder import (
    TransitiveMembersRequestBuilder,
)
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from msgraph.generated.users.delta.delta_request_builder import DeltaRequestBuilder
from msgraph.generated.users.item.user_item_request_builder import UserItemRequestBuilder
from msgraph.graph_request_adapter import GraphRequestAdapter
from msgraph.graph_service_client import GraphServiceClient

from bot.channels.contract import DeliveryError
from bot.channels.tokens import Token
from bot.directory.graph.answers import GraphAway, GraphRefuses, Installed, LinkExpired, may_be_asked
from bot.directory.graph.signing_in import SECONDS, grant_of
from bot.settings.graph import GraphSettings

MOST_TRIES = 8  # each after as long as Graph asks for
ON_A_PAGE = 999  # the most that Graph gives of members
USER = "#microsoft.graph.user"
OF_A_MEMBER = ["id", "accountEnabled", "userType", "userPrincipalName"]
# By which Graph says that changes since so long ago are no longer known:
# https://learn.microsoft.com/graph/delta-query-overview#synchronization-reset
EXPIRED = ("resyncrequired", "syncstatenotfound", "directory_resyncrequired", "directory_expiredpagetoken")
FORBIDDEN, NOT_FOUND, CONFLICT, GONE, TOO_MANY, FIRST_OF_THE_SERVER = 403, 404, 409, 410, 429, 500
ERRORS = {"XXX": ODataError}


INSTALLING = {CONFLICT: Installed.already, NOT_FOUND: Installed.unknown, FORBIDDEN: Installed.refused}


class GraphClient:
    """Asks Graph; made by `graph_client`."""

    def __init__(self, adapter: GraphRequestAdapter) -> None:
        self._adapter, self._graph = adapter, GraphServiceClient(request_adapter=adapter)

    async def read_changes(self, select: list[str], link: str) -> dict[str, Any]:
        """One page of accounts: from the beginning, or where `link` leads. Raises LinkExpired, GraphRefuses and
        GraphAway, as all of these do."""
        query = DeltaRequestBuilder.DeltaRequestBuilderGetQueryParameters(select=select)
        delta = self._graph.users.delta
        request = (
            delta.with_url(link).to_get_request_information()
            if link
            else delta.to_get_request_information(RequestConfiguration(query_parameters=query))
        )
        return await self._ask(request, "User.Read.All", "the accounts")

    async def read_account(self, object_id: str, select: list[str]) -> dict[str, Any] | None:
        """One account, with its manager; None where there is none."""
        fields, expand = [one for one in select if one != "manager"], ["manager($select=id)"]
        query = UserItemRequestBuilder.UserItemRequestBuilderGetQueryParameters(
            select=fields, expand=expand if "manager" in select else None
        )
        user = self._graph.users.by_user_id(object_id)
        request = user.to_get_request_information(RequestConfiguration(query_parameters=query))
        try:
            return await self._ask(request, "User.Read.All", "an account", (NOT_FOUND,))
        except _Expected:
            return None

    async def read_members(self, group: str, place: str) -> AsyncIterator[list[str]]:
        """Who is in a group or in a group within it, a page at a time: object ids of accounts that are in use, neither
        guests nor groups. `place` says what the group is for."""
        query = TransitiveMembersRequestBuilder.TransitiveMembersRequestBuilderGetQueryParameters(
            select=OF_A_MEMBER, top=ON_A_PAGE
        )
        members = self._graph.groups.by_group_id(group).transitive_members
        request = members.to_get_request_information(RequestConfiguration(query_parameters=query))
        while True:
            try:
                answer = await self._ask(request, "GroupMember.Read.All", "the members of groups", (NOT_FOUND,))
            except _Expected:
                raise GraphRefuses(f"Entra has no group {group} ({place}); mend the mapping file") from None
            yield [one["id"] for one in answer.get("value", ()) if one.get("@odata.type") == USER and may_be_asked(one)]
            if not (link := answer.get("@odata.nextLink")):
                return
            request = members.with_url(link).to_get_request_information()

    async def install_app(self, object_id: str, app: str) -> Installed:
        """Install the app of the tenant's catalogue for a person. Raises GraphRefuses where the app may install for
        nobody."""
        installed = self._graph.users.by_user_id(object_id).teamwork.installed_apps
        request = RequestInformation(Method.POST, installed.url_template, installed.path_parameters)
        request.headers.try_add("Accept", "application/json")
        body = {"teamsApp@odata.bind": f"{self._adapter.base_url}/appCatalogs/teamsApps/{app}"}
        request.set_stream_content(json.dumps(body).encode(), "application/json")
        try:
            await self._ask(
                request, "TeamsAppInstallation.ReadWriteSelfForUser.All", "installing the app", list(INSTALLING)
            )
        except _Expected as answer:
            return INSTALLING[answer.status]
        return Installed.yes

    async def _ask(
        self, request: RequestInformation, permission: str, what: str, expected: Collection[int] = ()
    ) -> dict[str, Any]:
        try:
            said = await self._adapter.send_primitive_async(request, "bytes", ERRORS)
        except APIError as error:
            raise _judge(error, permission, what, expected) from None
        except DeliveryError as error:
            raise GraphRefuses(str(error)) from None
        except httpx.HTTPError as error:
            raise GraphAway(f"Microsoft Graph cannot be reached ({type(error).__name__})") from None
        try:
            answer = json.loads(said or b"{}")
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise GraphAway("What answers in the place of Microsoft Graph is something else; look at MEDVIRK_GRAPH_URL")
        return answer


@asynccontextmanager
async def graph_client(settings: GraphSettings) -> AsyncIterator[GraphClient]:
    """A client that signs in by itself when it is first needed."""
    retry = RetryHandlerOption(max_retries=MOST_TRIES)
    # Not by Graph's own factory: what that makes never closes its connections, and tells Microsoft of the machine.
    http = KiotaClientFactory.create_with_default_middleware(options={retry.get_key(): retry})
    http.timeout = httpx.Timeout(SECONDS)
    adapter = GraphRequestAdapter(BaseBearerTokenAuthenticationProvider(_Tokens(settings)), client=http)
    adapter.base_url = settings.url.rstrip("/")  # before the client is made: it takes the address from here then
    async with http:
        yield GraphClient(adapter)


class _Tokens(AccessTokenProvider):
    """Tokens for our own Graph alone: a link in an answer that leads elsewhere gets none."""

    def __init__(self, settings: GraphSettings) -> None:
        parts = urlsplit(settings.url)
        self._host, self._scheme = parts.netloc, parts.scheme
        self._token = Token(grant_of(settings))

    async def get_authorization_token(
        self, uri: str, additional_authentication_context: dict[str, Any] | None = None
    ) -> str:
        parts = urlsplit(uri)
        if (parts.scheme, parts.netloc) != (self._scheme, self._host):
            raise GraphRefuses(
                f"A page leads to {parts.netloc}, which is not MEDVIRK_GRAPH_URL; nothing was sent there"
            )
        return await self._token.get()

    def get_allowed_hosts_validator(self) -> AllowedHostsValidator:
        return AllowedHostsValidator([self._host])


class _Expected(Exception):
    """An answer that the caller has a meaning for."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def _judge(error: APIError, permission: str, what: str, expected: Collection[int]) -> Exception:
    """What an error of Graph's is here."""
    status = error.response_status_code or 0
    said = error.error if isinstance(error, ODataError) else None
    code, message = (said.code or "", said.message or "") if said else ("", "")
    if status == GONE or code.lower() in EXPIRED:
        return LinkExpired()
    # Without the permission nobody can be served; with it, a policy may keep single people out.
    if status == FORBIDDEN and (code == "Authorization_RequestDenied" or "role permissions" in message):
        return GraphRefuses(f"The app may not read or do this ({what}): grant it {permission}, with admin consent")
    if status in expected:
        return _Expected(status)
    if status == TOO_MANY or status >= FIRST_OF_THE_SERVER:
        return GraphAway(f"Microsoft Graph has too much to do ({status})")
    return GraphRefuses(f"Microsoft Graph refuses {what} ({status} {code})".rstrip())
