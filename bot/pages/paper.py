"""Paper: slips to print below a card, and files to open and print on one's own machine. Codes are drawn as SVG."""

from collections.abc import Sequence

import segno
from markupsafe import Markup

from bot.pages.rendering import Shell, render_template, templates
from bot.pages.styles import style_inside
from bot.paper.sheets import PosterPage, Sheet, Slip

SLIPS_ON_A_SHEET = 8


def render_sheet_page(sheet: Sheet, shell: Shell) -> str:
    """A card with its form, and below it the slips; on paper only the slips, eight on a sheet."""
    return render_template(
        "sheet.html",
        shell,
        card=sheet,
        problems=[],
        sheets=_cut(sheet.slips),
        draw=draw_code,
    )


def render_sheet_file(sheet: Sheet) -> str:
    """The same as a file of its own, with its style inside."""
    template = templates().get_template("sheet_file.html")
    return template.render(card=sheet, sheets=_cut(sheet.slips), draw=draw_code, style=style_inside("paper"))


def render_poster_file(posters: Sequence[PosterPage]) -> str:
    """One page for each poster, as a file of its own, with its style inside."""
    template = templates().get_template("poster_file.html")
    return template.render(posters=posters, draw=draw_code, style=style_inside("paper"))


def draw_code(text: str) -> Markup:
    """A QR code as SVG that fills what it stands in, without style attributes, which the policy would refuse. With the
    white edge that scanners need."""
    drawn = segno.make(text, error="m", micro=False).svg_inline(omitsize=True, svgclass=None, lineclass=None)
    return Markup(drawn)  # noqa: S704  a drawing: nothing of the text stands in it


def _cut(slips: Sequence[Slip]) -> list[Sequence[Slip]]:
    return [slips[start : start + SLIPS_ON_A_SHEET] for start in range(0, len(slips), SLIPS_ON_A_SHEET)]
