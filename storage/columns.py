"""Column types that mean the same on SQLite and PostgreSQL, and the table options that hide row order."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, Column, DateTime, Dialect
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator, TypeEngine


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment in UTC. SQLite loses zones, so they are taken off going in and put on coming out.

    A naive datetime is refused with ValueError: every moment in the product knows its zone.
    """

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(DateTime(timezone=dialect.name == "postgresql"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone; moments are stored in UTC")
        in_utc = value.astimezone(UTC)
        return in_utc if dialect.name == "postgresql" else in_utc.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


def moment(*, nullable: bool = False, index: bool = False) -> Column[Any]:
    """A column for an aware moment (see UtcDateTime)."""
    return Column(UtcDateTime(), nullable=nullable, index=index)


def document(*, nullable: bool = False) -> Column[Any]:
    """A column for a JSON document. Changes in place are not seen: assign a new value."""
    return Column(JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"), nullable=nullable)


# A table without row ids is laid out by its primary key, so a random key leaves no order of arrival in it.
WITHOUT_ROW_ORDER = {"sqlite_with_rowid": False}

# SQLite gives a deleted row's id to the next one; where a form or a message names a row by id, that would be another.
NEVER_REUSED = {"sqlite_autoincrement": True}
