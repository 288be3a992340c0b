"""A backup: every row of a database as lines of JSON in one gzip file, the same for SQLite and PostgreSQL.

The first line is the head: the revision of the tables, when it was made, how many rows each table has. Then each table:
a line with its name and columns, and a line for each row, in the order of the key. The last line is a hash of all
before it, so that a damaged or cut file is noticed; it does not keep anybody from changing a file on purpose.
"""

import gzip
import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from io import BufferedWriter
from pathlib import Path
from typing import Any, BinaryIO

from storage.backup.carrying import Rows, Tell, tell_nobody
from storage.backup.shapes import TO_JSON, Shape

FORMAT = 1
QUICK = 3  # of gzip's levels: half the time of the usual one, for a file a tenth larger
TOGETHER = 1 << 20  # bytes handed to gzip at once: line by line it is slow
TOLD_EVERY = 100_000


class BackupDamaged(Exception):
    """The file is no backup, or not a whole one; the text says which."""


@dataclass(frozen=True)
class Head:
    """What a backup says of itself. `secret_mark` tells which server's secret its erasures are remembered with."""

    revision: str
    made_at: str
    secret_mark: str
    rows: dict[str, int]
    format: int = FORMAT


def write_backup(file: BinaryIO, head: Head, tables: Iterable[Rows], tell: Tell = tell_nobody) -> str:
    """Write a backup; its hash comes back."""
    hashed = hashlib.sha256()
    # Without a name and a time of its own: the same rows make the same file.
    with gzip.GzipFile("", "wb", QUICK, file, mtime=0) as packer, BufferedWriter(packer, TOGETHER) as packed:

        def put(line: str) -> None:
            raw = line.encode()
            hashed.update(raw)
            packed.write(raw)

        put(_to_line({"medvirk_backup": asdict(head)}))
        for rows in tables:
            shape = rows.shape
            put(_to_line({"table": shape.name, "columns": shape.columns, "next_number": rows.next_number}))
            with closing(rows.lines) as lines:  # also where the disk is full
                for done, line in enumerate(lines, 1):
                    put(line)
                    if done % TOLD_EVERY == 0 or done == rows.total:
                        tell(shape.name, done, rows.total)
        packed.write(_to_line({"sha256": hashed.hexdigest()}).encode())
    return hashed.hexdigest()


def check_backup(path: Path) -> tuple[Head, str]:
    """Read a backup from the first line to the last; its head and its hash come back. Raises BackupDamaged where
    anything in it is missing, changed or too much, OSError where it cannot be read."""
    hashed, before = hashlib.sha256(), b""
    counts: dict[str, int] = {}
    name = None
    try:
        with gzip.open(path) as lines:
            head = _read_head(path, lines.readline(), hashed)
            for line in lines:
                hashed.update(before)
                before = line
                if line.startswith(b"["):
                    counts[name or ""] += 1
                elif name := json.loads(line).get("table"):
                    counts[name] = 0
            says = json.loads(before or b"{}").get("sha256")
    except (gzip.BadGzipFile, EOFError, zlib.error, ValueError, LookupError, TypeError, AttributeError) as error:
        raise BackupDamaged(f"{path} is damaged or was cut off ({error}). Take another backup.") from None
    if says != hashed.hexdigest() or counts != head.rows:
        raise BackupDamaged(f"{path} is damaged: what is in it is not what was written. Take another backup.")
    return head, says


def read_backup(path: Path) -> Iterator[Rows]:
    """The tables of a backup that has been checked, one after the other; each is to be read to its end."""
    with gzip.open(path, "rt", encoding="utf-8", newline="\n") as lines:
        head = Head(**json.loads(next(lines))["medvirk_backup"])
        says = json.loads(next(lines))
        while "table" in says:
            shape, count = Shape(says["table"], tuple(says["columns"])), head.rows[says["table"]]
            yield Rows(shape, count, says["next_number"], (next(lines) for _ in range(count)))
            says = json.loads(next(lines))


def _read_head(path: Path, line: bytes, hashed: Any) -> Head:
    says = json.loads(line or b"{}").get("medvirk_backup")
    if says is None:
        raise BackupDamaged(f"{path} is no backup of Medvirk's.")
    if says.get("format") != FORMAT:
        raise BackupDamaged(f"{path} is written in a way that this release does not know. Restore it with a newer one.")
    hashed.update(line)
    return Head(**says)


def _to_line(what: Any) -> str:
    return TO_JSON.encode(what) + "\n"
