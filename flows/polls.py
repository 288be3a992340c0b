"""A poll as its composer fills it in: the form read, mistakes at their fields; and which may not follow which."""

from collections.abc import Collection, Container, Mapping, Sequence
from enum import StrEnum
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
LEAST_BETWEEN = 10  # people by whom two audiences differ, where they differ: as many as a bucket holds

Raw = Mapping[str, Sequence[str]]


class Answering(StrEnum):
    """What people answer with."""

    choose = "choose"
    choose_several = "choose_several"
    frequency = "frequency"  # the named scale
    text = "text"
    number = "number"

    @property
    def has_own_options(self) -> bool:
        return self in (Answering.choose, Answering.choose_several)


class Composed(Strict):
    """What is asked, of whom, until when and how it is kept. `places`: ids of units and groups."""

    title: str
    question: str
    answer: Answering
    options: tuple[str, ...] = ()
    more: bool = False
    places: tuple[int, ...]
    people: Literal["everyone", "leaders"] = "everyone"
    days: int
    kind: Literal[Kind.anonymous, Kind.named] = Kind.anonymous

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
            "units": [str(one) for one in self.places if one not in groups],
            "groups": [str(one) for one in self.places if one in groups],
            "people": [self.people],
            "days": [str(self.days)],
            "kept": [self.kind],
        }


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


def read_composed(raw: Raw) -> Composed:
    """The form, where `find_problems` finds none on either card."""
    answer = _read_answer(raw)
    return Composed(
        title=_read_title(raw),
        question=_read_question(raw),
        answer=answer,
        options=_read_options(raw),
        more=bool(raw.get("more")) and answer is not Answering.text,
        places=_read_places(raw),
        people="leaders" if _only(raw, "people") == "leaders" else "everyone",
        days=_read_days(raw),
        kind=_read_kept(raw),
    )


def leaves_few(new: Collection[int], earlier: Sequence[Collection[int]]) -> bool:
    """Whether whoever knows the people could work out the answers of fewer than ten from this audience and earlier
    ones, by adding and subtracting their figures.

    People who were in the very same of the earlier audiences cannot be told apart by any such sum. The new audience
    may cut such a group in two only where nobody or at least ten people stand on either side.
    """
    now = set(new)
    overlapping = [set(one) for one in earlier if now & set(one)]
    apart: dict[tuple[bool, ...], set[int]] = {}
    for person in now.union(*overlapping):
        apart.setdefault(tuple(person in one for one in overlapping), set()).add(person)
    for signature, people in apart.items():
        inside, outside = len(people & now), len(people - now)
        is_cut = bool(inside and outside) or not any(signature)
        if overlapping and is_cut and (0 < inside < LEAST_BETWEEN or 0 < outside < LEAST_BETWEEN):
            return True
    return False


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
    if not (given.isascii() and given.isdigit() and FEWEST_DAYS <= int(given[:9]) <= MOST_DAYS):
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
