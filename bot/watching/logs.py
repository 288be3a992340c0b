"""Logs without personal data, as text or as JSON: what happened and where, with ids; never what an error held.

What an exception says may be what somebody wrote, or a line of the database. So of an exception its kind and its place
in the code are kept, and of a database's or the system's own mistakes their code; no values. Of other libraries' own
words only the first line is kept: asyncio shows the objects it speaks of in those that follow.
"""

import json
import logging
import os
import re
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from traceback import extract_tb
from typing import Any, Literal

from sqlalchemy.exc import DBAPIError

from storage.trouble import name_trouble

ROOT = f"{Path(__file__).parents[2]}/"
OURS = "medvirk"
PLACE = re.compile(r"(?:(\w+) )?%[sd]")
QUIET = ("alembic", "apscheduler", "httpcore", "httpx")  # httpx would tell of every SMS, and when

log = logging.getLogger(OURS)


def set_up_logs(form: Literal["text", "json"]) -> None:
    """Everything that is logged, also by libraries and by what dies unseen, goes to stderr in this form."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if form == "json" else TextLines())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.captureWarnings(True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    threading.excepthook = _log_death


def log_failure(where: logging.Logger, what: str, *ids: object, error: Exception) -> None:
    """Log that something failed and is tried again: with its place in the code where it is a mistake, and in a line
    where the database is away, or a minute of that would fill the log."""
    if trouble := name_trouble(error):
        where.warning(f"{what} (the database: %s)", *ids, trouble)
    else:
        where.error(what, *ids, exc_info=error)


class TextLines(logging.Formatter):
    """A line for people; below it, where an exception came from."""

    def format(self, record: logging.LogRecord) -> str:
        line = f"{_moment(record)} {record.levelname} {record.name}: {say(record)}"
        return "\n  ".join([line, *(f"{one['kind']}: {' < '.join(one['at'])}" for one in describe(_error(record)))])


class JsonLines(logging.Formatter):
    """An object a line: time, level, where, what, ids, and errors with their kind and their place, innermost first."""

    def format(self, record: logging.LogRecord) -> str:
        said: dict[str, Any] = {
            "time": _moment(record),
            "level": record.levelname.lower(),
            "where": record.name,
            "what": say(record),
        }
        if ids := find_ids(record):
            said["ids"] = ids
        if errors := describe(_error(record)):
            said["errors"] = errors
        return json.dumps(said, ensure_ascii=False)


def say(record: logging.LogRecord) -> str:
    """What it says; of what is not ours only the first line."""
    says = record.getMessage()
    return says if record.name.split(".")[0] == OURS else says.strip().partition("\n")[0]


def find_ids(record: logging.LogRecord) -> dict[str, int]:
    """The numbers in what we say, by the word before each: "delivery %s was not taken" tells `{"delivery": 12}`."""
    given = record.args if isinstance(record.args, tuple) else ()
    words = [match[1] for match in PLACE.finditer(str(record.msg))]
    return {word: one for word, one in zip(words, given, strict=False) if word and isinstance(one, int)}


def describe(error: BaseException | None) -> list[dict[str, Any]]:
    """The exception and those it came from: the kind of each, and its place in the code, innermost first."""
    return [{"kind": _kind(one), "at": _places(one)} for one in _chain(error)]


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _kind(error: BaseException) -> str:
    name = type(error).__name__
    if isinstance(error, DBAPIError) and error.orig is not None:
        code = getattr(error.orig, "sqlstate", None) or getattr(error.orig, "sqlite_errorname", None)
        return f"{name} ({type(error.orig).__name__}{f' {code}' if code else ''})"
    if isinstance(error, OSError) and error.errno:
        return f"{name} ({os.strerror(error.errno)})"  # its own words may name a file, or anything
    return name


def _places(error: BaseException) -> list[str]:
    return [f"{_shorten(one.filename)}:{one.lineno} {one.name}" for one in reversed(extract_tb(error.__traceback__))]


def _shorten(path: str) -> str:
    return path.rpartition("site-packages/")[2].removeprefix(ROOT)


def _error(record: logging.LogRecord) -> BaseException | None:
    return record.exc_info[1] if record.exc_info else None


def _moment(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")


def _log_death(died: threading.ExceptHookArgs) -> None:
    if died.exc_value is not None:
        log.critical("a thread died", exc_info=died.exc_value)
