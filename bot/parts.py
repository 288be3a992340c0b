"""The parts of a running installation, put together once by `app.py` and handed to whoever needs them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.channels.contract import Channel, Editing
from bot.outbox.replica import Replica
from bot.settings.product import Settings
from bot.watching.metrics import Metrics
from bot.watching.stopping import Stopping
from flows.attention import Budget
from flows.model import Flow
from storage.keys import KeyFolder
from storage.read_pool import ReadPool
from storage.store import Store
from storage.writer import Writer


@dataclass(frozen=True)
class Parts:
    settings: Settings
    flows: Mapping[str, Flow]
    keys: KeyFolder
    store: Store
    read_pool: ReadPool
    writer: Writer
    channels: Mapping[str, Channel]
    metrics: Metrics = field(default_factory=Metrics)
    stopping: Stopping = field(default_factory=Stopping)
    replica: Replica = field(default_factory=Replica)

    @property
    def budget(self) -> Budget:
        return Budget(questions=self.settings.most_questions, minutes=self.settings.most_minutes)

    @property
    def editing(self) -> list[str]:
        """The channels in which a message can be shown anew."""
        return [name for name, one in self.channels.items() if isinstance(one, Editing)]

    def url(self, path: str) -> str:
        return self.settings.base_url + path
