"""What is shown once Slack has heard yes: it waits three seconds for that, and shall not wait for its own API."""

import asyncio
from collections.abc import Coroutine
from typing import Any


class Afterwards:
    """Work that nobody waits for, until we stop."""

    def __init__(self) -> None:
        self._under_way: set[asyncio.Task[None]] = set()

    def do(self, work: Coroutine[Any, Any, None]) -> None:
        """Begin with it as soon as there is time. It must not raise."""
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def finish(self) -> None:
        """Wait until all of it is done."""
        while self._under_way:
            await asyncio.gather(*self._under_way)
