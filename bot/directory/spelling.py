"""Words that differ only in case or spaces are slips of the pen: the rarer spelling is pointed at."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from bot.directory.record import Entry, Problem, Source
from storage.directory.records import SEPARATOR, name_of, walk_path

# A space between two digits tells numbers apart ("Team 1 1" is not "Team 11"); others are easily forgotten.
FORGETTABLE_SPACE = re.compile(r"(?<!\d)\s+|\s+(?!\d)")


def find_other_spellings(source: Source, entries: Sequence[Entry]) -> Iterator[Problem]:
    """Units, employers and numbers that are written differently from the same word on most other lines."""
    usual = {
        "unit": _find_usual_paths(Counter(entry.unit for entry in entries)),
        "employer": _find_usual(Counter(entry.works_for for entry in entries)),
        "number": _find_usual(Counter(entry.number for entry in entries)),
    }
    for entry in entries:
        for field, words in usual.items():
            read = getattr(entry, field)
            if read in words:
                trouble = f"differs only in case or spaces from «{words[read]}»; write one of them everywhere"
                yield source.problem(entry.line, field, read, trouble)


def find_other_tops(source: Source, entries: Sequence[Entry]) -> Iterator[Problem]:
    """An installation is one tree: what hangs outside it is most often a path without its beginning."""
    lines_under: dict[str, list[Entry]] = {}
    for entry in entries:
        lines_under.setdefault(_fold(_top_of(entry.unit)), []).append(entry)
    most = max(lines_under.values(), key=len, default=[])
    for lines in lines_under.values():
        if lines is not most:
            usual, first = _top_of(most[0].unit), lines[0]
            others = f" ({len(lines)} lines begin like this one)" if len(lines) > 1 else ""
            trouble = f"is not under «{usual}», where most lines are{others}; write the path from the top"
            yield source.problem(first.line, "unit", first.unit, trouble, usual + SEPARATOR + first.unit)


def _find_usual(counts: Mapping[str, int]) -> dict[str, str]:
    """Each rarer spelling -> the usual one: on most lines, or the first where several are as usual."""
    alike: dict[str, list[str]] = {}
    for text in counts:
        alike.setdefault(_fold(text), []).append(text)
    return {
        text: usual
        for texts in alike.values()
        if len(texts) > 1
        for usual in [max(texts, key=lambda text: counts[text])]
        for text in texts
        if text != usual
    }


def _find_usual_paths(counts: Mapping[str, int]) -> dict[str, str]:
    """Each path with a rarer spelling somewhere on its way -> the path in the usual spelling."""
    lines_through: Counter[str] = Counter()
    for path, lines in counts.items():
        for above in walk_path(path):
            lines_through[above] += lines
    usual = _find_usual(lines_through)
    respelled = {path: SEPARATOR.join(name_of(usual.get(above, above)) for above in walk_path(path)) for path in counts}
    return {path: spelling for path, spelling in respelled.items() if spelling != path}


def _top_of(path: str) -> str:
    return next(walk_path(path))


def _fold(text: str) -> str:
    return FORGETTABLE_SPACE.sub("", text).casefold()
