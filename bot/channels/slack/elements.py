"""The smallest parts of what Slack shows, each within its limit, and nothing in them that Slack would read as markup.

Words are given as `plain_text` and `rich_text`, where '<!channel>' and '*' are what they look like; `mrkdwn` is not
used. Limits: https://docs.slack.dev/reference/block-kit/.
"""

from typing import Any

Json = dict[str, Any]

LONGEST_HEADER = 150
LONGEST_BUTTON = 75
LONGEST_OPTION = 75
LONGEST_LABEL = 2_000
LONGEST_ACTION = 255
LONGEST_PARAGRAPH = 2_900  # of 3,000: there is room for what marks a cut
LONGEST_PIECE = 2_700  # and for the words before it


def cut(text: str, most: int) -> str:
    """The text, or as much of it as Slack takes, with a mark that there was more."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def in_pieces(text: str) -> list[str]:
    """The text in as many paragraphs as Slack wants it in, parted where it has lines or words."""
    pieces = []
    while len(text) > LONGEST_PIECE:
        end = max(text.rfind("\n", 0, LONGEST_PIECE), text.rfind(" ", 0, LONGEST_PIECE))
        end = end if end > 0 else LONGEST_PIECE
        pieces.append(text[:end])
        text = text[end:].lstrip()
    return [*pieces, text]


def plain(text: str, most: int) -> Json:
    """A `plain_text` object. Slack refuses an empty one."""
    return {"type": "plain_text", "text": cut(text, most) or "–", "emoji": False}


def header(text: str) -> Json:
    return {"type": "header", "text": plain(text, LONGEST_HEADER)}


def paragraph(text: str, *, begins: str = "", is_bold: bool = False) -> Json:
    """A paragraph; `begins` are words before the text that stand out."""
    runs = [_run(begins + " ", is_bold=True)] if begins else []
    return _rich("rich_text_section", [*runs, _run(text, is_bold=is_bold)])


def quotation(text: str) -> Json:
    return _rich("rich_text_quote", [_run(text)])


def preformatted(text: str) -> Json:
    """Sign by sign, in letters of one width."""
    return _rich("rich_text_preformatted", [_run(text)])


def note(text: str) -> Json:
    """Small words: promises, who sees what."""
    return {"type": "context", "elements": [plain(text, LONGEST_PARAGRAPH)]}


def image(file_id: str, alt: str) -> Json:
    """A picture that lies in Slack already."""
    return {"type": "image", "slack_file": {"id": file_id}, "alt_text": cut(alt, LONGEST_LABEL) or "–"}


def divider() -> Json:
    return {"type": "divider"}


def option(value: str, label: str) -> Json:
    return {"text": plain(label, LONGEST_OPTION), "value": value}


def _rich(kind: str, runs: list[Json]) -> Json:
    return {"type": "rich_text", "elements": [{"type": kind, "elements": runs}]}


def _run(text: str, *, is_bold: bool = False) -> Json:
    run: Json = {"type": "text", "text": cut(text, LONGEST_PARAGRAPH) or "–"}
    return {**run, "style": {"bold": True}} if is_bold else run
