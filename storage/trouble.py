"""Trouble with the database itself, told from mistakes in what it is asked: it is away, its disk is full, or somebody
else has held it too long. The same work may go well a little later."""

import sqlite3

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, PendingRollbackError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

# https://sqlite.org/rescode.html: what the file system or another process is to blame for. Not SQLITE_READONLY: that is
# also what a reading session hears when it tries to write.
SQLITE_TROUBLE = {
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_PROTOCOL,
}
PRIMARY = 0xFF  # the lowest byte of an extended result code
LOST_MIDWAY = "8s2b"  # https://sqlalche.me/e/21/8s2b: the connection was lost, and more was asked of it


def name_trouble(error: BaseException) -> str | None:
    """What is wrong, in a word for the log that holds nothing of what was being written; None where it is a mistake."""
    if isinstance(error, NoConnectionFree):
        return "no connection free"
    if isinstance(error, PendingRollbackError) and error.code == LOST_MIDWAY:
        return "connection lost"
    cause = error.orig if isinstance(error, DBAPIError) else None
    if isinstance(cause, sqlite3.Error):
        code = getattr(cause, "sqlite_errorcode", 0)  # the driver's own complaints have none
        return str(cause.sqlite_errorname) if code & PRIMARY in SQLITE_TROUBLE else None
    return type(cause).__name__ if isinstance(error, OperationalError | InterfaceError) else None
