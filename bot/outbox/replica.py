"""This replica: what tells one running process from another, and what it remembers of the lanes it drains."""

import secrets
from dataclasses import dataclass, field
from datetime import timedelta

from bot.channels.contract import Channel
from bot.outbox.pacing import Pacer

LEASE = timedelta(seconds=10)
KEPT_AFTER = 0.3  # of the lease: what is left of it is how much the clocks of replicas may differ


@dataclass
class Replica:
    """A random name, and for each lane a pacer that outlives a pause of the work. `draining` are the lanes that it has
    in the hand just now."""

    name: str = field(default_factory=lambda: secrets.token_hex(8))
    lease: timedelta = LEASE
    draining: set[str] = field(default_factory=set)
    _pacers: dict[str, Pacer] = field(default_factory=dict)

    def pacer(self, lane: str, channel: Channel) -> Pacer:
        if lane not in self._pacers:
            self._pacers[lane] = Pacer(channel.rates)
        return self._pacers[lane]
