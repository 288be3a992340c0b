"""Settings of the channels that leave the house. A channel without its first variable is off."""

import os
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PORTS = {"starttls": 587, "tls": 465, "none": 25}
HERE = ("127.0.0.1", "localhost", "::1")
ADDRESS = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
GUID = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
LETS_ANYBODY_IN = "DANGEROUSLY_ALLOW_UNAUTHENTICATED_REQUESTS"  # a variable of Microsoft's library for Teams
SENDER_OF_SMS = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ]{0,10}|\+?[0-9]{3,15}")


def _check_address(text: str) -> str:
    if text and not ADDRESS.fullmatch(text):
        raise ValueError(f"{text!r} is no mail address; write one such as medvirk@your.organisation")
    return text


def check_url(url: str) -> str:
    parts = urlsplit(url)
    is_here = parts.scheme == "http" and parts.hostname in HERE
    if url and not (parts.hostname and (parts.scheme == "https" or is_here)):
        raise ValueError(f"{url!r} is no address to send secrets to; write https://…")
    return url


def check_guid(text: str) -> str:
    if text and not GUID.fullmatch(text):
        raise ValueError(f"{text!r} is no id of Entra's; copy the one of the form 00000000-0000-0000-0000-000000000000")
    return text.lower()


def read_day(said: object) -> date | None:
    if isinstance(said, date):
        return said
    try:
        return date.fromisoformat(str(said)) if said else None
    except ValueError:
        raise ValueError(f"{said!r} is no day; write one such as 2028-05-31") from None


def _check_sms_sender(text: str) -> str:
    if text and not SENDER_OF_SMS.fullmatch(text):
        raise ValueError(f"{text!r} cannot be who an SMS is from; write at most eleven letters and digits, or a number")
    return text


class ChannelSettings(BaseSettings):
    """Settings of a channel, from variables with a beginning of their own."""

    @property
    def is_on(self) -> bool:
        raise NotImplementedError


class MailSettings(ChannelSettings):
    """Where mail is handed in. Either nothing, a password, or a token fetched from `token_url` (XOAUTH2) opens it."""

    model_config = SettingsConfigDict(env_prefix="MEDVIRK_MAIL_", frozen=True, extra="ignore")

    host: str = ""
    port: int | None = Field(default=None, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    ca_file: Path | None = None  # of a mail server whose certificate the organisation signs itself
    sender: Annotated[str, AfterValidator(_check_address)] = ""
    user: str = ""
    password: SecretStr = SecretStr("")
    token_url: Annotated[str, AfterValidator(check_url)] = ""
    client_id: str = ""
    client_secret: SecretStr = SecretStr("")
    scope: str = "https://outlook.office365.com/.default"
    timeout_seconds: float = Field(default=20, gt=0, le=120)
    per_second: float | None = Field(default=None, gt=0, le=1000)  # what the server allows; None: as fast as it goes

    @property
    def is_on(self) -> bool:
        return bool(self.host)

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        problems = list(self._find_problems()) if self.host else []
        if problems:
            raise ValueError("\n".join(problems))
        return self

    def _find_problems(self) -> Iterator[str]:
        has_password, has_token = bool(self.password.get_secret_value()), bool(self.token_url)
        if not self.sender:
            yield "MEDVIRK_MAIL_SENDER: write the address that mail comes from"
        if has_password and has_token:
            yield "MEDVIRK_MAIL_PASSWORD: leave it out where MEDVIRK_MAIL_TOKEN_URL is set"
        if (has_password or has_token) and not self.user:
            yield "MEDVIRK_MAIL_USER: write who signs in"
        if self.user and not (has_password or has_token):
            yield "MEDVIRK_MAIL_PASSWORD: write it, or set MEDVIRK_MAIL_TOKEN_URL, or leave MEDVIRK_MAIL_USER out"
        if has_token and not (self.client_id and self.client_secret.get_secret_value()):
            yield "MEDVIRK_MAIL_CLIENT_ID and MEDVIRK_MAIL_CLIENT_SECRET: both are needed to fetch a token"
        if self.user and self.security == "none" and self.host not in HERE:
            yield "MEDVIRK_MAIL_SECURITY: a password or token is never sent in the open; write starttls or tls"


class SmsSettings(ChannelSettings):
    """Where text messages are handed in: an HTTP address that takes the neutral format of `bot.channels.sms`."""

    model_config = SettingsConfigDict(env_prefix="MEDVIRK_SMS_", frozen=True, extra="ignore")

    url: Annotated[str, AfterValidator(check_url)] = ""
    token: SecretStr = SecretStr("")
    sender: Annotated[str, AfterValidator(_check_sms_sender)] = "Medvirk"
    timeout_seconds: float = Field(default=20, gt=0, le=120)
    per_second: float | None = Field(default=None, gt=0, le=1000)  # what the server allows; None: as fast as it goes

    @property
    def is_on(self) -> bool:
        return bool(self.url)

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.url and not self.token.get_secret_value():
            raise ValueError("MEDVIRK_SMS_TOKEN: write the key that the provider gave")
        return self


class SlackSettings(ChannelSettings):
    """The app in one workspace, by its bot's token; or in several, each installed from a page of ours, by the app's id
    and secret. Slack's requests are known by the signing secret; or we connect to Slack by the app's own token, and
    need no public address."""

    model_config = SettingsConfigDict(env_prefix="MEDVIRK_SLACK_", frozen=True, extra="ignore")

    token: SecretStr = SecretStr("")
    signing_secret: SecretStr = SecretStr("")
    app_token: SecretStr = SecretStr("")
    client_id: str = ""
    client_secret: SecretStr = SecretStr("")
    api_url: Annotated[str, AfterValidator(check_url)] = "https://slack.com/api/"

    @property
    def is_on(self) -> bool:
        return bool(self.token.get_secret_value() or self.is_for_several)

    @property
    def is_for_several(self) -> bool:
        return bool(self.client_id)

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        problems = list(self._find_problems())
        if problems:
            raise ValueError("\n".join(problems))
        return self

    def _find_problems(self) -> Iterator[str]:
        has_secret = bool(self.client_secret.get_secret_value())
        if self.token.get_secret_value() and (self.client_id or has_secret):
            yield (
                "MEDVIRK_SLACK_TOKEN: is for one workspace, MEDVIRK_SLACK_CLIENT_ID and MEDVIRK_SLACK_CLIENT_SECRET "
                "for several; leave out the one or the others"
            )
        if self.client_id and not has_secret:
            yield "MEDVIRK_SLACK_CLIENT_SECRET: write it; it stands beside the client id"
        if has_secret and not self.client_id:
            yield "MEDVIRK_SLACK_CLIENT_ID: write it; it stands beside the client secret"
        if self.is_on and not (self.signing_secret.get_secret_value() or self.app_token.get_secret_value()):
            yield (
                "MEDVIRK_SLACK_SIGNING_SECRET: write it; or MEDVIRK_SLACK_APP_TOKEN where Slack can't reach this server"
            )


class TeamsSettings(ChannelSettings):
    """The app in one tenant, by its registration in Entra. The addresses are Microsoft's; where Teams reaches people is
    told by Teams itself, and `service_url` is where it is tried until then."""

    model_config = SettingsConfigDict(env_prefix="MEDVIRK_TEAMS_", frozen=True, extra="ignore")

    app_id: Annotated[str, AfterValidator(check_guid)] = ""
    app_secret: SecretStr = SecretStr("")
    tenant_id: Annotated[str, AfterValidator(check_guid)] = ""
    secret_expires: Annotated[date | None, BeforeValidator(read_day)] = None  # the doctor warns before it
    service_url: Annotated[str, AfterValidator(check_url)] = "https://smba.trafficmanager.net/emea/"
    keys_url: Annotated[str, AfterValidator(check_url)] = (
        "https://login.botframework.com/v1/.well-known/openidconfiguration"
    )
    token_url: Annotated[str, AfterValidator(check_url)] = ""  # empty: the tenant's own
    authentication: Literal["on", "off"] = "on"  # off: for trying it on one's own machine, without Microsoft
    timeout_seconds: float = Field(default=15, gt=0, le=120)
    per_second: float = Field(default=25, gt=0, le=50)  # Teams allows an app 50 in a tenant
    new_per_second: float = Field(default=7, gt=0, le=50)  # conversations that are opened

    @property
    def is_on(self) -> bool:
        return bool(self.app_id)

    @property
    def whose_tokens(self) -> str:
        return self.token_url or f"https://login.microsoftonline.com/{self.tenant_id}/oauth2/v2.0/token"

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        problems = list(self._find_problems()) if self.app_id else []
        if problems:
            raise ValueError("\n".join(problems))
        return self

    def _find_problems(self) -> Iterator[str]:
        if not self.tenant_id:
            yield "MEDVIRK_TEAMS_TENANT_ID: write the id of the organisation's own tenant"
        if not self.app_secret.get_secret_value() and self.authentication == "on":
            yield "MEDVIRK_TEAMS_APP_SECRET: write the secret of the app's registration"

    def find_danger(self) -> Iterator[str]:
        """What would let in anybody, where people come from outside."""
        if self.authentication == "off":
            yield "MEDVIRK_TEAMS_AUTHENTICATION: leave it out; without it anybody could answer for anybody"
        if os.environ.get(LETS_ANYBODY_IN):
            yield f"{LETS_ANYBODY_IN}: take it out of the environment; it lets in what does not come from Microsoft"
