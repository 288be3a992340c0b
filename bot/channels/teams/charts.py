"""A chart: each figure in text, and below it a small picture of its bar, or of the rounds it has been through."""

from bot.cards import Bar, Chart
from bot.channels.teams.bars import draw
from bot.channels.teams.elements import Json, container, heading, paragraph, picture


def make_chart(chart: Chart) -> list[Json]:
    title = [heading(chart.title, "default")] if chart.title else []
    return [*title, *(container(_make_bar(bar), spacing="small") for bar in chart.bars)]


def _make_bar(bar: Bar) -> list[Json]:
    said = paragraph(bar.figures, begins=f"{bar.label}:")
    if bar.percent is None:
        return [said]
    rounds = tuple(min(max(one, 0), 100) for one in (*bar.trail, bar.percent))
    drawn = draw(rounds if len(bar.trail) > 1 else rounds[-1:])
    return [said, {**picture(drawn, bar.figures), "spacing": "small"}]
