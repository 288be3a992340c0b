"""Checks of the settings: what was left as it came, and what was written but is read by nobody."""

import os
from collections.abc import Iterator

from bot.channel_settings import MailSettings, SmsSettings
from bot.settings import PREFIX, Settings
from bot.watching.findings import Finding, Ground, look, ok
from storage.store import find_file

SETTINGS = "settings"
OWN_MODELS = ("mail", "sms")


def check_settings(ground: Ground) -> Iterator[Finding]:
    settings = ground.settings
    yield ok(SETTINGS, f"all can be used; the organisation is called {settings.organisation} in texts")
    if f"{PREFIX}ORGANISATION" not in os.environ:
        yield look(
            SETTINGS, "MEDVIRK_ORGANISATION is not set, so texts name the made-up one; write what yours is called"
        )
    file = find_file(settings.database_url.get_secret_value())
    if file is not None and not file.is_absolute():
        yield look(SETTINGS, "MEDVIRK_DATABASE_URL depends on the folder you stand in; write sqlite:////whole/path")
    if not settings.keys_dir.is_absolute():
        yield look(SETTINGS, "MEDVIRK_KEYS_DIR depends on the folder you stand in; write a whole path")
    for name in sorted(set(os.environ) - _known_names()):
        if name.startswith(PREFIX) and not name.startswith(f"{PREFIX}TEST_"):
            yield look(SETTINGS, f"{name} is set, but nothing reads it; is it spelt right?")


def _known_names() -> set[str]:
    models = ((PREFIX, Settings), (f"{PREFIX}MAIL_", MailSettings), (f"{PREFIX}SMS_", SmsSettings))
    return {f"{prefix}{name.upper()}" for prefix, model in models for name in model.model_fields} - {
        f"{PREFIX}{name.upper()}" for name in OWN_MODELS
    }
