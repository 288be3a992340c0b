"""Files that commands write for one pair of eyes: new, whole, and before anything is stored that counts on them."""

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

Write = Callable[[str], None]


@contextmanager
def new_file(path: Path) -> Iterator[Write]:
    """A way to write `path`, for its owner alone. That it can be written is tried at once, before any work is done.

    Call the way as the last thing in the transaction that the file tells of: what cannot be written after all then
    undoes the work, and where the work is undone nothing is left of the file. Stops the command in words where the file
    is there already: what an old one held should not live on beside the new.
    """
    if path.exists():
        raise click.ClickException(f"{path} exists already; name a new file, so that nothing is left in an old one.")
    if not path.parent.is_dir():
        raise click.ClickException(f"There is no folder {path.parent}; make it first. Nothing was changed.")
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with _in_words(path):
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    is_placed = False

    def write(content: str) -> None:
        nonlocal is_placed
        with _in_words(path):
            file.write(content)
            file.flush()
            os.fsync(descriptor)
            _place(draft, path)
        is_placed = True

    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            yield write
    except BaseException:
        if is_placed:
            path.unlink()
        raise
    finally:
        draft.unlink(missing_ok=True)


def _place(draft: Path, path: Path) -> None:
    try:
        os.link(draft, path)  # fails where another process was first
    except FileExistsError:
        raise
    except OSError:  # a memory stick knows no second name for a file
        draft.rename(path)


@contextmanager
def _in_words(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise click.ClickException(f"{path} cannot be written ({error.strerror}). Nothing was changed.") from None
