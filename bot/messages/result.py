"""What came of a round, to everybody who was asked, whoever answered: figures, or the themes that wait."""

from datetime import datetime

from sqlmodel import Session

from bot.cards import Block, Card, Say
from bot.parts import Parts
from bot.reports.course import say_course
from bot.reports.figures import (
    make_distribution_charts,
    make_headline_chart,
    say_asked,
    say_few_answers,
    say_held_back,
    shows_anything,
)
from bot.reports.polls import asks_for_figures
from bot.reports.readings import ROUNDS_COMPARED, load_reading
from bot.reports.weekly import say_support
from bot.words import Words
from flows.model import Flow, Kind
from flows.schedule import local_day
from storage.people import home_of, leader_of
from storage.publications import PublishedSupport, published_support, runs_before
from storage.runs import flow_of
from storage.tables import Person, Run, Theme, Unit
from storage.tables.asking import RunState
from storage.themes import waiting_themes

MOST_THEMES = 8


def write(session: Session, parts: Parts, person: Person, target: int, words: Words, at: datetime) -> Card:
    run = session.get(Run, target)
    home = home_of(session, person.id or 0, (run.local_date if run else at.date()))
    unit = session.get(Unit, home.unit_id) if home else None
    if run is None or unit is None:
        return Card(words("trouble.run_gone_title"), (Say(words("trouble.run_gone")),), words.language)
    flow = flow_of(run)
    if run.state == RunState.cancelled:
        return Card(flow.title.to(words.language), (Say(words("result.cancelled")),), words.language)
    name = flow.title.to(words.language)
    title = words("result.title", title=name)
    blocks = _say_figures(session, run, unit, words) if flow.kind.is_sealed else _say_themes(session, run, unit, words)
    return Card(title, (*blocks, Say(_say_next(flow, words), "note")), words.language)


def _say_next(flow: Flow, words: Words) -> str:
    if flow.asked_by:
        return words("result.group_next", group=flow.asked_by)
    return words("result.next" if flow.kind is not Kind.contribution else "result.themes_next")


def _say_figures(session: Session, run: Run, unit: Unit, words: Words) -> list[Block]:
    reading = load_reading(session, run, unit.id or 0, runs_before(session, run, ROUNDS_COMPARED))
    if reading is None:
        return [Say(words("held_back.too_few", unit=unit.name))]
    blocks = say_asked(reading, words)
    chart = make_headline_chart(reading, words)
    charts = [*([chart] if chart else []), *make_distribution_charts(reading, words)]
    if not charts and (asks_for_figures(reading) or not shows_anything(reading)):
        return [*blocks, *say_held_back(unit.name, reading, words)]
    return [*blocks, *charts, *say_course(reading, words), *say_few_answers(reading, words)]


def _say_themes(session: Session, run: Run, unit: Unit, words: Words) -> list[Block]:
    """The themes that wait in the person's own unit, without names or numbers. The words are made anew whenever the
    message is read, so what was suggested after the round is left to the message about its own."""
    last_day = local_day(run.closed_at or run.closes_at, run.zone)
    themes = [one for one in waiting_themes(session, [unit.id or 0]) if one.suggested_on <= last_day]
    if not themes:
        return [Say(words("result.no_themes"))]
    support = published_support(session)
    leader = leader_of(session, unit.id or 0)
    name = leader.name if leader else words("promise.reader.no_leader")
    return [
        Say(words("result.themes", count=len(themes), leader=name)),
        *(block for theme in themes[:MOST_THEMES] for block in _say_theme(theme, support, words)),
    ]


def _say_theme(theme: Theme, support: PublishedSupport, words: Words) -> list[Block]:
    return [Say(theme.text, "quote"), *(Say(said, "note") for said in say_support(support, theme, words))]
