"""Alembic's way in: it gets a connection from `storage.migrate` and never opens one itself."""

from alembic import context
from sqlmodel import SQLModel

from storage import tables

assert tables  # importing them fills the metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=SQLModel.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
)
context.run_migrations()
