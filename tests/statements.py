"""Statements are turned into SQL once in a test process, not anew for each test with a database of its own."""

from sqlalchemy import Connection, Dialect, Engine, event
from sqlalchemy.util import LRUCache

MOST_KEPT = 2_000


def share_statements() -> None:
    """Let all engines of this process share what SQLAlchemy keeps of statements it has turned into SQL, as the one
    engine of a running Medvirk does. A short test spent a third of its time on that. What is kept belongs to a dialect,
    so a connection takes over that of the first engine on the same database."""
    dialects: dict[str, Dialect] = {}
    statements: LRUCache[object, object] = LRUCache(MOST_KEPT)

    def share(connection: Connection) -> None:
        connection.dialect = dialects.setdefault(connection.dialect.name, connection.dialect)
        connection.execution_options(compiled_cache=statements)

    event.listen(Engine, "engine_connect", share)
