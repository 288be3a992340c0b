"""Settings, read once from the environment and the settings file; what stands in the environment wins. A bad value
names its variable and says what to write."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.settings.channels import HERE, ChannelSettings, MailSettings, SlackSettings, SmsSettings, TeamsSettings
from bot.settings.file import PREFIX, FileUnusable, find_misspelt, find_settings_file
from bot.settings.graph import GraphSettings

T = TypeVar("T", bound=BaseSettings)

SHORTEST_TOKEN = 24  # characters


class SettingsInvalid(Exception):
    """One or more variables cannot be used; the text names each and says what to write."""


def _check_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError(f"{name!r} is no time zone; write one such as Europe/Oslo") from None
    return name


def _check_cron(cron: str) -> str:
    try:
        CronSim(cron, datetime(2027, 1, 1))  # noqa: DTZ001  wall-clock time on purpose
    except CronSimError as error:
        raise ValueError(f"{cron!r} is no schedule ({error}); write five fields such as '0 8 * * mon'") from None
    return cron


def is_loopback(url: str) -> bool:
    """Whether only this machine reaches the address."""
    return urlsplit(url).hostname in HERE


def _check_base_url(url: str) -> str:
    parts = urlsplit(url)
    is_here = parts.scheme == "http" and is_loopback(url)
    if not parts.hostname or not (parts.scheme == "https" or is_here) or set(url) & set(" \t\"'<>"):
        raise ValueError(
            f"{url!r} is no address people could use safely; write https://name.of.your.server "
            "(http only on this machine), or links could be read on the way"
        )
    return url.rstrip("/")


def _check_token(token: SecretStr) -> SecretStr:
    if 0 < len(token.get_secret_value()) < SHORTEST_TOKEN or not token.get_secret_value().isascii():
        raise ValueError(f"too easy to guess; write at least {SHORTEST_TOKEN} letters and digits drawn by chance")
    return token


def _split_folders(value: Any) -> Any:
    return tuple(Path(one) for one in value.split(":") if one) if isinstance(value, str) else value


class Settings(BaseSettings):
    """What an organisation sets. Every variable begins with MEDVIRK_."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore")

    organisation: str = "Solvik kommune"
    database_url: SecretStr = SecretStr("sqlite:///var/medvirk.sqlite3")
    keys_dir: Path = Path("var/keys")
    flows_dir: Annotated[tuple[Path, ...], NoDecode, BeforeValidator(_split_folders)] = ()
    base_url: Annotated[str, AfterValidator(_check_base_url)] = "http://127.0.0.1:8000"
    zone: Annotated[str, AfterValidator(_check_zone)] = "Europe/Oslo"
    digest_cron: Annotated[str, AfterValidator(_check_cron)] = "0 8 * * mon"
    most_questions: int = Field(default=3, ge=1, le=12)  # to one person in thirty days, by all flows together
    most_minutes: float = Field(default=5, gt=0, le=30)

    metrics_token: Annotated[SecretStr, AfterValidator(_check_token)] = SecretStr("")  # empty: /metrics is off
    log: Literal["text", "json"] = "text"
    stop_seconds: float = Field(default=25, ge=1, le=600)  # to finish what is in the hand

    mail: MailSettings | None = None  # None where the channel is off; read from variables of their own
    sms: SmsSettings | None = None
    slack: SlackSettings | None = None
    teams: TeamsSettings | None = None
    graph: GraphSettings | None = None

    file: Path | None = None  # which settings file was read; no variable of its own

    @property
    def is_secure(self) -> bool:
        return self.base_url.startswith("https://")


CHANNELS: Mapping[str, type[ChannelSettings]] = {
    "mail": MailSettings,
    "sms": SmsSettings,
    "slack": SlackSettings,
    "teams": TeamsSettings,
    "graph": GraphSettings,
}


def read_settings() -> Settings:
    """The settings. Raises SettingsInvalid with a line for each variable that cannot be used."""
    try:
        file = find_settings_file()
    except FileUnusable as error:
        raise SettingsInvalid(str(error)) from None
    misspelt = list(find_misspelt(file, known_variables()))
    if misspelt:
        raise SettingsInvalid("\n".join(misspelt))
    problems: list[str] = []
    settings = _read(Settings, file, problems)
    read = {name: _read(model, file, problems) for name, model in CHANNELS.items()}
    if settings is None or None in read.values():
        raise SettingsInvalid("\n".join(problems))
    channels = {name: one if one and one.is_on else None for name, one in read.items()}
    if (
        settings.is_secure
        and isinstance(teams := channels["teams"], TeamsSettings)
        and (found := [*teams.find_danger()])
    ):
        raise SettingsInvalid("\n".join(found))
    return settings.model_copy(update={**channels, "file": file})


def values_of(settings: Settings) -> dict[str, object]:
    """Variable -> the value in use; None all through a channel that is off."""
    channels = ((model, getattr(settings, name)) for name, model in CHANNELS.items())
    parts: tuple[tuple[type[BaseSettings], object], ...] = ((Settings, settings), *channels)
    return {name: getattr(part, field, None) for model, part in parts for field, name in _names(model).items()}


def known_variables() -> list[str]:
    """The name of every variable there is."""
    models: tuple[type[BaseSettings], ...] = (Settings, *CHANNELS.values())
    return [name for model in models for name in _names(model).values()]


def _names(model: type[BaseSettings]) -> dict[str, str]:
    """Field -> variable."""
    made_here = {*CHANNELS, "file"} if model is Settings else set()
    prefix = model.model_config["env_prefix"]
    return {field: f"{prefix}{field.upper()}" for field in model.model_fields if field not in made_here}


def _read(model: type[T], file: Path | None, problems: list[str]) -> T | None:
    try:
        return model(_env_file=file, _env_file_encoding="utf-8")
    except ValidationError as error:
        for one in error.errors():
            says = one["msg"].removeprefix("Value error, ")
            # What is only wrong together names its variables itself.
            name = f"{_names(model)[str(one['loc'][0])]}: " if one["loc"] else ""
            problems.append(name + says)
        return None
