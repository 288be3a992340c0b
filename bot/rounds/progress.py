"""The progress of a run in words, for whoever runs Medvirk, and as an object for a machine.

What became of a message is told exactly: it follows from addresses and platforms, and whoever mends an address must see
one. What follows from what people have said of themselves (who is left alone, whose question was called off) is not
counted aloud below FEWEST_COUNTED. In a rehearsal it is: that is a plan; this is what real people have said, and what a
terminal shows is pasted elsewhere. So there is no sum either, from which it could be worked out.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flows.attention import FEWEST_COUNTED
from flows.schedule import read_local
from storage.directory.natural import WEB
from storage.outbox.progress import Progress, Stage
from storage.tables import Run
from storage.tables.asking import RunState

NOT_TOLD = "Reminders are in no figure, nor is anything about answers."


@dataclass(frozen=True)
class Round:
    """A run with what is told about it. `channels` are those that are on."""

    run: Run
    unit: str
    course: str
    progress: Progress
    channels: Collection[str]

    @property
    def only_own_page(self) -> int:
        """On how many nothing calls: the question waits on their page until they look. Where the page is the way that
        everybody is reached, nobody is counted."""
        return self.progress.by_channel.get(WEB, 0) if set(self.channels) - {WEB} else 0

    @property
    def is_paused(self) -> bool:
        return self.run.state == RunState.open and self.run.paused_at is not None


def say_round(told: Round) -> Iterator[str]:
    """All of it, line by line."""
    run, progress = told.run, told.progress
    yield f"Run {run.id}: {' '.join(filter(None, (run.flow, told.course)))} in {told.unit}"
    yield f"  {_say_state(told)}"
    yield f"  opened {_say_time(run.opens_at, run)}, closes {_say_time(run.closes_at, run)} ({run.zone})"
    if run.forgotten:
        yield "  Its time is over: whom it went to has been deleted."
        return
    yield "Questions, each person once"
    if not progress.count():
        yield "  nobody is asked"
    yield from _say_questions(told)
    yield from _say_sent(told)
    yield from say_left_alone(progress.left_alone)
    yield NOT_TOLD


def say_left_alone(counted: Mapping[str, int]) -> Iterator[str]:
    """How many are left alone for each reason; nothing where nobody is."""
    if counted:
        yield "Left alone"
    yield from (_line(_at_least(count), reason.replace("_", " ")) for reason, count in counted.items())


def say_short(told: Round) -> str:
    """One line, for the end of a progress bar."""
    progress = told.progress
    parts = [f"{progress.count(Stage.sent)} sent"]
    for stage, words in ((Stage.uncertain, "may have arrived"), (Stage.failed, "could not be reached")):
        if count := progress.count(stage):
            parts.append(f"{count} {words}")
    if progress.next_at and told.run.state == RunState.open:
        parts.append(f"{progress.count(Stage.later)} wait, the first until {_say_time(progress.next_at, told.run)}")
    return ", ".join(parts)


def as_object(told: Round) -> dict[str, Any]:
    """The same for a machine; times in UTC. `null` in the place of a count is fewer than `fewer_than`, and not 0."""
    run, progress = told.run, told.progress
    return {
        "run": run.id,
        "flow": run.flow,
        "course": told.course or None,
        "unit": told.unit,
        "state": run.state,
        "opens_at": _utc(run.opens_at),
        "closes_at": _utc(run.closes_at),
        "closed_at": _utc(run.closed_at),
        "paused_at": _utc(run.paused_at),
        "fewer_than": FEWEST_COUNTED,
        "questions": {
            stage.value: _count_or_none(count) if stage is Stage.never_asked else count
            for stage in Stage
            for count in (progress.count(stage),)
        },
        "next_at": _utc(progress.next_at),
        "sent_by": dict(progress.by_channel),
        "only_own_page": told.only_own_page,
        "first_sent_at": _utc(progress.first_sent_at),
        "last_sent_at": _utc(progress.last_sent_at),
        "not_reached": dict(progress.not_reached),
        "may_have_arrived": dict(progress.unsure),
        "tried_again": dict(progress.again),
        "held_up_until": {lane: _utc(until) for lane, until in progress.held_up.items()},
        "left_alone": {reason: _count_or_none(count) for reason, count in progress.left_alone.items()},
    }


def _say_state(told: Round) -> str:
    run = told.run
    if run.paused_at is None or run.state == RunState.cancelled:
        return run.state if run.closed_at is None else f"{run.state} {_say_time(run.closed_at, run)}"
    paused = _say_time(run.paused_at, run)
    if run.closed_at is None:
        return f"{run.state}, paused since {paused}: no question and no reminder of it leaves"
    return f"{run.state} {_say_time(run.closed_at, run)}, while it was paused (since {paused})"


def _say_questions(told: Round) -> Iterator[str]:
    run, progress = told.run, told.progress
    if count := progress.count(Stage.later):
        first = f", the first at {_say_time(progress.next_at, run)}" if progress.next_at else ""
        yield _line(count, f"wait until their time{first}")
    if count := progress.count(Stage.due):
        yield _line(count, "are due, and held back while it is paused" if told.is_paused else "are due now")
    yield from (_line("", f"{count} refused for now, tried again: {said}") for said, count in progress.again.items())
    for lane, until in progress.held_up.items():
        yield _line("", f"{lane} takes nothing before {_say_time(until, run)}")
    if count := progress.count(Stage.on_the_way):
        yield _line(count, "on the way")
    if count := progress.count(Stage.sent):
        yield _line(count, "sent")
    if count := progress.count(Stage.uncertain):
        yield _line(count, "may have arrived")
        yield from (_line("", f"{count}: {said}") for said, count in progress.unsure.items())
    if count := progress.count(Stage.failed):
        yield _line(count, "could not be reached")
        yield from (_line("", f"{count}: {said}") for said, count in progress.not_reached.items())
    if count := progress.count(Stage.never_asked):
        ending = ": called off before it left" if run.state == RunState.open else f" before it was {run.state}"
        yield _line(_at_least(count), f"never asked{ending}")


def _say_sent(told: Round) -> Iterator[str]:
    run, progress = told.run, told.progress
    if not progress.by_channel or progress.first_sent_at is None or progress.last_sent_at is None:
        return
    yield "Sent by"
    yield from (_line(count, "own page" if name == WEB else name) for name, count in progress.by_channel.items())
    if told.only_own_page:
        yield _line("", f"on {told.only_own_page} nothing calls: it waits on the page until they look")
    first, last = _say_time(progress.first_sent_at, run), _say_time(progress.last_sent_at, run)
    minutes = round((progress.last_sent_at - progress.first_sent_at).total_seconds() / 60)
    yield f"  from {first} to {last}, {minutes // 60} h {minutes % 60} min from first to last"


def _at_least(count: int) -> str:
    return str(count) if count >= FEWEST_COUNTED else f"fewer than {FEWEST_COUNTED}"


def _count_or_none(count: int) -> int | None:
    return count if count == 0 or count >= FEWEST_COUNTED else None


def _line(count: int | str, words: str) -> str:
    return f"  {count:>12}  {words}"


def _say_time(at: datetime, run: Run) -> str:
    return f"{read_local(at, run.zone):%Y-%m-%d %H:%M}"


def _utc(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
