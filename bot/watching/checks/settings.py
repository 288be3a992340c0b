"""Checks of the settings: what was left as it came, and what was written but is read by nobody."""

import os
from collections.abc import Iterator

from bot.settings.file import NAMED_BY, PREFIX, read_variables
from bot.settings.product import known_variables
from bot.watching.findings import Finding, Ground, look, ok
from storage.store import find_file

SETTINGS = "settings"


def check_settings(ground: Ground) -> Iterator[Finding]:
    settings = ground.settings
    read_from = f"read from {settings.file}" if settings.file else "read from the environment alone"
    yield ok(SETTINGS, f"{read_from}; what holds, medvirk settings shows")
    yield ok(SETTINGS, f"all can be used; the organisation is called {settings.organisation} in texts")
    if f"{PREFIX}ORGANISATION" not in {*os.environ, *read_variables(settings.file)}:
        yield look(
            SETTINGS, "MEDVIRK_ORGANISATION is not set, so texts name the made-up one; write what yours is called"
        )
    file = find_file(settings.database_url.get_secret_value())
    if file is not None and not file.is_absolute():
        yield look(SETTINGS, "MEDVIRK_DATABASE_URL depends on the folder you stand in; write sqlite:////whole/path")
    if not settings.keys_dir.is_absolute():
        yield look(SETTINGS, "MEDVIRK_KEYS_DIR depends on the folder you stand in; write a whole path")
    for name in sorted(set(os.environ) - {*known_variables(), NAMED_BY}):
        if name.startswith(PREFIX) and not name.startswith(f"{PREFIX}TEST_"):
            yield look(SETTINGS, f"{name} is set, but nothing reads it; is it spelt right?")
