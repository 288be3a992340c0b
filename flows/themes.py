"""Finds the suggestions nearest to one a person is writing, so that they may support one instead of adding another."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from heapq import nsmallest
from itertools import chain
from math import log, sqrt
from pathlib import Path
from typing import Any, NamedTuple

import yaml

_LEAST_LIKENESS = 0.1  # out of 2; under this two texts share a few letters and no meaning
_SHORTEST_PART = 5  # letters; a shorter word turns up inside others by chance
_ENDINGS = (  # of bokmål, nynorsk and English, the longest first
    *("ingane", "ingene", "ingen", "ingar", "inger", "inga", "ande", "ende", "ane", "ene", "ing"),
    *("ar", "er", "en", "et", "es", "ed", "a", "e", "s"),
)


@dataclass(frozen=True)
class Candidate:
    """A suggestion that exists already: its id where it is kept, and its text as the author wrote it."""

    id: int
    text: str


def normalise(text: str) -> str:
    """Return the key under which two suggestions are the same.

    Case, white space, punctuation, invisible characters (direction marks, joiners, variation selectors) and the
    Unicode form make no difference. Letters of every script, digits, symbols and emoji do. A text of nothing but
    punctuation is its own key, so that the key is empty only where there is nothing to read.
    """
    seen = "".join(c for c in text if unicodedata.category(c) != "Cf" and not "\ufe00" <= c <= "\ufe0f")
    # Folding case can leave a text that is no longer composed, and composing can bring a new capital.
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", seen).casefold()).casefold()
    words = "".join(" " if unicodedata.category(c)[0] in "PZ" or c.isspace() else c for c in folded).split()
    return " ".join(words or folded.split())


def find_nearest(text: str, candidates: Sequence[Candidate], most: int = 3) -> list[Candidate]:
    """Return at most `most` of the candidates that are like the text, best first, the earlier first of equals.

    Those with no likeness are left out, so the list may be empty. The same candidates asked again answer faster.
    """
    return _index(tuple(candidates)).nearest(text, most)


class ThemeIndex:
    """Candidates made ready for many look-ups.

    Two texts are alike as far as they share letters (three in a row, within words that say something) and fields
    of work (by the words in synonyms.yaml). Each likeness is a cosine from 0 to 1 in which what is rare among the
    candidates weighs more; they are added.
    """

    def __init__(self, candidates: Sequence[Candidate], vocabulary: "Vocabulary | None" = None) -> None:
        self._candidates = tuple(candidates)
        self._vocabulary = vocabulary or read_vocabulary()
        readings = [self._vocabulary.read(candidate.text) for candidate in self._candidates]
        self._letters = _Overlap([reading.letters for reading in readings])
        self._fields = _Overlap([reading.fields for reading in readings])

    def nearest(self, text: str, most: int = 3) -> list[Candidate]:
        """Return at most `most` candidates, best first; see find_nearest."""
        reading = self._vocabulary.read(text)
        likeness = self._letters.measure(reading.letters)
        for position, value in self._fields.measure(reading.fields).items():
            likeness[position] += value
        alike = (position for position, value in likeness.items() if value >= _LEAST_LIKENESS)
        best = nsmallest(most, alike, key=lambda position: (-likeness[position], position))
        return [self._candidates[position] for position in best]


class Reading(NamedTuple):
    """What a text is compared by: its letters, three in a row, and the fields of work its words belong to."""

    letters: frozenset[str]
    fields: frozenset[str]


class Vocabulary:
    """The words of synonyms.yaml, made ready for reading texts.

    `data` is the file's content: `stop`, `same` and `fields` as its head explains, each of which may be missing.
    """

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._stop = frozenset(map(normalise, _listed(data.get("stop", ""))))
        self._same = {
            normalise(other): normalise(word)
            for word, others in data.get("same", {}).items()
            for other in _listed(others)
        }
        self._fields: dict[str, set[str]] = defaultdict(set)
        for field, entries in data.get("fields", {}).items():
            for entry in _listed(entries):
                for key in self._keys(entry):
                    self._fields[key].add(field)
        self._longest_phrase = max((key.count(" ") + 1 for key in self._fields), default=1)
        self._read_word = lru_cache(maxsize=20_000)(self._read_word_afresh)

    def read(self, text: str) -> Reading:
        """Return what the text is compared by. Stop words count only where there is nothing else."""
        words = [self._read_word(word) for word in normalise(text).split()]
        telling = [word for word in words if not word.is_stop] or words
        return Reading(
            letters=frozenset(chain.from_iterable(word.letters for word in telling)),
            fields=frozenset(chain(self._phrase_fields(words), *(word.fields for word in telling))),
        )

    def _read_word_afresh(self, word: str) -> "_Word":
        plain = self._same.get(word, word)
        whole, stem, plain_stem = _undouble(word), _stem(word), _stem(plain)
        keys = {stem, plain_stem}
        keys.update(f"{whole[:end]}-" for end in range(1, len(whole)))
        keys.update(f"-{stem[start:]}" for start in range(1, len(stem)))
        bounded = f" {_undouble(plain)} "
        return _Word(
            stem=plain_stem,
            is_stop=word in self._stop or plain in self._stop,
            letters=frozenset(bounded[start : start + 3] for start in range(len(bounded) - 2)),
            fields=frozenset(chain.from_iterable(self._fields.get(key, ()) for key in keys)),
        )

    def _phrase_fields(self, words: Sequence["_Word"]) -> Iterator[str]:
        stems = [word.stem for word in words]
        for start in range(len(stems)):
            for end in range(start + 2, min(start + self._longest_phrase, len(stems)) + 1):
                yield from self._fields.get(" ".join(stems[start:end]), ())

    def _keys(self, entry: str) -> Iterator[str]:
        """Yield what an entry is found under: "stem", "stem stem", "first part-" or "-last part"."""
        words = normalise(entry).split()
        yield " ".join(_stem(self._same.get(word, word)) for word in words)
        if len(words) == 1:
            stem = _stem(words[0])
            yield stem
            if len(stem) >= _SHORTEST_PART:
                yield from (f"{stem}-", f"-{stem}")


class _Word(NamedTuple):
    stem: str
    is_stop: bool
    letters: frozenset[str]
    fields: frozenset[str]


@cache
def read_vocabulary() -> Vocabulary:
    """Return the project's own vocabulary; the file is read at the first call."""
    return Vocabulary(yaml.safe_load(Path(__file__).with_name("synonyms.yaml").read_text(encoding="utf-8")))


class _Overlap:
    """Cosine likeness between sets of marks, where a rare mark weighs more: the logarithm of 1 + sets / holders."""

    def __init__(self, sets: Sequence[frozenset[str]]) -> None:
        holders = Counter(chain.from_iterable(sets))
        self._weights = {mark: log(1 + len(sets) / count) for mark, count in holders.items()}
        self._weight_of_unseen = log(1 + max(1, len(sets)))
        self._shares: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for position, marks in enumerate(sets):
            for mark, share in self._weigh(marks):
                self._shares[mark].append((position, share))

    def measure(self, marks: frozenset[str]) -> defaultdict[int, float]:
        """Return the likeness, over 0 and up to 1, of each set that shares a mark, by its position."""
        likeness: defaultdict[int, float] = defaultdict(float)
        for mark, own_share in self._weigh(marks):
            for position, share in self._shares.get(mark, ()):
                likeness[position] += own_share * share
        return likeness

    def _weigh(self, marks: frozenset[str]) -> list[tuple[str, float]]:
        # Sorted, so that sums and with them the order of near equals do not hang on how this process hashes text.
        weights = [(mark, self._weights.get(mark, self._weight_of_unseen)) for mark in sorted(marks)]
        length = sqrt(sum(weight * weight for _, weight in weights))
        return [(mark, weight / length) for mark, weight in weights]


@lru_cache(maxsize=8)
def _index(candidates: tuple[Candidate, ...]) -> ThemeIndex:
    return ThemeIndex(candidates)


def _listed(line: str) -> list[str]:
    return [entry.strip() for entry in line.split(",") if entry.strip()]


def _undouble(word: str) -> str:
    """Return the word with doubled consonants single: the commonest slip, and a habit in which nynorsk differs."""
    return re.sub(r"([bcdfghjklmnpqrstvwxz])\1+", r"\1", word)


def _stem(word: str) -> str:
    """Return the word without one ending, where three letters are left (four before an ending of one letter)."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= (4 if len(ending) == 1 else 3):
            return _undouble(word.removesuffix(ending))
    return _undouble(word)
