"""A group's poll: what the group sees of it, and the one line that leaders of those who were asked get."""

from collections.abc import Iterable

from sqlmodel import Session

from bot.cards import Block, Heading, Say
from bot.reports.figures import (
    Reading,
    make_distribution_charts,
    say_asked,
    say_few_answers,
    say_held_back,
    say_invited,
)
from bot.reports.readings import load_reading
from bot.words import Words
from flows.publication import HeldBack, Texts
from flows.questions import find_questions
from storage.runs import flow_of, partition_of
from storage.tables import Run

MOST_PARTS = 20


def say_polls(runs: Iterable[Run], words: Words) -> list[Block]:
    """One line for each poll that has closed: who asked, how many, about what. The figures are the group's."""
    blocks: list[Block] = []
    for run in runs:
        flow, partition = flow_of(run), partition_of(run)
        title, group = flow.title.to(words.language), flow.asked_by or ""
        if partition is None:
            blocks.append(Say(words("poll.status_named", group=group, title=title)))
        else:
            count = partition.invited(bucket.id for bucket in partition.buckets)
            blocks.append(Say(words("poll.status", group=group, people=say_invited(count, words), title=title)))
    return [Heading(words("poll.status_title")), *blocks] if blocks else []


def say_whole(session: Session, run: Run, words: Words) -> list[Block]:
    """The figures of all who were asked, together."""
    partition = partition_of(run)
    reading = load_reading(session, run, partition.root, ()) if partition else None
    if reading is None:
        return [Say(words("poll.nothing_to_show"))]
    blocks = say_asked(reading, words)
    charts = make_distribution_charts(reading, words)
    if charts or not asks_for_figures(reading):
        return [*blocks, *charts, *say_few_answers(reading, words)]
    if _shows_parts(reading):
        return [*blocks, Say(words("poll.whole_held_back"))]
    return [*blocks, *say_held_back(words("poll.everybody"), reading, words)]


def say_parts(session: Session, run: Run, words: Words) -> list[Block]:
    """The same for each group of units with figures of its own; nothing where there is only one."""
    partition = partition_of(run)
    if partition is None or len(partition.buckets) < 2:
        return []
    blocks: list[Block] = []
    for bucket in partition.buckets[:MOST_PARTS]:
        reading = load_reading(session, run, bucket.units[0], ())
        if reading is not None and asks_for_figures(reading):
            name = words.list([reading.unit_names[one] for one in bucket.units if one in reading.unit_names])
            charts = make_distribution_charts(reading, words)
            blocks += [Heading(name), *(charts or [Say(words("held_back.derivable", unit=name))])]
    return blocks


def find_texts(session: Session, run: Run) -> list[tuple[str, str]]:
    """What was written in the answers to each field: (field, text), masked and shuffled by the gate."""
    partition = partition_of(run)
    reading = load_reading(session, run, partition.root, ()) if partition else None
    if reading is None or partition is None:
        return []
    found = []
    for question in find_questions(reading.flow):
        for scope in partition.scopes:
            figure = reading.publication.figure(scope, question.field)
            if isinstance(figure, Texts):
                found += [(question.field, text) for text in figure.texts]
    return found


def asks_for_figures(reading: Reading) -> bool:
    """Whether there is anything but texts to tell of."""
    return any(question.kind != "text" for question in find_questions(reading.flow))


def _shows_parts(reading: Reading) -> bool:
    """Whether figures are shown for a part of what the reading is about."""
    return any(not isinstance(cell.figure, HeldBack | Texts) for cell in reading.publication.cells)
