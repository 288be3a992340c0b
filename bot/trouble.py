"""Why nothing was done, as a person is told it: what a platform or a browser gets instead of a view."""

import logging
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy.exc import SQLAlchemyError

from storage.trouble import name_trouble
from storage.writer import WriterBusy

T = TypeVar("T")

log = logging.getLogger("medvirk.door")


@dataclass(frozen=True)
class Trouble:
    """Why nothing was done: `key` names a title and a text in the catalogue; an HTTP status goes with it. `language` is
    empty where nobody knows who reads it."""

    key: str
    status: int
    language: str = ""
    with_words: Mapping[str, object] | None = None


async def or_trouble(language: str | None, work: Awaitable[T]) -> T | Trouble:
    """What comes of the work; or, where just now nothing can be stored or read, that in words."""
    try:
        return await work
    except WriterBusy:
        return Trouble("busy", 503, language or "")
    except SQLAlchemyError as error:
        trouble = name_trouble(error)
        if trouble is None:
            raise
        log.warning("a page had to be refused: the database cannot be used (%s)", trouble)
        return Trouble("away", 503, language or "")
