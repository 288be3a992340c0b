"""A chart as bars of two columns, what is and what is left, with each figure in text above its bar."""

from bot.cards import Bar, Chart
from bot.channels.teams.elements import Json, container, heading, paragraph

HEIGHT = "8px"


def make_chart(chart: Chart) -> list[Json]:
    title = [heading(chart.title, "default")] if chart.title else []
    return [*title, *(container(_make_bar(bar), spacing="small") for bar in chart.bars)]


def _make_bar(bar: Bar) -> list[Json]:
    before = f" ({bar.before})" if bar.before else ""
    said = paragraph(f"{bar.text}{before}", begins=f"{bar.label}:")
    if bar.percent is None:
        return [said]
    is_there, is_left = min(max(bar.percent, 0), 100), 100 - min(max(bar.percent, 0), 100)
    columns = [_make_column(width, style) for width, style in ((is_there, "accent"), (is_left, "emphasis")) if width]
    return [said, {"type": "ColumnSet", "spacing": "small", "columns": columns}]


def _make_column(width: int, style: str) -> Json:
    return {"type": "Column", "width": width, "style": style, "minHeight": HEIGHT, "spacing": "none", "items": []}
