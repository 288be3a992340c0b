"""Says how far a long piece of work has come, on stderr: at once on a terminal, elsewhere only where it takes long."""

import sys
from collections.abc import Callable
from time import monotonic
from typing import TextIO

LONG_SECONDS = 1.0
CLEAR = "\r\x1b[K"


class LongWork:
    """`begin` a part, `reach` a share of it, `end` it all. On a terminal one line is written over again; elsewhere
    each part is said once, from when a second has passed. `clock` counts seconds."""

    def __init__(self, stream: TextIO | None = None, clock: Callable[[], float] = monotonic) -> None:
        self._stream = stream or sys.stderr
        self._clock = clock
        self._began_at = clock()
        self._part = ""
        self._shown = ""

    def begin(self, part: str) -> None:
        self._part = part
        self._show(part)

    def reach(self, share: float) -> None:
        """`share` of the part, from 0 to 1, is done."""
        is_terminal = self._stream.isatty()
        self._show(f"{self._part} {round(100 * share)} %" if is_terminal else self._part)

    def end(self) -> None:
        if self._stream.isatty():
            self._stream.write(CLEAR)
            self._stream.flush()

    def _show(self, text: str) -> None:
        if text == self._shown:
            return
        if self._stream.isatty():
            self._stream.write(f"{CLEAR}{text} …")
        elif self._clock() - self._began_at > LONG_SECONDS:
            self._stream.write(f"{text} …\n")
        else:
            return
        self._shown = text
        self._stream.flush()
