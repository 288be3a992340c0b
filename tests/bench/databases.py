"""Fresh databases to measure on: SQLite in a folder that goes away, or PostgreSQL where a server is given."""

import os
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, make_url, text

from storage.migrate import upgrade
from storage.store import Store

VARIABLE = "MEDVIRK_BENCH_POSTGRES"  # a server on which databases may be made and dropped


@contextmanager
def fresh_store() -> Iterator[tuple[Store, Path]]:
    """A store on an empty database with today's tables, and a folder of its own. Both are gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="medvirk-bench-") as name, _fresh_url(Path(name)) as url:
        store = Store(url)
        try:
            upgrade(store)
            yield store, Path(name)
        finally:
            store.close()


@contextmanager
def on_postgres(server: str) -> Iterator[None]:
    """Within the block, what is measured is measured on this server; without an address, on SQLite."""
    before = os.environ.pop(VARIABLE, None)
    if server:
        os.environ[VARIABLE] = server
    try:
        yield
    finally:
        os.environ.pop(VARIABLE, None)
        if before is not None:
            os.environ[VARIABLE] = before


@contextmanager
def _fresh_url(folder: Path) -> Iterator[str]:
    if not (given := os.environ.get(VARIABLE)):
        yield f"sqlite:///{folder}/medvirk.sqlite3"
        return
    server, name = make_url(given), f"medvirk_bench_{uuid.uuid4().hex[:12]}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    try:
        yield server.set(database=name).render_as_string(hide_password=False)
    finally:
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        admin.dispose()
