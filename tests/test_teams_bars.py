"""What is drawn in a card in Teams: as long and as high as its figure, and to be seen on light and on dark."""

from base64 import b64decode
from io import BytesIO

import pytest
from PIL import Image

from bot.cards import Bar, Chart
from bot.channels.teams.bars import COLOURS, COLUMN_HEIGHT, COLUMN_STEP, FAINT, FILL, TRACK, WIDTH, draw
from bot.channels.teams.charts import make_chart
from tests.teams_oracle import parts_of

LIGHT, DARK, BLACK = (255, 255, 255), (41, 41, 41), (0, 0, 0)  # what Teams puts below a card
Colour = tuple[int, ...]


def look_at(url: str) -> Image.Image:
    return Image.open(BytesIO(b64decode(url.partition(",")[2]))).convert("RGBA")


def pixels_of(picture: Image.Image, fill: int) -> int:
    return sum(number for number, found in picture.getcolors() or [] if found == COLOURS[fill])


def pictures_of(*bars: Bar) -> list[str]:
    return [one["url"] for part in make_chart(Chart("", bars)) for one in parts_of(part) if one.get("type") == "Image"]


@pytest.mark.parametrize("percent", [0, 5, 70, 100])
def test_a_bar_is_as_long_as_its_figure(percent: int) -> None:
    picture = look_at(draw((percent,)))

    whole = WIDTH * picture.height
    assert (pixels_of(picture, FILL), pixels_of(picture, TRACK)) == (
        whole * percent // 100,
        whole * (100 - percent) // 100,
    )


def test_each_round_is_a_column_as_high_as_its_figure_and_the_newest_stands_out() -> None:
    picture = look_at(draw((40, 60, 50)))

    columns = [picture.crop((place * COLUMN_STEP, 0, place * COLUMN_STEP + 1, COLUMN_HEIGHT)) for place in range(3)]
    assert [pixels_of(one, FAINT) for one in columns] == [COLUMN_HEIGHT * 40 // 100, COLUMN_HEIGHT * 60 // 100, 0]
    assert [pixels_of(one, FILL) for one in columns] == [0, 0, COLUMN_HEIGHT * 50 // 100]


def test_rounds_are_drawn_where_there_are_several_before_and_nothing_where_there_is_no_figure() -> None:
    bars = (Bar("a", "70 %", 70, "før", (40, 60)), Bar("b", "70 %", 70, "sist 50 %", (50,)), Bar("c", "tid"))

    assert pictures_of(*bars) == [draw((40, 60, 70)), draw((70,))]


def test_what_is_beyond_a_hundred_is_drawn_as_a_hundred() -> None:
    assert pictures_of(Bar("a", "x", 140), Bar("b", "x", -1)) == [draw((100,)), draw((0,))]


def test_a_picture_is_so_small_that_a_week_of_them_travels_in_a_card() -> None:
    assert len(draw((70,))) < 250
    assert len(draw((5, 95, 40, 60, 50, 70, 30))) < 400


@pytest.mark.parametrize("below", [LIGHT, DARK, BLACK])
def test_what_is_filled_can_be_seen_by_whoever_sees_badly(below: Colour) -> None:
    filled, track = (lay(COLOURS[one], below) for one in (FILL, TRACK))

    assert contrast(filled, below) >= 3  # https://www.w3.org/TR/WCAG22/#non-text-contrast
    assert contrast(filled, track) >= 2.5


def lay(colour: Colour, below: Colour) -> Colour:
    *parts, alpha = colour
    return tuple(round((one * alpha + under * (255 - alpha)) / 255) for one, under in zip(parts, below, strict=True))


def contrast(one: Colour, other: Colour) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: Colour) -> float:
    """By https://www.w3.org/TR/WCAG22/#dfn-relative-luminance."""
    parts = (one / 255 for one in colour)
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
