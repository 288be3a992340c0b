"""Metrics in the words of Prometheus. Imported only where somebody may read them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, InfoMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from bot.watching.metrics import Metrics
from storage.outbox.waiting import Waiting
from storage.tables.sending import DeliveryState

STEP = 10


@dataclass(frozen=True, eq=False)
class Picture(Collector):
    """All there is to tell at one moment. `waiting` is None where the database does not answer; `stopped` are lanes."""

    metrics: Metrics
    queued: int
    waiting: Sequence[Waiting] | None
    at: datetime
    stopped: Sequence[str] = ()

    def collect(self) -> Iterator[Metric]:
        yield InfoMetricFamily("medvirk", "The release that runs.", value={"version": version("medvirk")})
        yield GaugeMetricFamily("medvirk_database_up", "1 where the database answers.", int(self.waiting is not None))
        yield from self._tell_ticks()
        yield from self._tell_writing()
        yield from self._tell_sending()
        yield from self._tell_waiting(self.waiting or ())
        yield from self._tell_stopped()

    def _tell_ticks(self) -> Iterator[Metric]:
        tick = self.metrics.tick
        if tick is not None:
            says = "When the last tick was, in this process."
            yield GaugeMetricFamily("medvirk_last_tick_timestamp_seconds", says, tick.at.timestamp())
            says = "How long it took at most, in rough steps."
            took = float("inf") if tick.seconds is None else tick.seconds
            yield GaugeMetricFamily("medvirk_last_tick_duration_seconds", says, took)

    def _tell_writing(self) -> Iterator[Metric]:
        replies, batches = self.metrics.read_blurred()
        says = f"Pieces of work that wait for the writer, rounded down to {STEP}s."
        yield GaugeMetricFamily("medvirk_writer_queued", says, self.queued // STEP * STEP)
        says = "From a tap, form or visit to the reply. Only the shape: a hundred a minute are shown, however many."
        yield _histogram("medvirk_reply_seconds", says, self.metrics.replies.bounds, replies)
        says = "Pieces of work that the writer committed together. Only the shape, in the same way."
        yield _histogram("medvirk_writer_batch_size", says, self.metrics.batches.bounds, batches)

    def _tell_sending(self) -> Iterator[Metric]:
        says = "Deliveries handed to a platform, by how that ended. Reminders and decisions are not counted."
        sends = CounterMetricFamily("medvirk_sends", says, labels=("lane", "ended"))
        for (lane, ended), count in sorted(self.metrics.sends.items()):
            sends.add_metric((lane, ended), count)
        yield sends
        retries = CounterMetricFamily("medvirk_retries", "Of these, those that are tried again.", labels=("lane",))
        for lane, count in sorted(self.metrics.retries.items()):
            retries.add_metric((lane,), count)
        yield retries
        says = "1 where the platform takes nothing at all now."
        refusing = GaugeMetricFamily("medvirk_lane_refusing", says, labels=("lane",))
        for lane, is_refusing in sorted(self.metrics.refusing.items()):
            refusing.add_metric((lane,), int(is_refusing))
        yield refusing

    def _tell_stopped(self) -> Iterator[Metric]:
        says = "1 where the platform lets us in no more, until the app is installed again."
        stopped = GaugeMetricFamily("medvirk_lane_stopped", says, labels=("lane",))
        for lane in self.stopped:
            stopped.add_metric((lane,), 1)
        yield stopped

    def _tell_waiting(self, waiting: Iterable[Waiting]) -> Iterator[Metric]:
        rounded = f"rounded up to {STEP}s"
        queued = GaugeMetricFamily("medvirk_lane_queued", f"Deliveries that wait, {rounded}.", labels=("lane",))
        due = GaugeMetricFamily("medvirk_lane_due", f"Those that could leave now, {rounded}.", labels=("lane",))
        says = "For how long the first of these has waited."
        oldest = GaugeMetricFamily("medvirk_lane_oldest_due_seconds", says, labels=("lane",))
        states: Counter[DeliveryState] = Counter()
        for one in waiting:
            states[one.state] += one.number
            if one.state is DeliveryState.queued:
                queued.add_metric((one.lane,), _round_up(one.number))
                due.add_metric((one.lane,), _round_up(one.due))
                age = (self.at - one.oldest_due).total_seconds() if one.oldest_due else 0
                oldest.add_metric((one.lane,), max(0, age))
        says = f"Deliveries by state, {rounded}; those sent are told by medvirk_sends_total."
        by_state = GaugeMetricFamily("medvirk_deliveries", says, labels=("state",))
        for state, count in sorted(states.items()):
            by_state.add_metric((state,), _round_up(count))
        yield from (queued, due, oldest, by_state)


def write_metrics(picture: Picture) -> bytes:
    """The text that Prometheus reads."""
    registry = CollectorRegistry()
    registry.register(picture)
    return generate_latest(registry)


def _round_up(count: int) -> int:
    return -(-count // STEP) * STEP


def _histogram(name: str, says: str, bounds: Sequence[float], shown: Sequence[int]) -> HistogramMetricFamily:
    """Without a sum: it would tell what the buckets keep back."""
    names = [*(f"{bound:g}" for bound in bounds), "+Inf"]
    return HistogramMetricFamily(name, says, buckets=list(zip(names, map(float, shown), strict=True)))
