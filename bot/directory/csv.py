"""A CSV file from a personnel system is read: an organisation comes out, or everything that is wrong."""

import csv
import io
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any, BinaryIO

from bot.directory.columns import Column
from bot.directory.gathering import gather
from bot.directory.header import Header, read_header
from bot.directory.identity import contains_identity_number
from bot.directory.record import DirectoryError, Entry, Problem
from bot.directory.values import clean
from storage.directory.records import Organisation

CellRead = tuple[Any, str | None]  # the value and no trouble, or None and what is wrong

MOST_REMEMBERED = 10_000
BYTES_TOGETHER = 1 << 20
REQUIRED_IN_EACH_LINE = ("number", "unit")
IDENTITY_NUMBER = (
    "a national identity number stands here; Medvirk must not have it. Write your own number for the person, "
    "or leave the column out"
)


@dataclass(frozen=True)
class Reading:
    """What a file said, and the headers that were passed over because they are none of ours."""

    organisation: Organisation
    unread_headers: tuple[str, ...]


def split_lines(content: BinaryIO) -> Iterator[str]:
    """The lines of a file in UTF-8 (with or without a mark), UTF-16 with a mark, or Windows-1252.

    Norwegian Excel writes the last. What is none of them gets replacement characters, at which `read` points. The file
    is gone through twice, and only a piece of it is held at a time.
    """
    encoding = _find_encoding(content)
    content.seek(0)
    text = io.TextIOWrapper(content, encoding, errors="replace", newline="")
    try:
        yield from text
    finally:
        with suppress(ValueError):  # where the caller has closed the file already
            text.detach()


def _find_encoding(content: BinaryIO) -> str:
    if content.read(2) in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    content.seek(0)
    decoder = getincrementaldecoder("utf-8")()
    try:
        while piece := content.read(BYTES_TOGETHER):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def read(file: str, lines: Iterable[str]) -> Reading:
    """The organisation in the lines of a file called `file`; raises DirectoryError with all that is wrong.

    The lines are taken one by one, so the caller may watch them go by.
    """
    rest = iter(lines)
    header = read_header(file, rest)
    entries: list[Entry] = []
    problems: list[Problem] = []
    unsound: set[str] = set()
    # Thousands of lines say the same, so what a cell means is remembered, but only while the file is read.
    readers = [lru_cache(MOST_REMEMBERED)(partial(read_cell, column)) for column in header.columns]
    for line, cells in split_rows(header, rest, problems):
        entry, wrong = _read_row(header, line, cells, readers)
        problems += wrong
        if entry is not None:
            entries.append(entry)
        if wrong:
            unsound |= {cell.strip() for cell in cells[header.number_place :][:1]}
    if not entries and not problems:
        problems.append(header.source.problem(header.line, None, None, "nobody comes after the header line"))
    organisation, wrong_together = gather(header.source, entries, unsound)
    problems += wrong_together
    if problems:
        raise DirectoryError(problems)
    return Reading(organisation, header.unread)


def split_rows(header: Header, rest: Iterator[str], problems: list[Problem]) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not blank, with the number of its first line."""
    rows = csv.reader(rest, delimiter=header.delimiter, strict=True)
    while True:
        line = header.line + rows.line_num + 1
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            trouble = f'a quotation mark (") from here on is not closed, or is followed by more text ({error})'
            problems.append(header.source.problem(line, None, None, trouble))
            continue
        if any(cell.strip() for cell in cells):
            yield line, cells


def _read_row(
    header: Header, line: int, cells: list[str], readers: Sequence[Callable[[str], CellRead]]
) -> tuple[Entry | None, list[Problem]]:
    """The entry, as far as it can be read, and what is wrong with it."""
    found, wrong = read_cells(header, line, cells, readers, REQUIRED_IN_EACH_LINE)
    starts_on, ends_on = found.get("starts_on"), found.get("ends_on")
    if starts_on and ends_on and ends_on < starts_on:
        trouble = f"is before the first day, {starts_on}; swap or correct the two"
        wrong.append(header.source.problem(line, "ends_on", str(ends_on), trouble))
    is_known = all(field in found for field in REQUIRED_IN_EACH_LINE)
    return (Entry(line, **found) if is_known else None), wrong


def read_cells(
    header: Header,
    line: int,
    cells: list[str],
    readers: Sequence[Callable[[str], CellRead]],
    required: Sequence[str],
) -> tuple[dict[str, Any], list[Problem]]:
    """What a row says by field, as far as it can be read, and what is wrong with it. `readers` has one for each of
    the header's columns."""
    source = header.source
    if tuple(map(str.strip, cells)) == header.names:
        return {}, [source.problem(line, None, None, "the header line comes again; delete it here")]
    if any(cell.strip() for cell in cells[len(header.names) :]):
        trouble = (
            f"there are {len(cells)} values for {len(header.names)} columns; "
            f'put quotation marks (") around a value that has «{header.delimiter}» in it'
        )
        return {}, [source.problem(line, None, None, trouble)]
    found: dict[str, Any] = {}
    wrong: dict[str, Problem] = {}
    # One look at the line is enough for nearly all.
    unwanted = contains_identity_number("\n".join(cells))
    for name, column, cell, read_one in zip(header.names, header.columns, cells, readers, strict=False):
        if unwanted and contains_identity_number(cell):
            wrong[column.field if column else name] = source.problem(line, name, None, IDENTITY_NUMBER)
        elif column and cell:
            value, fault = read_one(cell)
            if fault:
                wrong[column.field] = source.problem(line, column.field, cell.strip(), fault, column.example)
            elif value is not None:
                found[column.field] = value
    for column in header.expected:
        if column.field in required and column.field not in found and column.field not in wrong:
            wrong[column.field] = source.problem(line, column.field, None, "nothing is written here", column.example)
    return found, list(wrong.values())


def read_cell(column: Column | None, cell: str) -> CellRead:
    """What a cell says, by its column's reader; or what is wrong with it."""
    if column is None:
        return None, None
    try:
        text = clean(cell)
        if len(text) > column.longest:
            raise ValueError(f"has {len(text)} characters; there is room for {column.longest}")
        return (column.read(text) if text else None), None
    except ValueError as error:
        return None, str(error)
