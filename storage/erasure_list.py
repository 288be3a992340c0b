"""The list of erasures beside the keys: it outlives the database, so that no restore undoes an erasure.

A line is the hash of a number, made with the server's secret, and a moment. Lines are only added. The file belongs to
the same backups as the `server-*.key` files, without which it says nothing.
"""

import os
import re
from collections.abc import Mapping
from datetime import datetime

from storage.keys import KeyFolder

NAME = "erasures.txt"
LINE = re.compile(r"([0-9a-f]{64}) (\S+)")


def remember(keys: KeyFolder, erasures: Mapping[str, datetime]) -> None:
    """Add erasures; they are on the disk when this returns. Raises OSError."""
    if not erasures:
        return
    lines = "".join(f"{number_hash} {at.isoformat()}\n" for number_hash, at in erasures.items())
    descriptor = os.open(keys.folder / NAME, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "a", encoding="ascii") as file:
        file.write(lines)
        file.flush()
        os.fsync(file.fileno())


def remembered(keys: KeyFolder) -> dict[str, datetime]:
    """What the list says: hash of the number -> when it was erased last."""
    path = keys.folder / NAME
    found: dict[str, datetime] = {}
    for line in path.read_text(encoding="ascii", errors="replace").splitlines() if path.exists() else ():
        if parts := LINE.fullmatch(line):
            at = datetime.fromisoformat(parts[2])
            found[parts[1]] = max(at, found.get(parts[1], at))
    return found
