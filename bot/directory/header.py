"""The header line of a CSV file: found, split at the right delimiter, and matched with our columns."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from bot.directory.columns import COLUMNS, Column
from bot.directory.record import DirectoryError, Problem, Source

DELIMITERS = (";", ",", "\t")
LIKENESS_OF_A_MISSPELLING = 0.8
LONGEST_HEADER_LINE = 10_000
EXCEL_WORKBOOK = "PK\x03\x04"


@dataclass(frozen=True)
class Header:
    """The line it stood on, the names as written, and the column that each of them is, or None; `expected` are those
    that there might have been."""

    source: Source
    line: int
    delimiter: str
    names: tuple[str, ...]
    columns: tuple[Column | None, ...]
    expected: Sequence[Column]

    @property
    def number_place(self) -> int:
        return next(place for place, column in enumerate(self.columns) if column and column.field == "number")

    @property
    def unread(self) -> tuple[str, ...]:
        """The names that are none of ours, each with the nearest of ours in case it is a slip of the pen."""
        pairs = zip(self.names, self.columns, strict=True)
        return tuple(_suggest(name, self.expected) for name, column in pairs if name and column is None)


def read_header(file: str, lines: Iterator[str], expected: Sequence[Column] = COLUMNS) -> Header:
    """Takes lines until the header has come; raises DirectoryError if it cannot be used."""
    by_header = {header: column for column in expected for header in column.headers}
    line, text = _find_first_line(file, lines)
    if text.startswith(EXCEL_WORKBOOK):
        trouble = "this is an Excel workbook; open it in Excel and save it as «CSV UTF-8»"
        raise DirectoryError([Source(file).problem(line, None, None, trouble)])
    delimiter = max(DELIMITERS, key=lambda sign: sum(name.casefold() in by_header for name in _split(text, sign)))
    names = _split(text, delimiter)
    columns = tuple(by_header.get(name.casefold()) for name in names)
    source = Source(file, {column.field: name for name, column in zip(names, columns, strict=True) if column})
    problems = list(_find_problems(source, line, names, columns, expected))
    if problems:
        raise DirectoryError(problems)
    return Header(source, line, delimiter, names, columns, expected)


def _find_first_line(file: str, lines: Iterator[str]) -> tuple[int, str]:
    for line, text in enumerate(lines, start=1):
        # Excel writes and understands a first line "sep=;", which is no header.
        if text.strip(' \t\r\n,;"') and not text.casefold().startswith("sep="):
            return line, text[:LONGEST_HEADER_LINE]  # a binary file may go on without end
    raise DirectoryError([Source(file).problem(1, None, None, "the file is empty; nothing was changed")])


def _split(text: str, delimiter: str) -> tuple[str, ...]:
    return tuple(" ".join(name.split()) for name in next(csv.reader([text], delimiter=delimiter), []))


def _find_problems(
    source: Source, line: int, names: tuple[str, ...], columns: tuple[Column | None, ...], expected: Sequence[Column]
) -> Iterator[Problem]:
    required = [column for column in expected if column.required]
    if not any(columns):
        trouble = "this is no header line; the first line names the columns"
        yield source.problem(line, None, None, trouble, ";".join(column.headers[0] for column in required))
        return
    for missing in required:
        if missing not in columns:
            trouble = f"the column «{missing.headers[0]}» is missing; it may be called {', '.join(missing.headers)}"
            yield source.problem(line, None, None, trouble)
    for name, column in zip(names, columns, strict=True):
        meant = _find_near(name, expected) if name and column is None else None
        # To pass it over would take from everybody what the last file said in that column.
        if meant is not None and not any(one and meant in one.headers for one in columns):
            trouble = f"is not known, and there is no column «{meant}»; if that is meant, write it so, else delete it"
            yield source.problem(line, None, name, trouble)
    first: dict[str, str] = {}
    for name, column in zip(names, columns, strict=True):
        if column is not None and column.field in first:
            trouble = f"is the same column as «{first[column.field]}» in this line; keep one of them"
            yield source.problem(line, None, name, trouble)
        elif column is not None:
            first[column.field] = name


def _suggest(name: str, expected: Sequence[Column]) -> str:
    near = _find_near(name, expected)
    return f"«{name}» (did you mean «{near}»?)" if near else f"«{name}»"


def _find_near(name: str, expected: Sequence[Column]) -> str | None:
    known = [header for column in expected for header in column.headers]
    near = get_close_matches(name.casefold(), known, n=1, cutoff=LIKENESS_OF_A_MISSPELLING)
    return near[0] if near else None
