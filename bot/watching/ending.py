"""How the server ends: at the first signal after what is in the hand, at the second at once, and never later than
promised."""

import logging
import os
from threading import Timer
from types import FrameType

import uvicorn

from bot.watching.stopping import Stopping

CUT_SHORT = 1
BY_SIGNAL = 128  # plus the signal's number, as shells count

log = logging.getLogger("medvirk")


class Server(uvicorn.Server):
    """Uvicorn would raise the signal again when it has ended, and so end the process before the writer has."""

    def __init__(self, config: uvicorn.Config, stopping: Stopping, most_seconds: float) -> None:
        super().__init__(config)
        self._stopping, self._most_seconds = stopping, most_seconds

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if self.should_exit:
            os._exit(BY_SIGNAL + sig)
        self.should_exit = True
        self._stopping.ask()
        last = Timer(self._most_seconds, self._cut_short)
        last.daemon = True
        last.start()

    def _cut_short(self) -> None:
        log.error("not all could be finished in time; what was in the hand is looked into at the next start")
        os._exit(CUT_SHORT)
