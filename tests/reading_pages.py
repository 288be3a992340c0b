"""Reading a page in a test: its elements and their attributes."""

from html.parser import HTMLParser

Element = tuple[str, dict[str, str | None]]


class Elements(HTMLParser):
    """The elements of a page in their order, with their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[Element] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def find(html: str, tag: str, **attributes: str) -> list[dict[str, str | None]]:
    wanted = {key.replace("_", "-"): value for key, value in attributes.items()}
    return [own for name, own in read_elements(html) if name == tag and wanted.items() <= own.items()]


def read_elements(html: str) -> list[Element]:
    """All elements of a page, in their order."""
    return Elements(html).found
