"""A course: its waves side by side, and what a wave says in a digest. From Publications alone; nothing counts here."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import Session

from bot.cards import Acting, Bar, Block, Button, Buttons, Card, Chart, Heading, Say
from bot.reports.ahead import Ahead, say_ahead, say_days
from bot.reports.figures import (
    Reading,
    find_headline,
    join_options,
    make_distribution_charts,
    make_headline_chart,
    say_band,
    say_few_answers,
    say_held_back,
    say_pooled,
    say_share,
    shows_anything,
)
from bot.reports.readings import load_reading
from bot.words import Words
from flows.fields import WithOptions
from flows.linking import change_field
from flows.partition import Partition
from flows.publication import Direction, Extent, HeldBack, Share, Shares
from flows.questions import find_questions
from storage.courses import course_of, runs_of_course
from storage.runs import flow_of, partition_of
from storage.tables import Course, Run, Unit
from storage.tables.asking import RunState


@dataclass(frozen=True)
class CourseView:
    """A course as the readers of a unit may see it: its closed waves in their order, and those nobody was asked in."""

    course: Course
    unit: Unit
    waves: list[Reading]
    too_small: list[Run]


def figures(session: Session, course_id: int, unit_id: int, reader: str) -> CourseView | None:
    """The waves whose figures were promised to this kind of reader, if anybody of the unit was on the course; else
    None."""
    course, unit = session.get(Course, course_id), session.get(Unit, unit_id)
    own = choose_own(runs_of_course(session, course_id, RunState.closed), unit_id, reader)
    if course is None or unit is None or not own:
        return None
    waves = [reading for run, _ in own if (reading := load_reading(session, run, unit_id, [])) is not None]
    return CourseView(course, unit, waves, [run for run, one in own if one.is_too_small])


def choose_own(runs: Iterable[Run], unit_id: int, reader: str) -> list[tuple[Run, Partition]]:
    """Of a course's closed waves those whose figures were promised to this kind of reader, and in which somebody of
    the unit could be asked."""
    partitions = [(run, partition_of(run)) for run in runs if reader in flow_of(run).seen_by]
    return [(run, one) for run, one in partitions if one is not None and one.scope_of(unit_id) is not None]


def words_of(view: CourseView, ahead: Ahead, words: Words) -> Card:
    """The course as a card: what comes next, what the waves have in common side by side, then each wave."""
    blocks: list[Block] = [Say(say_ahead(ahead, words, were_asked=bool(view.waves)))]
    blocks += _say_side_by_side(view.waves, words)
    for run in view.too_small:
        blocks += say_too_small(run, words)
    for wave in view.waves:
        blocks += _say_wave(wave, view.unit.name, words)
    if not (view.waves or view.too_small):
        blocks.append(Say(words("course.nothing")))
    blocks.append(Buttons((Button(words("courses.all"), "courses"), Button(words("course.back"), "back"))))
    title = words("course.title", text=view.course.title)
    return Card(title, tuple(blocks), words.language, place=f"course:{view.course.id}")


def _say_side_by_side(waves: list[Reading], words: Words) -> list[Block]:
    """For each question that several waves asked in the same words: one figure for each of them, or that it is held
    back."""
    charts: dict[str, Chart] = {}
    shown: set[str] = set()
    for wave in waves:
        for question in find_questions(wave.flow):
            _, field = wave.flow.find_field(question.field)
            share = find_headline(wave.publication, wave.scope.id, question.field)
            if not isinstance(field, WithOptions) or field.headline_label is None:
                continue
            said = words("courses.not_shown") if share is None else say_share(share, words)
            bar = Bar(say_days(wave.flow, words), said, share if isinstance(share, int) else None)
            shown |= {question.hash} if share is not None else set()
            before = charts.get(question.hash)
            label = field.headline_label.to(words.language)
            charts[question.hash] = Chart(label[:1].upper() + label[1:], (*(before.bars if before else ()), bar))
    common = [chart for asked, chart in charts.items() if len(chart.bars) > 1 and asked in shown]
    return [Heading(words("course.side_by_side")), *common] if common else []


def _say_wave(wave: Reading, unit_name: str, words: Words) -> list[Block]:
    day = say_days(wave.flow, words)
    blocks: list[Block] = [Heading(day[:1].upper() + day[1:])]
    if not shows_anything(wave):
        return [*blocks, *say_held_back(unit_name, wave, words)]
    chart = make_headline_chart(wave, words)
    blocks += [*([chart] if chart else []), *make_distribution_charts(wave, words), *say_course(wave, words)]
    return [*blocks, *say_few_answers(wave, words), *say_pooled(wave, words)]


def say_course(reading: Reading, words: Words) -> list[Block]:
    """What a wave says beside its figures: how many answered, the most common barrier, and whether use goes up or
    down. Nothing for other flows, and nothing that was held back."""
    if reading.flow.schedule.after_course is None:
        return []
    said = [*_say_answers(reading, words), *_say_barrier(reading, words)]
    blocks: list[Block] = [Say(" ".join(said))] if said else []
    field = change_field(reading.flow)
    figure = _find_change(reading, field) if field else None
    if figure is not None:
        blocks.append(Say(words(f"course.change_{figure.way}")))
    return blocks


def _find_change(reading: Reading, field: str) -> Direction | None:
    try:
        figure = reading.publication.figure(reading.scope.id, field)
    except KeyError:  # the first wave: there is nothing before it
        return None
    return figure if isinstance(figure, Direction) else None


def _say_answers(reading: Reading, words: Words) -> list[str]:
    for question in find_questions(reading.flow):
        figure = reading.publication.figure(reading.scope.id, question.field)
        if isinstance(figure, Share | Shares):
            return [words("course.answers", band=say_band(figure.respondents, words))]
    return []


def _say_barrier(reading: Reading, words: Words) -> list[str]:
    """The barrier with the largest published share, or several where they have the same; else why none is named."""
    name = reading.flow.outcome.fields.get("barrier")
    if name is None:
        return []
    _, field = reading.flow.find_field(name)
    figure = reading.publication.figure(reading.scope.id, name)
    if not isinstance(field, WithOptions) or not field.headline:
        return []
    if isinstance(figure, HeldBack):
        return [words(f"courses.barrier_{figure.reason}")]
    shares = {
        part.options[0]: part.percent
        for part in (figure.parts if isinstance(figure, Shares) else ())
        if len(part.options) == 1 and part.options[0] in field.headline and not isinstance(part.percent, Extent)
    }
    most = max(shares.values(), default=0)
    labels = [one.to(words.language) for one in field.options if shares.get(one.id) == most and most]
    if not labels:  # there are fewer answers to each barrier than may stand alone
        return [words("courses.barrier_too_few")]
    return [words("course.barrier", barriers=join_options(labels, words).lower())]


def say_too_small(run: Run, words: Words) -> list[Block]:
    """A wave in which nobody was asked, and a way on: questions for a meeting instead."""
    return [
        Heading(flow_of(run).title.to(words.language)),
        Say(words("course.too_small")),
        Say(words("course.question_one"), "quote"),
        Say(words("course.question_two"), "quote"),
    ]


def make_way_to_course(run: Run, words: Words, is_open: bool) -> list[Block]:
    """The button from a week's page to the course that a closed wave was about."""
    course_id = course_of(run)
    if course_id is None or not is_open:
        return []
    return [Buttons((Button(words("course.see"), f"course:{course_id}"),))]


def say_leaders_answers(number: int, words: Words, acting: Acting | None) -> list[Block]:
    """That leaders below have answered about courses, and the way to what they said."""
    if not number:
        return []
    said: list[Block] = [Say(words("course.leaders", count=number))]
    return [*said, Buttons((acting(words("course.see_leaders"), "course_answers"),))] if acting else said
