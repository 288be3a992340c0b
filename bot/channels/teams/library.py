"""Microsoft's library for Teams, with everything it uses given by us: it would read a `.env` file that lies about and
the environment by itself, wait without end, and tell of activities in the log."""

import logging
import os
import warnings
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from bot.settings.channels import LETS_ANYBODY_IN, TeamsSettings

if TYPE_CHECKING:
    from microsoft_teams.apps import App

GetToken = Callable[[], Awaitable[str]]

LIBRARY = "microsoft_teams"
ITS_CLIENT = "microsoft_teams.common.http.client"  # it gives its own level to httpx, which tells of each call
ITS_VARIABLES = ("CLIENT_ID", "CLIENT_SECRET", "TENANT_ID", "MANAGED_IDENTITY_CLIENT_ID", "SERVICE_URL", "CLOUD")
NO_DOTENV = "PYTHON_DOTENV_DISABLED"


class NoServer:
    """The library wants somewhere to hang its own door. Nobody comes in by it: what arrives is proven by us first
    (bot.channels.teams.arriving)."""

    def register_route(self, method: str, path: str, handler: Any) -> None:
        """Nothing is registered."""

    def serve_static(self, path: str, directory: str) -> None:
        """Nothing is served."""

    async def start(self, port: int) -> None:
        """We are served by somebody else."""

    async def stop(self) -> None:
        """Nothing was started."""


def make_app(settings: TeamsSettings, get_token: GetToken) -> "App":
    """The library's app. `get_token` opens Teams for what we send."""
    quiet = {LIBRARY: logging.CRITICAL, ITS_CLIENT: logging.WARNING}
    for name, level in quiet.items():
        logging.getLogger(name).setLevel(level)
    with _without_its_environment():
        from microsoft_teams.api.auth.cloud_environment import PUBLIC, with_overrides
        from microsoft_teams.apps import App
        from microsoft_teams.common import ClientOptions

        async def give_token(scope: str | list[str], tenant_id: str | None) -> str:
            return await get_token()

        return App(
            client_id=settings.app_id,
            token=give_token,
            tenant_id=settings.tenant_id,
            client=ClientOptions(timeout=settings.timeout_seconds),
            service_url=settings.service_url,
            cloud=with_overrides(PUBLIC, openid_metadata_url=settings.keys_url),
            http_server_adapter=NoServer(),
            dangerously_allow_unauthenticated_requests=False,
            fetch_user_token=False,
            state=False,
            telemetry={"agent365": False},
        )


@contextmanager
def _without_its_environment() -> Iterator[None]:
    taken = {name: os.environ.pop(name, None) for name in (*ITS_VARIABLES, LETS_ANYBODY_IN, NO_DOTENV)}
    os.environ[NO_DOTENV] = "1"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns of its own parts while it is imported
            yield
    finally:
        del os.environ[NO_DOTENV]
        os.environ.update({name: value for name, value in taken.items() if value is not None})
