"""A person's own working hours: read from text in three languages, written in one form, asked when open."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import count, pairwise
from typing import Self

from flows.schedule import find_moment, read_local

DAY = 24 * 60
WEEK = 7 * DAY
EXAMPLE = "mon-fri 08:00-15:30; sat 10:00-14:00"

SHORT_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FULL_NAMES = (
    ("monday", "mandag", "måndag"),
    ("tuesday", "tirsdag", "tysdag"),
    ("wednesday", "onsdag"),
    ("thursday", "torsdag"),
    ("friday", "fredag"),
    ("saturday", "lørdag", "laurdag"),
    ("sunday", "søndag", "sundag"),
)
WORDS_FOR_SEVERAL = {
    **dict.fromkeys(("day", "days", "daily", "dag", "dager", "dagar", "daglig", "dagleg"), range(7)),
    **dict.fromkeys(("weekday", "weekdays", "hverdager", "kvardagar", "ukedager", "vekedagar"), range(5)),
    **dict.fromkeys(("weekend", "weekends", "helg", "helger"), range(5, 7)),
}
DASH = re.compile(r"[\u2010-\u2015\u2212]|\b(?:til|to)\b")
FILLER = re.compile(r"\bkl\.|\b(?:kl|og|and|alle|all|hver|kvar|every|each|fra|frå|from)\b|[,+&/]")
CLOCK = r"\d{4}|\d{1,2}(?:[.:]\d{2})?"
TOKEN = re.compile(
    rf"(?P<opens>{CLOCK})\s*-\s*(?P<closes>{CLOCK})(?!\d|[.:]\d)"
    r"|(?P<first>[^\W\d_]+)\b\.?(?:\s*-\s*(?P<last>[^\W\d_]+)\b\.?)?"
)


@dataclass(frozen=True)
class WorkingHours:
    """Spans (opens, closes) in minutes since Monday 00:00 by the wall clock, the end not included.

    Spans are cut at the week's end and joined where they touch, so equal hours are equal however they were
    written. On the nights when clocks change, a span lasts from the first time the clock shows its beginning
    to the first time it shows its end, as a shift does.
    """

    spans: tuple[tuple[int, int], ...] = tuple((day * DAY + 480, day * DAY + 930) for day in range(5))

    def __post_init__(self) -> None:
        fits = all(0 <= opens < WEEK and opens < closes <= opens + WEEK for opens, closes in self.spans)
        if not self.spans or not fits:
            raise ValueError(f"working hours are spans of the week's minutes, not {self.spans}")
        object.__setattr__(self, "spans", _join(self.spans))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Hours from text such as "man-fre 08:00-15:30; lør 10-14" in bokmål, nynorsk or English.

        A span that closes earlier than it opens goes on past midnight. ValueError says what was not
        understood and what to write.
        """
        plain = unicodedata.normalize("NFC", text).casefold()
        plain = FILLER.sub(" ", DASH.sub("-", plain))
        try:
            parts = [part for part in re.split(r"[;\n]", plain) if part.strip()]
            if not parts:
                raise ValueError("nothing is written there")
            return cls(tuple(span for part in parts for span in _read_part(part)))
        except ValueError as problem:
            raise ValueError(
                f'the working hours "{text}" cannot be read: {problem}. '
                f'Write days and times, with ; between different days: "{EXAMPLE}"'
            ) from None

    def __str__(self) -> str:
        """The one form in which hours are written, as "mon-fri 08:00-15:30"; `parse` reads it back."""
        days: dict[tuple[int, int], list[int]] = {}
        for opens, closes in _cut_into_shifts(self.spans):
            days.setdefault((opens % DAY, closes - opens), []).append(opens // DAY % 7)
        ordered = sorted(days.items(), key=lambda item: (min(item[1]), item[0]))
        return "; ".join(
            f"{_write_days(sorted(on))} {_write_clock(start)}-{_write_clock(start + length)}"
            for (start, length), on in ordered
        )

    def _walk_open(self, at: datetime, zone: str) -> Iterator[tuple[datetime, datetime]]:
        """The open spans (UTC, the end not included) that are not over at `at` (aware), in order, endless."""
        today = read_local(at, zone).date()
        # No span crosses the week's end, so nothing of last week is still open.
        for week in count():
            monday = datetime.combine(today + timedelta(days=7 * week - today.weekday()), time())
            for opens, closes in self.spans:
                closes_at = find_moment(monday + timedelta(minutes=closes), zone)
                if closes_at <= at:
                    continue
                opens_at = find_moment(monday + timedelta(minutes=opens), zone)
                if opens_at < closes_at:  # a span may fall wholly into the hour that spring leaves out
                    yield opens_at, closes_at

    def next_open(self, at: datetime, zone: str) -> datetime:
        """The first moment (UTC) at or after `at` (aware) inside the hours, by the wall clock of `zone`."""
        opens_at, _ = next(self._walk_open(at, zone))
        return max(at.astimezone(UTC), opens_at)

    def count_shared(self, other: "WorkingHours") -> int:
        """How many minutes of the week are inside both."""
        pairs = ((mine, theirs) for mine in self.spans for theirs in other.spans)
        return sum(max(0, min(mine[1], theirs[1]) - max(mine[0], theirs[0])) for mine, theirs in pairs)

    def contains(self, at: datetime, zone: str) -> bool:
        """Whether `at` (aware) is inside the hours, by the wall clock of `zone`."""
        opens_at, _ = next(self._walk_open(at, zone))
        return opens_at <= at


def _join(spans: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
    """The same minutes of the week as ordered spans that neither overlap, touch nor cross the week's end."""
    joined: list[tuple[int, int]] = []
    this_week = [(opens, min(closes, WEEK)) for opens, closes in spans]
    next_week = [(0, closes - WEEK) for _, closes in spans if closes > WEEK]
    for opens, closes in sorted(this_week + next_week):
        if joined and opens <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(closes, joined[-1][1]))
        else:
            joined.append((opens, closes))
    return tuple(joined)


def _cut_into_shifts(spans: tuple[tuple[int, int], ...]) -> Iterator[tuple[int, int]]:
    """Spans as people write them: a night across the week's end is one, what lasts 24 hours goes by days."""
    whole = list(spans)
    if len(whole) > 1 and whole[0][0] == 0 and whole[-1][1] == WEEK:
        (_, ends), (begins, _) = whole.pop(0), whole.pop()
        whole.append((begins, WEEK + ends))
    for opens, closes in whole:
        midnights = range((opens // DAY + 1) * DAY, closes, DAY) if closes - opens >= DAY else ()
        yield from pairwise((opens, *midnights, closes))


def _read_part(part: str) -> Iterator[tuple[int, int]]:
    """The spans of days followed by times, as "mon-wed fri 08:00-12:00 13:00-15:30"."""
    unread = " ".join(TOKEN.sub(" ", part).split()).strip(" .")
    if unread:
        raise ValueError(f'"{unread}" is neither a day nor a span of time')
    days: list[int] = []
    has_times = False
    for token in TOKEN.finditer(part):
        if token["first"]:
            days = ([] if has_times else days) + _read_days(token["first"], token["last"])
            has_times = False
        elif not days:
            raise ValueError(f'"{token[0]}" comes without a day before it')
        else:
            has_times = True
            opens, closes = _read_clock(token["opens"]), _read_clock(token["closes"])
            if opens in (DAY, closes):
                raise ValueError(f'"{token[0]}" does not last; a whole day is 00:00-24:00')
            closes += DAY if closes < opens else 0
            yield from ((day * DAY + opens, day * DAY + closes) for day in days)
    if not has_times:
        raise ValueError(f'"{part.strip()}" names days without times after them')


def _read_days(first: str, last: str | None) -> list[int]:
    if last is None:
        return list(WORDS_FOR_SEVERAL.get(first) or (_read_day(first),))
    start = _read_day(first)
    return [(start + step) % 7 for step in range((_read_day(last) - start) % 7 + 1)]


def _read_day(word: str) -> int:
    for day, names in enumerate(FULL_NAMES):
        if len(word) >= 3 and any(name.startswith(word) or word.startswith(name) for name in names):
            return day
    raise ValueError(f'"{word}" is not the name of a day')


def _read_clock(text: str) -> int:
    digits = re.sub(r"[.:]", "", text)
    hours, minutes = (int(digits[:-2]), int(digits[-2:])) if len(digits) > 2 else (int(digits), 0)
    if minutes > 59 or hours * 60 + minutes > DAY:
        raise ValueError(f'"{text}" is not a time of day')
    return hours * 60 + minutes


def _write_days(days: list[int]) -> str:
    runs: list[list[int]] = []
    for day in days:
        if runs and day == runs[-1][-1] + 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ",".join("-".join(SHORT_NAMES[day] for day in dict.fromkeys((run[0], run[-1]))) for run in runs)


def _write_clock(minutes: int) -> str:
    minutes -= DAY if minutes > DAY else 0
    return f"{minutes // 60:02}:{minutes % 60:02}"
