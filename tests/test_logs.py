"""Logs: what happened and where, with ids, as text or JSON; of an exception never what it says or holds."""

import asyncio
import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from bot.channels.contract import DeliveryError
from bot.watching.logs import JsonLines, TextLines
from storage.store import Store
from tests.browsing import STAFF, answers
from tests.office import PEOPLE, MakeOffice, Post, on, shipped

ROOT = Path(__file__).parents[1]


class Kept(logging.Handler):
    """Keeps lines as they would be written."""

    def __init__(self, form: logging.Formatter) -> None:
        super().__init__()
        self.setFormatter(form)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@contextmanager
def kept(form: logging.Formatter | None = None) -> Iterator[list[str]]:
    """What is logged at INFO or above in the block."""
    handler, root = Kept(form or JsonLines()), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    try:
        yield handler.lines
    finally:
        root.removeHandler(handler)
        root.setLevel(level)


def only(lines: list[str]) -> dict[str, Any]:
    (line,) = lines
    said: dict[str, Any] = json.loads(line)
    return said


def fail_with(error: Exception) -> None:
    whose = "Ada Berg"
    try:
        raise error
    except type(error):
        logging.getLogger("medvirk.outbox").exception("delivery %s cannot be written", 12, extra={"whose": whose})


def test_a_line_is_an_object_with_when_how_bad_where_what_and_ids() -> None:
    with kept() as lines:
        logging.getLogger("medvirk.outbox").warning("delivery %s of run %s was not taken: %s", 12, 3, "too many")

    said = only(lines)
    assert said.pop("time").endswith("+00:00")
    assert said == {
        "level": "warning",
        "where": "medvirk.outbox",
        "what": "delivery 12 of run 3 was not taken: too many",
        "ids": {"delivery": 12, "run": 3},
    }


def test_a_line_without_ids_has_none() -> None:
    with kept() as lines:
        logging.getLogger("medvirk").info("nothing much: %s", "so it is")

    assert "ids" not in only(lines)


@pytest.mark.parametrize("form", [JsonLines(), TextLines()], ids=["json", "text"])
def test_of_an_exception_the_kind_and_the_place_are_kept_and_nothing_it_says(form: logging.Formatter) -> None:
    with kept(form) as lines:
        fail_with(ValueError("Ada Berg wrote: Sårstell"))

    (line,) = lines
    assert "ValueError" in line
    assert "tests/test_logs.py" in line
    assert "fail_with" in line
    assert not any(word in line for word in ("Ada", "Berg", "Sårstell", str(ROOT)))


def test_what_an_exception_came_from_is_told_too() -> None:
    error = ValueError("Ada")
    error.__cause__ = KeyError("Berg")
    with kept() as lines:
        fail_with(error)

    assert [one["kind"] for one in only(lines)["errors"]] == ["ValueError", "KeyError"]
    assert "Berg" not in lines[0]


def test_the_systems_and_the_databases_own_mistakes_keep_their_code(store: Store) -> None:
    with kept() as lines:
        fail_with(PermissionError(13, "Permission denied", "/home/ada/secret"))
        try:
            with store.writing() as session:
                session.execute(text("INSERT INTO look (name, at) VALUES ('Ada', NULL)"))
        except SQLAlchemyError:
            logging.getLogger("medvirk").exception("not stored")

    system, database = (json.loads(one)["errors"][0]["kind"] for one in lines)
    assert system == "PermissionError (Permission denied)"
    assert database in (
        "IntegrityError (IntegrityError SQLITE_CONSTRAINT_NOTNULL)",
        "IntegrityError (NotNullViolation 23502)",
    )
    assert not any(word in "".join(lines) for word in ("Ada", "/home/ada"))


def test_what_asyncio_shows_of_the_objects_it_speaks_of_is_left_out() -> None:
    async def forget() -> None:
        raise ValueError("Ada Berg")

    async def run() -> None:
        task = asyncio.create_task(forget())
        await asyncio.sleep(0)
        del task

    with kept() as lines:
        asyncio.run(run())

    said = only(lines)
    assert (said["where"], said["what"]) == ("asyncio", "Task exception was never retrieved")
    assert "Ada" not in lines[0]


@pytest.mark.parametrize("form", [JsonLines(), TextLines()], ids=["json", "text"])
def test_a_day_on_which_much_fails_tells_nothing_of_anybody(make_office: MakeOffice, form: logging.Formatter) -> None:
    post = Post()
    office = make_office(flows=[shipped("pulse", schedule=on("2027-01-04"))], people=STAFF, post=post)
    names = [word for one in PEOPLE for word in one.split(";")[1].split()]

    ends = cycle(("full", "breaks", "breaks on the way", "taken"))

    def refuse(address: str, card: object) -> Exception | None:
        said = f"{address} {card} {names}"
        known = {"full": DeliveryError("full"), "breaks": ValueError(said), "breaks on the way": OSError(5, said)}
        return known.get(next(ends))

    with kept(form) as lines:
        post.refuse = refuse
        office.pass_time("2027-01-04 12:00")
        post.refuse = lambda address, card: None
        office.pass_time("2027-01-05 12:00")
        office.answer("Ada", "pulse", answers())

    told = "\n".join(lines)
    assert len(lines) > 10
    assert not any(word in told for word in (*names, "/l/", "solvik.example", "http"))


DIES = """
import logging, sys, threading
from bot.watching.logs import set_up_logs
set_up_logs("json")
def die():
    raise ValueError("Ada Berg")
thread = threading.Thread(target=die)
thread.start()
thread.join()
import warnings
warnings.warn("Look out.")
"""


def test_a_thread_that_dies_and_a_warning_are_lines_like_all_others() -> None:
    told = subprocess.run([sys.executable, "-c", DIES], capture_output=True, text=True, check=True, cwd=ROOT).stderr

    died, warned = (json.loads(line) for line in told.splitlines())
    assert (died["what"], died["errors"][0]["kind"]) == ("a thread died", "ValueError")
    assert warned["where"] == "py.warnings"
    assert "Ada" not in told
