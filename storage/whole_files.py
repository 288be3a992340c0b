"""Files that are there whole or not at all, new, and readable by their owner alone."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


class Draft:
    """A file that has not got its name yet. What is written to `file` lies under another until it is placed."""

    def __init__(self, file: BinaryIO, draft: Path, path: Path) -> None:
        self.file = file
        self.is_placed = False
        self._draft, self._path = draft, path

    def place(self) -> None:
        """Give it its name, once all of it is on the disk. Raises FileExistsError where another was first, and OSError
        where there is no room."""
        self.file.flush()
        os.fsync(self.file.fileno())
        _give_name(self._draft, self._path)
        self.is_placed = True
        _keep_the_name(self._path.parent)


@contextmanager
def draft_of(path: Path) -> Iterator[Draft]:
    """A draft of `path`, which takes the place of no other file. Where the block fails nothing is left, also of what
    was placed already; where it ends without placing it, neither. Raises FileExistsError and OSError."""
    if path.exists():
        raise FileExistsError(path)
    name = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
    descriptor = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            draft = Draft(file, name, path)
            try:
                yield draft
            except BaseException:
                if draft.is_placed:
                    path.unlink()
                raise
    finally:
        name.unlink(missing_ok=True)


def _give_name(draft: Path, path: Path) -> None:
    try:
        os.link(draft, path)  # fails where another process was first
    except FileExistsError:
        raise
    except OSError:  # some network folders know no second name for a file; there it is looked at once more, and renamed
        if path.exists():
            raise FileExistsError(path) from None
        draft.rename(path)


def _keep_the_name(folder: Path) -> None:
    """The folder too must reach the disk, or the file may be without a name when the power goes."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
