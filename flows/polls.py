"""A poll as its composer fills it in: the form read, mistakes at their fields; and which may not follow which."""

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import timedelta
from enum import StrEnum
from itertools import count
from typing import Any, Literal

from flows.fields import LONGEST_OPTION, MOST_OPTIONS, Strict
from flows.model import Kind
from flows.values import Unreadable, clean

POLL = "poll"  # what the recorded discussion about all polls is called
LONGEST_TITLE = 60
LONGEST_QUESTION = 300
FEWEST_DAYS, MOST_DAYS = 3, 30
FIELDS = {
    "question": ("title", "question", "answer", "options", "more"),
    "audience": ("units", "groups", "people", "days", "kept"),
}
FEWEST_DECLARED = 10  # so that nothing is told of who among them is left alone: as many as a bucket holds
FEWEST_OF_A_PLACE = 5  # people a chosen unit or group brings: nobody puts an audience together one by one
FEWEST_APART = 10  # people whom figures may tell from all others: as many as a bucket holds
COMPARED_FOR = timedelta(days=90)  # with what was asked so lately, figures could be subtracted

Raw = Mapping[str, Sequence[str]]


class Answering(StrEnum):
    """What people answer with. Not with a number of their own: means of two polls give each away exactly."""

    choose = "choose"
    choose_several = "choose_several"
    frequency = "frequency"  # the named scale
    text = "text"

    @property
    def has_own_options(self) -> bool:
        return self in (Answering.choose, Answering.choose_several)


class Begun(Strict):
    """The first card: what is asked, and with what it is answered."""

    title: str
    question: str
    answer: Answering
    options: tuple[str, ...] = ()
    more: bool = False

    def to_json(self) -> dict[str, Any]:
        return self.model_dump(mode="json")

    def to_raw(self, groups: Container[int]) -> dict[str, list[str]]:
        """The form as it was filled in; `groups` are the ids of the places that are groups."""
        return {
            "title": [self.title],
            "question": [self.question],
            "answer": [self.answer],
            "options": ["\n".join(self.options)],
            "more": ["yes"] if self.more else [],
        }


class Composed(Begun):
    """Both cards: also of whom, until when and how it is kept. `places`: ids of units and groups."""

    places: tuple[int, ...]
    people: Literal["everyone", "leaders"] = "everyone"
    days: int
    kind: Literal[Kind.anonymous, Kind.named] = Kind.anonymous

    def to_raw(self, groups: Container[int]) -> dict[str, list[str]]:
        return super().to_raw(groups) | {
            "units": [str(one) for one in self.places if one not in groups],
            "groups": [str(one) for one in self.places if one in groups],
            "people": [self.people],
            "days": [str(self.days)],
            "kept": [self.kind],
        }


def read_draft(document: Mapping[str, Any]) -> Begun:
    """What was kept of a poll, as far as it had come: with the second card, or without."""
    return (Composed if "places" in document else Begun).model_validate(document)


def find_problems(raw: Raw, card: str, known: Container[int] = ()) -> dict[str, Unreadable]:
    """What must be mended on one of the two cards, by field. `known`: the places that may be chosen."""
    readers = {name: reader for name, reader in _READERS.items() if name in FIELDS[card]}
    problems: dict[str, Unreadable] = {}
    for name, read in readers.items():
        try:
            read(raw)
        except Unreadable as problem:
            problems[name] = problem
    if card == "audience" and "units" not in problems:
        places = _read_places(raw)
        if not places:
            problems["units"] = Unreadable("poll.problem.no_places")
        elif not all(one in known for one in places):
            problems["units"] = Unreadable("problem.unknown_option")
    return problems


def read_begun(raw: Raw) -> Begun:
    """The first card, where `find_problems` finds none on it."""
    answer = _read_answer(raw)
    return Begun(
        title=_read_title(raw),
        question=_read_question(raw),
        answer=answer,
        options=_read_options(raw),
        more=bool(raw.get("more")) and answer is not Answering.text,
    )


def read_composed(raw: Raw) -> Composed:
    """The form, where `find_problems` finds none on either card."""
    return Composed(
        **dict(read_begun(raw)),
        places=_read_places(raw),
        people="leaders" if _only(raw, "people") == "leaders" else "everyone",
        days=_read_days(raw),
        kind=_read_kept(raw),
    )


def makes_few(new: Mapping[int, int], earlier: Iterable[Mapping[int, int]]) -> bool:
    """Whether whoever knows the people could work out figures of fewer than ten with this poll, beside the earlier
    ones, and could not without it.

    A poll is its declared people, each with the bucket that counts them; all it publishes adds up whole buckets.
    Whatever adding and subtracting, uniting and intersecting can make of all that is published adds up whole cells:
    people who are in the very same bucket of each poll, or outside it. So this is false exactly where every group of
    one to nine people that can be worked out with the new poll could be worked out before.

    The cells are made by dividing them by one poll after another, so it takes as long as there are people in all polls
    together, however many the polls are.
    """
    cells = _divide_by(earlier)
    before = Counter(cells.values())
    within = Counter((cells.get(person), bucket) for person, bucket in new.items())
    left = before.copy()
    for (cell, _), people in within.items():
        if people < FEWEST_APART and (cell is None or people < before[cell]):
            return True
        if cell is not None:
            left[cell] -= people
    return any(0 < left[cell] < FEWEST_APART for cell, _ in within if cell is not None)


def _divide_by(polls: Iterable[Mapping[int, int]]) -> dict[int, int]:
    """The cell of everybody who is in one of these polls: person id -> a number that no other cell has."""
    cells: dict[int, int] = {}
    fresh = count()
    for poll in polls:
        found: defaultdict[tuple[int | None, int], int] = defaultdict(fresh.__next__)
        for person, bucket in poll.items():
            cells[person] = found[cells.get(person), bucket]
    return cells


def _only(raw: Raw, name: str) -> str:
    return clean(next(iter(raw.get(name, ())), ""))


def _read_text(raw: Raw, name: str, most: int) -> str:
    text = " ".join(_only(raw, name).split())
    if not text:
        raise Unreadable("problem.required")
    if len(text) > most:
        raise Unreadable("problem.too_long", length=len(text), most=most)
    return text


def _read_title(raw: Raw) -> str:
    return _read_text(raw, "title", LONGEST_TITLE)


def _read_question(raw: Raw) -> str:
    return _read_text(raw, "question", LONGEST_QUESTION)


def _read_answer(raw: Raw) -> Answering:
    given = _only(raw, "answer")
    if given not in list(Answering):
        raise Unreadable("problem.unknown_option" if given else "problem.required")
    return Answering(given)


def _read_options(raw: Raw) -> tuple[str, ...]:
    """One a line. A kind that brings its own answers, or none, leaves them out."""
    if _only(raw, "answer") not in (Answering.choose, Answering.choose_several):
        return ()
    lines = [" ".join(line.split()) for line in _only(raw, "options").split("\n")]
    options = tuple(line for line in lines if line)
    if not 2 <= len(options) <= MOST_OPTIONS:
        raise Unreadable("poll.problem.options", most=MOST_OPTIONS, count=len(options))
    for one in options:
        if len(one) > LONGEST_OPTION:
            raise Unreadable("poll.problem.long_option", text=one[:40], length=len(one), most=LONGEST_OPTION)
    if len({one.casefold() for one in options}) < len(options):
        raise Unreadable("poll.problem.same_option")
    return options


def _read_places(raw: Raw) -> tuple[int, ...]:
    given = [one for name in ("units", "groups") for one in map(clean, raw.get(name, ())) if one]
    if not all(one.isascii() and one.isdigit() and len(one) < 10 for one in given):
        raise Unreadable("problem.unknown_option")
    return tuple(sorted({int(one) for one in given}))


def _read_days(raw: Raw) -> int:
    given = _only(raw, "days")
    if not given:
        raise Unreadable("problem.required")
    if not (given.isascii() and given.isdigit() and len(given) < 10 and FEWEST_DAYS <= int(given) <= MOST_DAYS):
        raise Unreadable("problem.number_outside", least=FEWEST_DAYS, most=MOST_DAYS)
    return int(given)


def _read_kept(raw: Raw) -> Literal[Kind.anonymous, Kind.named]:
    given = _only(raw, "kept") or Kind.anonymous
    if given == Kind.named:
        return Kind.named
    if given == Kind.anonymous:
        return Kind.anonymous
    raise Unreadable("problem.unknown_option")


_READERS = {
    "title": _read_title,
    "question": _read_question,
    "answer": _read_answer,
    "options": _read_options,
    "units": _read_places,
    "days": _read_days,
    "kept": _read_kept,
}
