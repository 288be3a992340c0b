"""Where a rehearsal is played: a database and a key folder that are gone afterwards; the real one is only read."""

import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import event, make_url
from sqlalchemy.engine import Engine

from bot.app import build_parts, close_parts
from bot.demo.world import demo_settings
from bot.parts import Parts
from bot.settings.product import Settings
from storage.copying import count_active_people
from storage.migrate import upgrade
from storage.store import Store


@contextmanager
def set_stage(settings: Settings) -> Iterator[Parts]:
    """The parts of a copy, with no flows of its own and channels that reach nobody."""
    with tempfile.TemporaryDirectory(prefix="medvirk-rehearsal-") as folder:
        own = demo_settings(Path(folder), settings.base_url)
        kept = ("organisation", "zone", "digest_cron", "most_questions", "most_minutes")
        parts = build_parts(own.model_copy(update={name: getattr(settings, name) for name in kept}), {})
        try:
            hurry(parts.store.engine)
            upgrade(parts.store)
            yield parts
        finally:
            close_parts(parts)


@contextmanager
def find_source(settings: Settings) -> Iterator[Store | None]:
    """The real store, where there are people in it; it is neither made nor upgraded. None where there are none."""
    url = settings.database_url.get_secret_value()
    address = make_url(url)
    if address.get_backend_name() == "sqlite" and not Path(address.database or "").is_file():
        yield None
        return
    with closing(Store(url)) as store:
        yield store if count_active_people(store) else None


def hurry(engine: Engine) -> None:
    """What is lost when the power goes need not be kept: the copy never waits for the disk."""

    @event.listens_for(engine, "connect")
    def set_up(connection: object, _record: object) -> None:
        for pragma in ("synchronous=OFF", "secure_delete=OFF"):
            connection.execute(f"PRAGMA {pragma}")  # type: ignore[attr-defined]
