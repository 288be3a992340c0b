"""What a channel is in which people also do things: what it hears from its platform goes through the door."""

from contextlib import AbstractAsyncContextManager
from typing import Protocol, runtime_checkable

from starlette.routing import BaseRoute

from bot.door import Door


@runtime_checkable
class Listening(Protocol):
    def routes(self, door: Door) -> list[BaseRoute]:
        """What the platform calls over HTTP."""
        ...

    def listen(self, door: Door) -> AbstractAsyncContextManager[None]:
        """For as long as this lasts, hear from a platform that we call ourselves."""
        ...
