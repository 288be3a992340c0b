"""Settings of Microsoft Graph, from which people, groups and addresses in Teams are read. Off without a tenant."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, BeforeValidator, SecretStr, model_validator
from pydantic_settings import SettingsConfigDict

from bot.settings.channels import ChannelSettings, check_guid, check_url, read_day


class GraphSettings(ChannelSettings):
    """An app registration in Entra that may read the directory. `mapping` says what is read and what it becomes.
    `teams_app` is what the tenant's own app catalogue calls our app; by it the app can be installed for people."""

    model_config = SettingsConfigDict(env_prefix="MEDVIRK_GRAPH_", frozen=True, extra="ignore")

    tenant_id: Annotated[str, AfterValidator(check_guid)] = ""
    client_id: Annotated[str, AfterValidator(check_guid)] = ""
    client_secret: SecretStr = SecretStr("")
    secret_expires: Annotated[date | None, BeforeValidator(read_day)] = None  # the doctor warns before it
    mapping: Path | None = None
    teams_app: Annotated[str, AfterValidator(check_guid)] = ""
    url: Annotated[str, AfterValidator(check_url)] = "https://graph.microsoft.com/v1.0"
    login_url: Annotated[str, AfterValidator(check_url)] = "https://login.microsoftonline.com"

    @property
    def is_on(self) -> bool:
        return bool(self.tenant_id)

    @property
    def token_url(self) -> str:
        return f"{self.login_url.rstrip('/')}/{self.tenant_id}/oauth2/v2.0/token"

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        problems = list(self._find_problems()) if self.tenant_id else []
        if problems:
            raise ValueError("\n".join(problems))
        return self

    def _find_problems(self) -> Iterator[str]:
        if not self.client_id:
            yield "MEDVIRK_GRAPH_CLIENT_ID: write the app's own id (Application (client) ID in Entra)"
        if not self.client_secret.get_secret_value():
            yield "MEDVIRK_GRAPH_CLIENT_SECRET: write the value of a secret of the app"
