"""Measures how often one of the three nearest suggestions is of the same theme, beside plain trigrams in the same run.

Leave one out: each suggestion whose theme has at least two in the set is taken out and looked up among all the others
of the set, those of lonely themes too. It is a hit when one of the (at most) three shown has its theme; the figure is
hits / look-ups. Each set is measured by itself. "en in nb" looks up what is written in English among what is stored in
bokmål alone. The columns:

trigrams   plain: three characters in a row of the text in small letters, as a cosine weighed by rarity
letters    the project's look-up with an empty word list
no fields  with stop words and equal words, without the fields of work
half       with every other word of each field, the mean of the two halves: an estimate for words nobody has listed
all        what people meet

The project's own set and its word list come from the same hand, so on that set `all` flatters and `half` is nearer the
truth. A set from elsewhere is given as an argument or by MEDVIRK_SUGGESTIONS: lines of theme TAB text, # for comments.
"""

import os
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from math import log, sqrt
from pathlib import Path
from random import Random
from statistics import fmean, median
from time import perf_counter
from typing import Any, NamedTuple

import yaml

from flows import themes
from flows.text import LANGUAGES
from flows.themes import Candidate, ThemeIndex, Vocabulary, find_nearest

OWN_SET = Path(__file__).parents[1] / "data" / "suggestions.tsv"
WORD_LIST = Path(themes.__file__).with_name("synonyms.yaml")
VARIABLE = "MEDVIRK_SUGGESTIONS"
SHOWN = 3
SHOWN_BY_LANGUAGE = ("trigrams", "half", "all")
MANY = 2_000

Finder = Callable[[str, Sequence[Candidate]], Sequence[Candidate]]


class Suggestion(NamedTuple):
    """A line of a set; `half` and `language` are empty where the set does not tell."""

    half: str
    language: str
    theme: str
    text: str


def read_suggestions(path: Path) -> list[Suggestion]:
    """Return the suggestions of a file with lines of [half TAB language TAB] theme TAB text."""
    suggestions = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.strip() and not line.startswith("#"):
            *told, theme, text = line.split("\t")
            if len(told) not in (0, 2):
                raise ValueError(f"{path}, line {number}: expected [half TAB language TAB] theme TAB text")
            half, language = told or ("", "")
            suggestions.append(Suggestion(half, language, theme, text))
    return suggestions


def count_hits(suggestions: Sequence[Suggestion], find: Finder, written: str = "", stored: str = "") -> tuple[int, int]:
    """Return the hits and the look-ups of leaving one out, as the head of this file says; only of what is `written` in
    a language, among what is `stored` in another one, where they are given."""
    themes_of = {position: one.theme for position, one in enumerate(suggestions)}
    candidates = [
        Candidate(position, one.text)
        for position, one in enumerate(suggestions)
        if not stored or one.language == stored
    ]
    hits = []
    for position, one in enumerate(suggestions):
        if written and one.language != written:
            continue
        others = [candidate for candidate in candidates if candidate.id != position]
        if any(themes_of[other.id] == one.theme for other in others):
            hits.append(any(themes_of[found.id] == one.theme for found in find(one.text, others)))
    return sum(hits), len(hits)


def find_by_trigrams(text: str, candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return the three nearest by plain trigrams: what a look-up without any knowledge of language reaches."""
    holders = Counter(trigram for candidate in candidates for trigram in _trigrams(candidate.text))

    rarity = {trigram: log(1 + len(candidates) / count) for trigram, count in holders.items()}

    def weigh(text: str) -> dict[str, float]:
        return {trigram: count * rarity[trigram] for trigram, count in _trigrams(text).items() if trigram in rarity}

    own = weigh(text)

    def measure(candidate: Candidate) -> float:
        other = weigh(candidate.text)
        length = sqrt(sum(weight * weight for weight in other.values())) or 1.0
        return sum(weight * other.get(trigram, 0.0) for trigram, weight in own.items()) / length

    return sorted(candidates, key=measure, reverse=True)[:SHOWN]


def find_with(vocabulary: Vocabulary, text: str, candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return the three nearest with another word list than the project's own."""
    return ThemeIndex(candidates, vocabulary).nearest(text, SHOWN)


def keep_every_other(data: Mapping[str, Any], first: int) -> dict[str, Any]:
    """Return the word list with every other word of each field, from the first (0) or the second (1) on."""
    return {**data, "fields": {name: ",".join(words.split(",")[first::2]) for name, words in data["fields"].items()}}


def _columns() -> dict[str, list[Finder]]:
    data = yaml.safe_load(WORD_LIST.read_text(encoding="utf-8"))
    return {
        "trigrams": [find_by_trigrams],
        "letters": [partial(find_with, Vocabulary({}))],
        "no fields": [partial(find_with, Vocabulary({**data, "fields": {}}))],
        "half": [partial(find_with, Vocabulary(keep_every_other(data, first))) for first in (0, 1)],
        "all": [find_nearest],
    }


@lru_cache(maxsize=5_000)
def _trigrams(text: str) -> Counter[str]:
    small = text.lower()
    return Counter(small[start : start + 3] for start in range(len(small) - 2))


def _print_hits(sets: Mapping[str, Sequence[Suggestion]]) -> None:
    columns = _columns()
    print(f"{'One of three has the theme':28}{'look-ups':>9}" + "".join(f"{name:>11}" for name in columns))
    for name, suggestions in sets.items():
        _print_row(name, suggestions, columns)


def _print_languages(name: str, suggestions: Sequence[Suggestion]) -> None:
    """What is written in each language, among all; and from each to each other: written in one, stored in the other."""
    columns = {column: finders for column, finders in _columns().items() if column in SHOWN_BY_LANGUAGE}
    print(f"{'Across languages':28}{'look-ups':>9}" + "".join(f"{column:>11}" for column in columns))
    for written in LANGUAGES:
        _print_row(f"{name}: {written} in all", suggestions, columns, written)
        for stored in LANGUAGES:
            if stored != written:
                _print_row(f"{name}: {written} in {stored}", suggestions, columns, written, stored)


def _print_row(
    name: str,
    suggestions: Sequence[Suggestion],
    columns: Mapping[str, list[Finder]],
    written: str = "",
    stored: str = "",
) -> None:
    counts = [[count_hits(suggestions, find, written, stored) for find in finders] for finders in columns.values()]
    shares = [fmean(hits / look_ups for hits, look_ups in count) for count in counts]
    print(f"{name:28}{counts[0][0][1]:>9}" + "".join(f"{share:11.2f}" for share in shares))


def _print_times(suggestions: Sequence[Suggestion]) -> None:
    """Time look-ups among many candidates, made of words drawn from the set."""
    draw = Random(1)
    words = [word for suggestion in suggestions for word in suggestion.text.split()]
    candidates = [Candidate(number, " ".join(draw.choices(words, k=6))) for number in range(MANY)]
    milliseconds = []
    for suggestion in suggestions:
        start = perf_counter()
        find_nearest(suggestion.text, list(candidates))
        milliseconds.append(1_000 * (perf_counter() - start))
    print(
        f"{MANY} candidates: first look-up {milliseconds[0]:.0f} ms (the index is built),"
        f" then median {median(milliseconds[1:]):.1f} ms, slowest {max(milliseconds[1:]):.1f} ms"
    )


def main(given: str = "") -> None:
    """Print the figures of the project's own set, and of another set where one is given."""
    given = given or os.environ.get(VARIABLE, "")
    own = read_suggestions(OWN_SET)
    sets = {f"own, {half}": [one for one in own if one.half == half] for half in ("dev", "held-out")}
    sets["own, both halves"] = own
    if given:
        sets["given"] = read_suggestions(Path(given))
    _print_hits(sets)
    for half in ("dev", "held-out"):
        _print_languages(half, [one for one in own if one.half == half])
    if not given:
        print(f"LEFT OUT: a set from elsewhere. Give a file as an argument or in {VARIABLE} to measure it too.")
    _print_times(own)


if __name__ == "__main__":
    main(*sys.argv[1:2])
