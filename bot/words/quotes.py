"""Quotation marks within quotation marks: the inner ones become others, as each language writes them."""

QUOTES = {"«": "»", "\N{LEFT DOUBLE QUOTATION MARK}": "\N{RIGHT DOUBLE QUOTATION MARK}"}
CLOSING = frozenset(QUOTES.values())
INNER = "\N{LEFT SINGLE QUOTATION MARK}", "\N{RIGHT SINGLE QUOTATION MARK}"  # in Norwegian and English alike


def nest_quotes(text: str) -> str:
    """`text` with ‘ ’ for every «» or “” that stands within another. A mark without its other half stays as it is."""
    if sum(text.count(one) for one in QUOTES) < 2:
        return text
    written = list(text)
    opened: list[int] = []
    for place, sign in enumerate(text):
        if sign in QUOTES:
            opened.append(place)
        elif sign in CLOSING and opened and QUOTES[text[opened[-1]]] == sign:
            begun = opened.pop()
            if opened:
                written[begun], written[place] = INNER
    return "".join(written)
