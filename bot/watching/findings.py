"""What the doctor says: a verdict on one thing, in a sentence with the remedy; and what a check may look at."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from sqlmodel import Session

from bot.settings.product import Settings
from storage.store import Store

T = TypeVar("T")


class Verdict(StrEnum):
    ok = "ok"
    look = "look"  # it works, or cannot be seen from here; somebody should look
    wrong = "wrong"  # something that is promised does not hold now


@dataclass(frozen=True)
class Finding:
    """`says` holds no secret, no name of a person and nothing that tells who or how many answered."""

    verdict: Verdict
    about: str
    says: str


@dataclass(frozen=True)
class Ground:
    """What a check may look at: it changes nothing. `store` is None where there is no database with this release's
    tables; then what needs one is passed over, and the check of the database says why."""

    settings: Settings
    at: datetime
    store: Store | None

    def read(self, work: Callable[[Session], T]) -> T:
        assert self.store is not None
        with self.store.reading() as session:
            return work(session)


Check = Callable[[Ground], Iterable[Finding]]


def ok(about: str, says: str) -> Finding:
    return Finding(Verdict.ok, about, says)


def look(about: str, says: str) -> Finding:
    return Finding(Verdict.look, about, says)


def wrong(about: str, says: str) -> Finding:
    return Finding(Verdict.wrong, about, says)
