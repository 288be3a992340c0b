"""The smallest parts of an Adaptive Card, and nothing in them that a client would read as markup.

Words are given as text runs, where '[here](https://…)' and '*' are what they look like; a `TextBlock` would make links
and lists of them: https://learn.microsoft.com/adaptive-cards/authoring-cards/text-features. Version 1.5 is what Teams
takes on all clients.
"""

import re
from typing import Any

Json = dict[str, Any]

MARKUP = re.compile(r"[\[\]*_`#>~|<&\\]|\{\{|^\s*([-+]|\d+[.)])\s", re.MULTILINE)
LOOK_ALIKE = str.maketrans({"[": "(", "]": ")", "*": "∗", "_": "‗", "`": "'", "<": "‹", ">": "›", "&": "＆", "\\": "⧵"})
LONGEST_BUTTON = 100


def cut(text: str, most: int) -> str:
    """The text, or as much of it as is wanted, with a mark that there was more."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def has_markup(text: str) -> bool:
    """Whether a client that looks for markup might find some."""
    return MARKUP.search(text) is not None


def without_markup(text: str) -> str:
    """For the few places that know no text runs: signs that could be markup give way to others that look like them."""
    return text.translate(LOOK_ALIKE).replace("{{", "((")


def heading(text: str, size: str = "medium") -> Json:
    """A heading that screen readers find; one that could be read as markup only looks like it."""
    if not text.strip() or has_markup(text):
        return paragraph(text, size=size, weight="bolder")
    return {"type": "TextBlock", "text": text, "style": "heading", "size": size, "weight": "bolder", "wrap": True}


def paragraph(text: str, *, begins: str = "", **style: Any) -> Json:
    """A paragraph; `begins` are words before the text that stand out."""
    size = {name: one for name, one in style.items() if name == "size"}
    runs = [_run(f"{begins} ", weight="bolder", **size)] if begins else []
    return {"type": "RichTextBlock", "inlines": [*runs, _run(text, **style)]}


def paragraphs(text: str, *, begins: str = "", **style: Any) -> list[Json]:
    """A text with line breaks, which not every client shows within a run."""
    first, *more = text.splitlines() or [""]
    below = [{**paragraph(line, **style), "spacing": "none"} for line in more if line.strip()]
    return [paragraph(first, begins=begins, **style), *below]


def note(text: str, begins: str = "") -> list[Json]:
    """Small words: promises, who sees what."""
    return paragraphs(text, begins=begins, size="small", isSubtle=True)


def warning(text: str) -> list[Json]:
    return paragraphs(text, begins="⚠", color="attention")


def picture(url: str, alt: str) -> Json:
    """As wide as the card; `alt` is read to whoever does not see it."""
    return {"type": "Image", "url": url, "altText": alt, "size": "stretch"}


def without_pictures(body: list[Json]) -> list[Json]:
    """The same words, and nothing drawn."""
    kept = [one for one in body if one["type"] != "Image"]
    return [{**one, "items": without_pictures(one["items"])} if "items" in one else one for one in kept]


def container(items: list[Json], **more: Any) -> Json:
    return {"type": "Container", "items": items, **more}


def action_set(actions: list[Json]) -> Json:
    return {"type": "ActionSet", "actions": actions}


def _run(text: str, **style: Any) -> Json:
    return {"type": "TextRun", "text": text or "–", **style}
