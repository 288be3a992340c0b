"""Files that are there whole or not at all, and readable by their owner alone."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """A file to write: under another name until the block ends well and everything is on the disk, and never in the
    place of another. Raises FileExistsError, and OSError where there is no room; then nothing is left."""
    if path.exists():
        raise FileExistsError(path)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        _give_name(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    _keep_the_name(path.parent)


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
