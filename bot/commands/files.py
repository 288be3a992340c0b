"""Files that commands write for one pair of eyes: tried before anything is stored that counts on them."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import click

from storage.whole_files import draft_of

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
    with ExitStack() as stack:
        with _in_words(path):
            draft = stack.enter_context(draft_of(path))

        def write(content: str) -> None:
            with _in_words(path):
                draft.file.write(content.encode())
                draft.place()

        yield write


@contextmanager
def _in_words(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise click.ClickException(f"{path} cannot be written ({error.strerror}). Nothing was changed.") from None
