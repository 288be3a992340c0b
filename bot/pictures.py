"""Charts as pictures, for platforms that draw no bars themselves: the figures that stand in the text beside them, and
nothing else. The libraries are those of the extras that need pictures; without them this is not imported."""

from dataclasses import dataclass
from importlib.resources import files
from textwrap import wrap
from xml.sax.saxutils import escape

import resvg_py

from bot.cards import Bar, Chart

# A font of our own: a server may have none, and a picture shall be the same wherever it is made.
FONT_PACKAGE, FONT_FILE, FAMILY = "fontpkg_inter", "Inter[opsz,wght].ttf", "Inter"
WIDTH, MARGIN, SHARPNESS = 640, 28, 2  # points; and pixels to each, so that it is sharp on a phone
INNER = WIDTH - 2 * MARGIN
LETTER, SMALL, LINE = 20, 16, 28
BAR_HEIGHT, BETWEEN = 14, 24
COLUMN_WIDTH, COLUMN_STEP, COLUMN_HEIGHT = 22, 30, 50
SIGN_WIDTH = 0.56  # of a letter's height, rather too wide than too narrow
INK, SOFT, FILL, FAINT, TRACK, PAPER = "#1c2a27", "#4d605b", "#0b6b58", "#8fb8ad", "#dce7e3", "#ffffff"


@dataclass(frozen=True)
class Picture:
    """A PNG, and what it shows in words."""

    png: bytes
    alt: str


def is_worth_drawing(chart: Chart) -> bool:
    """Whether a picture says more than a line of text: where bars can be compared, or rounds. Some figures are only
    words."""
    drawn = [bar for bar in chart.bars if bar.percent is not None]
    return len(drawn) > 1 or any(len(bar.trail) > 1 for bar in drawn)


def draw(chart: Chart) -> Picture:
    """The chart in the colours of the pages. Raises ValueError where it cannot be drawn."""
    font = str(files(FONT_PACKAGE) / "files" / FONT_FILE)
    png = resvg_py.svg_to_bytes(
        svg_string=make_svg(chart), zoom=SHARPNESS, skip_system_fonts=True, font_files=[font], font_family=FAMILY
    )
    return Picture(bytes(png), describe(chart))


def describe(chart: Chart) -> str:
    """For whoever does not see the picture: each bar with its figure."""
    bars = "; ".join(f"{bar.label}: {bar.figures}" for bar in chart.bars)
    return f"{chart.title}: {bars}" if chart.title else bars


def make_svg(chart: Chart) -> str:
    """Title, and each bar below its words; where there are several rounds before, a column for each, the newest last
    and dark."""
    drawn, y = [], MARGIN
    for line in _break(chart.title, SMALL, INNER) if chart.title else []:
        y += LINE
        drawn.append(_write(line, MARGIN, y - 8, SMALL, SOFT))
    y += BETWEEN // 2 if chart.title else 0
    for bar in chart.bars:
        part, height = _draw_bar(bar, y)
        drawn.append(part)
        y += height + BETWEEN
    height = y - BETWEEN + MARGIN
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{WIDTH}" height="{height}" font-family="{FAMILY}">'
        f'<title>{_clean(describe(chart))}</title><rect width="{WIDTH}" height="{height}" fill="{PAPER}"/>'
        f"{''.join(drawn)}</svg>"
    )


def _draw_bar(bar: Bar, top: int) -> tuple[str, int]:
    """The bar from `top` on, and how high it became: its words, the figure at the right, then what is drawn."""
    figure_width = len(bar.text) * LETTER * SIGN_WIDTH
    lines = _break(bar.label, LETTER, INNER - figure_width - LETTER)
    drawn = [_write(line, MARGIN, top + LINE * (place + 1) - 8, LETTER, INK) for place, line in enumerate(lines)]
    drawn.append(_write(bar.text, WIDTH - MARGIN, top + LINE - 8, LETTER, INK, is_at_end=True))
    y = top + LINE * len(lines)
    if bar.before:
        drawn.append(_write(bar.before, WIDTH - MARGIN, y + LINE - 10, SMALL, SOFT, is_at_end=True))
        y += LINE
    if bar.percent is None:
        return "".join(drawn), y - top
    if len(bar.trail) > 1:
        return "".join([*drawn, _draw_columns((*bar.trail, bar.percent), y)]), y + COLUMN_HEIGHT + 4 - top
    drawn.append(_rectangle(MARGIN, y, INNER, BAR_HEIGHT, TRACK))
    drawn.append(_rectangle(MARGIN, y, INNER * _within(bar.percent) / 100, BAR_HEIGHT, FILL))
    return "".join(drawn), y + BAR_HEIGHT - top


def _draw_columns(percents: tuple[int, ...], top: int) -> str:
    """`top` is where a hundred per cent ends."""
    drawn = [_rectangle(MARGIN, top + COLUMN_HEIGHT, len(percents) * COLUMN_STEP, 2, TRACK)]
    for place, percent in enumerate(percents):
        height = COLUMN_HEIGHT * _within(percent) / 100
        fill = FILL if place == len(percents) - 1 else FAINT
        x = MARGIN + place * COLUMN_STEP
        drawn.append(_rectangle(x, top + COLUMN_HEIGHT - height, COLUMN_WIDTH, height, fill))
    return "".join(drawn)


def _rectangle(x: float, y: float, width: float, height: float, fill: str) -> str:
    return f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="2" fill="{fill}"/>'


def _write(text: str, x: int, y: int, size: int, fill: str, *, is_at_end: bool = False) -> str:
    anchor = ' text-anchor="end"' if is_at_end else ""
    return f'<text x="{x}" y="{y}" font-size="{size}" fill="{fill}"{anchor}>{_clean(text)}</text>'


def _break(text: str, size: int, width: float) -> list[str]:
    """The text in lines, by how wide letters are at most times."""
    return wrap(text, max(12, int(width / (size * SIGN_WIDTH)))) or [""]


def _clean(text: str) -> str:
    """Without the signs that XML cannot hold."""
    return escape("".join(sign if sign.isprintable() else " " for sign in text))


def _within(percent: int) -> int:
    return min(max(percent, 0), 100)
