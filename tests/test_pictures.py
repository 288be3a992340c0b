"""Charts as pictures: what stands in the text, drawn, and nothing else."""

from io import BytesIO
from xml.etree import ElementTree

import pytest
from PIL import Image

from bot.cards import Bar, Chart
from bot.pictures import FILL, PAPER, SHARPNESS, WIDTH, describe, draw, is_worth_drawing, make_svg
from tests.sample_cards import DIGEST, LONG_WORD

PULSE, COURSE = (block for block in DIGEST.blocks if isinstance(block, Chart))
NAME = "{http://www.w3.org/2000/svg}"


def look_at(chart: Chart) -> Image.Image:
    return Image.open(BytesIO(draw(chart).png)).convert("RGB")


def texts_of(chart: Chart) -> list[str]:
    return [one.text or "" for one in ElementTree.fromstring(make_svg(chart)).iter(f"{NAME}text")]


def count_pixels(picture: Image.Image, colour: str) -> int:
    wanted = tuple(bytes.fromhex(colour.removeprefix("#")))
    return sum(number for number, found in picture.getcolors(2**24) or [] if found == wanted)


def test_the_picture_is_as_wide_as_a_phone_wants_it_and_sharp() -> None:
    picture = look_at(PULSE)

    assert picture.width == WIDTH * SHARPNESS
    assert picture.height < 2 * picture.width


def test_nothing_stands_in_the_picture_that_does_not_stand_in_the_text() -> None:
    words = describe(PULSE)

    assert texts_of(PULSE)
    assert all(one in words for one in texts_of(PULSE))


def test_the_words_for_it_hold_every_figure_and_what_it_was_before() -> None:
    for bar in PULSE.bars:
        assert f"{bar.label}: {bar.text} ({bar.before})" in draw(PULSE).alt


def test_a_bar_is_as_long_as_its_figure() -> None:
    half, whole = (count_pixels(look_at(Chart("", (Bar("a", "x", percent),))), FILL) for percent in (50, 100))

    assert half == pytest.approx(whole / 2, rel=0.02)
    assert count_pixels(look_at(Chart("", (Bar("a", "x", 0),))), FILL) == 0


def test_letters_are_drawn_whatever_fonts_the_machine_has() -> None:
    empty, written = (count_pixels(look_at(Chart("", (Bar(one, "", 0),))), PAPER) for one in (" ", "æøå č ŋ"))

    assert written < empty


def test_a_long_text_is_broken_into_lines_and_keeps_within_the_picture() -> None:
    chart = Chart(LONG_WORD, (Bar(LONG_WORD, "60 % av 10–19", 60),))

    edge = look_at(chart).crop(((WIDTH - 20) * SHARPNESS, 0, WIDTH * SHARPNESS, 400))

    assert "".join(one for one in texts_of(chart) if one in LONG_WORD) == LONG_WORD * 2
    assert count_pixels(edge, PAPER) == edge.width * edge.height


@pytest.mark.parametrize("text", ["<script>&amp;", "a\x00b\x1b", "70\N{NO-BREAK SPACE}%", "]]>"])
def test_any_text_can_be_drawn(text: str) -> None:
    assert look_at(Chart(text, (Bar(text, text, 50, text, (10, 20)),))).width == WIDTH * SHARPNESS


def test_what_cannot_be_compared_with_anything_is_not_worth_a_picture() -> None:
    rounds = Chart("", (Bar("lærte noe de trenger", "50 %", 50, "før: 40 %, 60 %", (40, 60)),))

    assert is_worth_drawing(PULSE)
    assert is_worth_drawing(rounds)
    assert not is_worth_drawing(COURSE)
    assert not is_worth_drawing(Chart("", (Bar("vanligste hinder", "tid"), Bar("nest", "utstyr"))))
