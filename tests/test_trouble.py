"""Trouble with the database is told from mistakes in what it is asked."""

import sqlite3
from collections.abc import Callable

import psycopg
import pytest
from sqlalchemy.exc import (
    DBAPIError,
    IntegrityError,
    InterfaceError,
    InvalidRequestError,
    OperationalError,
    PendingRollbackError,
    ProgrammingError,
)
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from storage.trouble import name_trouble


def of_sqlite(name: str) -> OperationalError:
    cause = sqlite3.OperationalError("what it says may hold a value")
    cause.sqlite_errorcode, cause.sqlite_errorname = getattr(sqlite3, name), name
    return OperationalError("INSERT", None, cause)


def of_postgres(kind: type[DBAPIError], cause: Exception) -> DBAPIError:
    return kind("INSERT", None, cause)


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (lambda: of_sqlite("SQLITE_FULL"), "SQLITE_FULL"),
        (lambda: of_sqlite("SQLITE_BUSY"), "SQLITE_BUSY"),
        (lambda: of_sqlite("SQLITE_IOERR_WRITE"), "SQLITE_IOERR_WRITE"),
        (lambda: of_sqlite("SQLITE_CANTOPEN"), "SQLITE_CANTOPEN"),
        (lambda: of_postgres(OperationalError, psycopg.OperationalError()), "OperationalError"),
        (lambda: of_postgres(OperationalError, psycopg.errors.DiskFull()), "DiskFull"),
        (lambda: of_postgres(OperationalError, psycopg.errors.AdminShutdown()), "AdminShutdown"),
        (lambda: of_postgres(InterfaceError, psycopg.InterfaceError()), "InterfaceError"),
        (lambda: PendingRollbackError("lost", code="8s2b"), "connection lost"),
        (lambda: NoConnectionFree(), "no connection free"),
    ],
)
def test_what_may_go_well_a_little_later_has_a_name(make: Callable[[], Exception], name: str) -> None:
    assert name_trouble(make()) == name


@pytest.mark.parametrize(
    "make",
    [
        lambda: of_sqlite("SQLITE_ERROR"),  # no such table
        lambda: of_sqlite("SQLITE_READONLY"),  # what a page hears that writes while it only looks
        lambda: IntegrityError("INSERT", None, sqlite3.IntegrityError()),
        lambda: of_postgres(ProgrammingError, psycopg.errors.UndefinedTable()),
        lambda: PendingRollbackError("a flush failed before", code="7s2a"),
        lambda: InvalidRequestError("misused"),
        lambda: ZeroDivisionError(),
    ],
)
def test_a_mistake_has_none(make: Callable[[], Exception]) -> None:
    assert name_trouble(make()) is None
