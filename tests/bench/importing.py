"""Measures the import of 50,000 made-up people, beside a bare reading and storing of the same rows in the same run."""

import csv
import os
import sqlite3
import tempfile
from pathlib import Path
from time import perf_counter

from tests.bench.measured import measure
from tests.bench.municipality import make_lines

PEOPLE = 50_000
CHANGED = 1_000


def store_bare(file: Path, database: Path) -> float:
    """Seconds for csv.reader and three executemany: a person, a membership and two addresses for each line, checked by
    nobody. What an import without any care costs."""
    start = perf_counter()
    with file.open(encoding="utf-8", newline="") as lines, sqlite3.connect(database) as connection:
        rows = list(csv.reader(lines, delimiter=";"))[1:]
        connection.execute("CREATE TABLE person (number TEXT UNIQUE, name, mail, language, hours)")
        connection.execute("CREATE TABLE membership (number TEXT, unit TEXT, kind, employer, role)")
        connection.execute("CREATE TABLE address (channel TEXT, value TEXT, number, UNIQUE (channel, value))")
        connection.executemany("INSERT INTO person VALUES (?, ?, ?, ?, ?)", [row[:5] for row in rows])
        connection.executemany("INSERT INTO membership VALUES (?, ?, ?, ?, ?)", [[row[0], *row[6:]] for row in rows])
        addresses = [pair for row in rows for pair in (("web", row[0], row[0]), ("mail", row[2], row[0]))]
        connection.executemany("INSERT INTO address VALUES (?, ?, ?)", addresses)
    connection.close()
    return perf_counter() - start


def main() -> None:
    """Print time and peak memory of the first import, of the same file again, and of one with some changes."""
    with tempfile.TemporaryDirectory(prefix="medvirk-bench-") as name:
        folder = Path(name)
        first, changed = folder / "first.csv", folder / "changed.csv"
        first.write_text("\n".join(make_lines(PEOPLE)), encoding="utf-8")
        changed.write_text("\n".join(make_lines(PEOPLE, changed=CHANGED)), encoding="utf-8")
        bare = store_bare(first, folder / "bare.sqlite3")
        url = os.environ.get("MEDVIRK_BENCH_DATABASE_URL", f"sqlite:///{folder}/medvirk.sqlite3")
        print(f"{f'Import of {PEOPLE} people':44}{'seconds':>9}{'of bare':>9}{'peak MB':>9}")
        print(f"{'bare csv.reader and executemany':44}{bare:9.1f}{1:9.1f}")
        for label, file in (
            ("the first time", first),
            ("the same file again", first),
            (f"with {CHANGED} people changed", changed),
        ):
            done = measure("people", "import", str(file), MEDVIRK_DATABASE_URL=url)
            print(f"{label:44}{done.seconds:9.1f}{done.seconds / bare:9.1f}{done.megabytes:9.0f}")


if __name__ == "__main__":
    main()
