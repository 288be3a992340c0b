"""A CSV file of courses is read: courses with their participants come out, or everything that is wrong."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, get_args

from bot.directory.columns import Column, number_column
from bot.directory.identity import contains_identity_number
from bot.directory.record import DirectoryError, Problem, Source
from bot.directory.values import clean, read_date, read_path
from flows.steps import Level
from flows.waves import DEFAULT_LEVELS
from storage.course_records import CourseRecord

DELIMITERS = (";", ",", "\t")
LEVELS: Mapping[str, tuple[str, ...]] = {
    "reaction": ("reaction", "reaksjon", "opplevelse"),
    "learning": ("learning", "læring"),
    "application": ("application", "anvendelse", "bruk"),
    "benefit": ("benefit", "nytte"),
}
YES = ("yes", "ja", "x", "1", "cancelled", "avlyst", "avlyst.")
NO = ("no", "nei", "0")


def read_levels(text: str) -> tuple[str, ...]:
    """The levels in a cell, with , or + or spaces between them, in the order of the asking rules."""
    found = set()
    for word in text.casefold().replace(",", " ").replace("+", " ").split():
        level = next((one for one, names in LEVELS.items() if word in names), None)
        if level is None:
            raise ValueError(f"has «{word}», which is no level; there are {', '.join(get_args(Level))}")
        found.add(level)
    return tuple(one for one in get_args(Level) if one in found)


def read_yes(text: str) -> bool:
    if text.casefold() in (*YES, *NO):
        return text.casefold() in YES
    raise ValueError("is neither yes nor no")


COLUMNS = (
    Column("code", ("code", "kode", "kurskode"), "the course, the same on all its lines", "MED-27-1", required=True),
    Column(
        "title", ("title", "tittel", "kurs"), "as people know it", "Trygg med legemidler", longest=80, required=True
    ),
    Column(
        "unit",
        ("unit", "enhet", "eining"),
        "where the course belongs: path from the top",
        "Solvik kommune / Helse og omsorg",
        read_path,
        longest=500,
        required=True,
    ),
    Column(
        "finished_on",
        ("finished_on", "ferdig", "siste dag", "siste_dag"),
        "the last day of this person's own session",
        "2027-01-05",
        read_date,
        required=True,
    ),
    number_column("the participant's number, as in the directory file"),
    Column("responsible", ("responsible", "ansvarlig", "ansvarleg"), "number of who answers for it", "10113"),
    Column(
        "levels",
        ("levels", "nivå", "nivåer"),
        f"what is asked about: {', '.join(get_args(Level))}; empty: {' and '.join(DEFAULT_LEVELS)}",
        "reaction, benefit",
        read_levels,
    ),
    Column("cancelled", ("cancelled", "avlyst"), "yes where the course is called off", "yes", read_yes),
)
BY_HEADER = {header: column for column in COLUMNS for header in column.headers}
REQUIRED = tuple(column for column in COLUMNS if column.required)
OF_THE_COURSE = ("title", "unit", "responsible", "levels", "cancelled")


def read(file: str, lines: Iterable[str], people: Mapping[str, int], units: Mapping[str, int]) -> list[CourseRecord]:
    """The courses in the lines of a file called `file`, in the order of their codes.

    `people`: number -> id, `units`: path -> id. Raises DirectoryError with all that is wrong at once.
    """
    written = list(lines)
    source, columns, delimiter = _read_header(file, written)
    problems: list[Problem] = []
    rows: list[tuple[int, dict[str, Any]]] = []
    for line, cells in _split_rows(source, written, delimiter, problems):
        row, wrong = _read_row(source, line, cells, columns)
        wrong += _find_unknown(source, line, row, people, units)
        problems += wrong
        rows.append((line, row))
    if not rows and not problems:
        problems.append(source.problem(1, None, None, "nobody comes after the header line"))
    records = list(_gather(source, rows, people, units, problems))
    if problems:
        raise DirectoryError(problems)
    return records


def _read_header(file: str, lines: list[str]) -> tuple[Source, list[Column | None], str]:
    if not any(line.strip() for line in lines):
        raise DirectoryError([Source(file).problem(1, None, None, "the file is empty; nothing was changed")])
    first = lines[0]
    delimiter = max(DELIMITERS, key=first.count)
    names = [" ".join(name.split()) for name in next(csv.reader([first], delimiter=delimiter), [])]
    columns = [BY_HEADER.get(name.casefold()) for name in names]
    source = Source(file, {column.field: name for name, column in zip(names, columns, strict=True) if column})
    problems = [
        source.problem(
            1, None, None, f"the column «{one.headers[0]}» is missing; it may be called {', '.join(one.headers)}"
        )
        for one in REQUIRED
        if one not in columns
    ]
    problems += [
        source.problem(1, None, name, "is the same column as another in this line; keep one of them")
        for place, (name, column) in enumerate(zip(names, columns, strict=True))
        if column is not None and column in columns[:place]
    ]
    if problems:
        raise DirectoryError(problems)
    return source, columns, delimiter


def _split_rows(
    source: Source, lines: list[str], delimiter: str, problems: list[Problem]
) -> Iterator[tuple[int, list[str]]]:
    rows = csv.reader(lines[1:], delimiter=delimiter, strict=True)
    while True:
        line = rows.line_num + 2
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            problems.append(source.problem(line, None, None, f'a quotation mark (") is not closed ({error})'))
            continue
        if any(cell.strip() for cell in cells):
            yield line, cells


def _read_row(
    source: Source, line: int, cells: list[str], columns: list[Column | None]
) -> tuple[dict[str, Any], list[Problem]]:
    row: dict[str, Any] = {}
    wrong: list[Problem] = []
    if any(cell.strip() for cell in cells[len(columns) :]):
        trouble = f"there are {len(cells)} values for {len(columns)} columns"
        return row, [source.problem(line, None, None, trouble)]
    for column, cell in zip(columns, cells, strict=False):
        if column is None or not cell.strip():
            continue
        if contains_identity_number(cell):
            trouble = "a national identity number stands here; write your own number for the person"
            wrong.append(source.problem(line, column.field, None, trouble))
            continue
        try:
            text = clean(cell)
            if len(text) > column.longest:
                raise ValueError(f"has {len(text)} characters; there is room for {column.longest}")
            row[column.field] = column.read(text)
        except ValueError as error:
            wrong.append(source.problem(line, column.field, cell.strip(), str(error), column.example))
    told = {one.field for one in wrong}
    wrong += [
        source.problem(line, one.field, None, "nothing is written here", one.example)
        for one in REQUIRED
        if one.field not in row and source.headers.get(one.field, one.field) not in told
    ]
    return row, wrong


def _find_unknown(
    source: Source, line: int, row: dict[str, Any], people: Mapping[str, int], units: Mapping[str, int]
) -> list[Problem]:
    wrong = [
        source.problem(line, field, row[field], "is nobody's number; import people first, or correct it")
        for field in ("number", "responsible")
        if field in row and row[field] not in people
    ]
    if "unit" in row and row["unit"] not in units:
        wrong.append(
            source.problem(line, "unit", row["unit"], "is no unit here; write its whole path", COLUMNS[2].example)
        )
    return wrong


def _gather(
    source: Source,
    rows: list[tuple[int, dict[str, Any]]],
    people: Mapping[str, int],
    units: Mapping[str, int],
    problems: list[Problem],
) -> Iterator[CourseRecord]:
    """One record a course. What is said of the course may stand on its first line alone."""
    found: dict[str, dict[str, Any]] = {}
    days: dict[str, dict[int, date]] = {}
    for line, row in rows:
        if "code" not in row:
            continue
        course = found.setdefault(row["code"], {})
        for field in OF_THE_COURSE:
            if field in row and course.setdefault(field, row[field]) != row[field]:
                trouble = (
                    f"is not what an earlier line says of the course {row['code']}; write the same on all its lines"
                )
                problems.append(source.problem(line, field, str(row[field]), trouble))
        person = people.get(row.get("number", ""))
        if person is None or "finished_on" not in row:
            continue
        if person in days.setdefault(row["code"], {}):
            problems.append(source.problem(line, "number", row["number"], "is on the course twice; keep one line"))
        days[row["code"]][person] = row["finished_on"]
    for code in sorted(found):
        course = found[code]
        if {"title", "unit"} <= course.keys() and course["unit"] in units:
            yield CourseRecord(
                code=code,
                title=course["title"],
                unit_id=units[course["unit"]],
                responsible_id=people.get(course.get("responsible", "")),
                levels=course.get("levels") or DEFAULT_LEVELS,
                is_cancelled=course.get("cancelled", False),
                finished_on=days.get(code, {}),
            )


def explain() -> str:
    """The columns for a terminal: header names, what to write, an example."""
    return "\n".join(
        f"{', '.join(one.headers)}{' (required)' if one.required else ''}\n    {one.about}; e.g. {one.example}"
        for one in COLUMNS
    )
